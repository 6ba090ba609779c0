package api

import "github.com/bayworks/stockctl/internal/api/lenient"

// QuickRecord exports quickRecord for external tests.
var QuickRecord = quickRecord

// LongRecord decodes the response to a create without quickRecord.
func LongRecord(c *Client, body []byte) (r Record, err error) {
	k, a := call{method: "POST"}, &response{status: 201, body: body}
	if e := c.judge(k, a); e != nil {
		return r, e
	}
	return r, lenient.Into(a.payload, &r)
}
