package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/bayworks/stockctl/internal/api/lenient"
)

// read makes a call that changes nothing and decodes the response. It is an error if
// differs says that the response is about something else.
func read[T any](ctx context.Context, c *Client, path string, differs func(T) error) (T, error) {
	k := call{method: "GET", path: path, safe: true}
	out, err := fetch[T](ctx, c, k)
	if err != nil {
		return out, err
	}
	if err := differs(out); err != nil {
		var none T
		return none, k.fault(http.StatusOK, err)
	}
	if c.learner != nil {
		c.learn(out)
	}
	return out, nil
}

// fetch makes a call and decodes the response.
func fetch[T any](ctx context.Context, c *Client, k call) (T, error) {
	var out T
	a, err := c.send(ctx, k)
	if err != nil {
		return out, err
	}
	if string(a.payload) == "null" {
		return out, k.fault(a.status, lenient.Wrong("contains nothing"))
	}
	if err := lenient.Into(a.payload, &out); err != nil {
		return out, k.fault(a.status, lenient.Unfit(err, ""))
	}
	return out, nil
}

// write makes a call that changes something. It also returns the status of the
// response. A good response shows the changed object with its id, and differs finds
// nothing wrong with it. After any other response, the outcome is unknown.
func write[T keyed](ctx context.Context, c *Client, method, path string, body any, differs func(T) error) (out T, status int, err error) {
	sent, err := json.Marshal(body)
	if err != nil {
		return out, 0, err
	}
	k := call{method: method, path: path, body: sent}
	taken := false
	if r, is := any(&out).(*Record); is {
		k.quick = func(body []byte) bool {
			taken = quickRecord(body, r)
			return taken
		}
	}
	a, err := c.send(ctx, k)
	if err != nil {
		return out, 0, err
	}
	if !taken {
		if err := lenient.Into(a.payload, &out); err != nil {
			return out, a.status, k.fault(a.status, lenient.Unfit(err, ""))
		}
	}
	if out.key() == "" {
		return out, a.status, k.fault(a.status, lenient.Wrong("contains no id"))
	}
	if err := differs(out); err != nil {
		var none T
		return none, a.status, k.fault(a.status, err)
	}
	if c.learner != nil {
		c.learn(out)
	}
	return out, a.status, nil
}
