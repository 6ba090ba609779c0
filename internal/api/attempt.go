package api

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/go-resty/resty/v2"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/api/way"
)

// attempt sends the call once and judges the response, which is nil if none arrived.
func (c *Client) attempt(ctx context.Context, k call, s secrets) (*response, *Error) {
	if ctx.Err() != nil {
		return nil, &Error{Op: k.op(), Err: stopped(ctx)}
	}
	ticket, e := c.enter(ctx, k)
	if e != nil {
		return nil, e
	}
	if ticket != nil {
		ctx = OnDeparture(ctx, func() { c.pace.Depart(ticket) })
	}
	a, e := c.exchange(ctx, k, s)
	c.leave(k, ticket, a, e)
	return a, e
}

// exchange sends the call and reads the response.
func (c *Client) exchange(ctx context.Context, k call, s secrets) (*response, *Error) {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var out way.Departure
	out.Wrote, _ = ctx.Value(departure{}).(func())
	req := c.request(k, s).SetContext(out.Watch(limited, c.exact))

	c.logRequest(k, req.Header)
	began := c.now()
	res, err := req.Execute(k.method, c.url(k))
	answered := res != nil && res.RawResponse != nil
	left := answered || out.Left(c.exact, err)
	if left && !k.safe && c.sent != nil {
		c.sent.Store(true)
	}
	if !answered {
		c.logFailure(err)
		return nil, c.unanswered(ctx, limited, k, err, left)
	}
	a := &response{status: res.StatusCode(), header: res.Header(), body: res.Body()}
	c.heard(a.header)
	c.logResponse(a, c.now().Sub(began))
	if err != nil {
		return a, c.cut(ctx, limited, k, a, err)
	}
	if k.quick != nil && res.IsSuccess() && k.quick(a.body) {
		return a, nil
	}
	return a, c.judge(k, a)
}

func (c *Client) url(k call) string {
	if k.query == "" {
		return c.baseURL + k.path
	}
	return c.baseURL + k.path + "?" + k.query
}

// request sets the headers. It uses the canonical spelling of http.Header on purpose:
// a transport may pass the request to a handler in this process, which looks it up.
func (c *Client) request(k call, s secrets) *resty.Request {
	req := c.http.R()
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.agent)
	if s.key != "" {
		req.Header.Set("X-MerchantApiKey", s.key)
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	if k.body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.SetBody(k.body)
	}
	return req
}

// unanswered returns the error of a request without any response.
func (c *Client) unanswered(ctx, limited context.Context, k call, err error, left bool) *Error {
	e := &Error{Op: k.op(), InDoubt: left && !k.safe}
	host := c.base.Host
	var inner *url.Error
	var proxy *way.ProxyRefusal
	if errors.As(err, &inner) {
		err = inner.Err // the outer one repeats the URL, including its query
	}
	switch {
	case ctx.Err() != nil:
		e.Err = stopped(ctx)
	case errors.As(err, &proxy):
		e.Err = proxy
	case !left && limited.Err() != nil:
		e.Err = &explained{fmt.Sprintf("no connection to %s within %s", host, c.timeout), err}
	case limited.Err() != nil:
		e.Err = &explained{fmt.Sprintf("%s did not respond within %s", host, c.timeout), err}
	case left:
		e.Err = &explained{fmt.Sprintf("the connection to %s broke: %v", host, err), err}
	default:
		e.Err = &explained{fmt.Sprintf("%s cannot be reached: %v", host, err), err}
	}
	return e
}

// cut returns the error of a response that began but could not be read to its end.
func (c *Client) cut(ctx, limited context.Context, k call, a *response, err error) *Error {
	a.body = nil
	var cause error
	switch {
	case errors.Is(err, resty.ErrResponseBodyTooLarge):
		cause = lenient.Wrong(fmt.Sprintf("is larger than %d MiB", maxBody>>20))
	case ctx.Err() != nil:
		cause = stopped(ctx)
	case limited.Err() != nil:
		cause = &explained{fmt.Sprintf("the response from %s did not end within %s", c.base.Host, c.timeout), err}
	default:
		cause = &explained{fmt.Sprintf("the response from %s was cut off: %v", c.base.Host, err), err}
	}
	// A status of failure is enough without the body. If the body would decide, it
	// is better to repeat a read.
	if a.status < 300 || k.safe && bodyDecides(a.status) {
		return k.fault(a.status, cause)
	}
	return c.judge(k, a)
}

// stopped returns the error of a call that the caller ended.
func stopped(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return &explained{"interrupted", ctx.Err()}
	}
	return &explained{"the allowed time ran out", ctx.Err()}
}
