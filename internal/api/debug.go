package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/api/redact"
)

func (c *Client) logRequest(k call, h http.Header) {
	if c.debug == nil {
		return
	}
	target := c.baseURL + k.path
	if k.query != "" {
		target += "?" + redact.Query(k.query)
	}
	c.logBlock("> ", k.method+" "+target, h, k.body)
}

func (c *Client) logResponse(a *response, took time.Duration) {
	if c.debug == nil {
		return
	}
	head := fmt.Sprintf("%d %s after %s", a.status, http.StatusText(a.status), took.Round(time.Millisecond))
	c.logBlock("< ", head, a.header, a.body)
}

func (c *Client) logFailure(err error) {
	if c.debug == nil {
		return
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	c.logBlock("< ", "no response: "+plain.Clean(fmt.Sprint(err)), nil, nil)
}

// logBlock writes a block in one piece, so that concurrent calls do not mix. A debug
// stream that cannot be written to must not make the call fail.
func (c *Client) logBlock(mark, head string, h http.Header, body []byte) {
	b := redact.Block(mark, head, h, body)
	c.debugOrder.Lock()
	defer c.debugOrder.Unlock()
	_, _ = c.debug.Write(b)
}
