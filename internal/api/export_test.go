package api

import "github.com/bayworks/stockctl/internal/api/lenient"

// QuickRecord is quickRecord, for tests from outside.
var QuickRecord = quickRecord

// LongRecord reads the answer of a create the long way.
func LongRecord(c *Client, body []byte) (r Record, err error) {
	k, a := call{method: "POST"}, &answer{status: 201, body: body}
	if e := c.judge(k, a); e != nil {
		return r, e
	}
	return r, lenient.Into(a.payload, &r)
}
