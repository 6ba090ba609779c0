package api

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/api/way"
)

// Probe is what a request without credentials shows about the connection to the
// API. Texts from the server in it are cleaned.
type Probe struct {
	Host        string // of the base URL, with its port if it names one
	Proxy       string // host and port of the proxy in between; blank: none
	Addresses   []string
	Connected   string           // the address that was reached
	Certificate *way.Certificate // nil without TLS, or before it
	Status      int              // of the response; any status means success
	Ahead       time.Duration    // the server's clock minus ours
	Dated       bool             // the response had a Date, so Ahead is known

	Failed way.Step
	Err    *Error // nil if Failed is way.StepNone
}

// Probe makes one request without credentials on a new connection and records each
// step. A refusal counts as a response. It changes nothing.
func (c *Client) Probe(ctx context.Context) Probe {
	k := call{method: "GET", path: "/v1/warehouses", safe: true, open: true}
	p := Probe{Host: c.base.Host}
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var trace way.Trace
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(limited, trace.Listen()), k.method, c.url(k), nil)
	if err != nil {
		p.Failed, p.Err = way.StepResponse, &Error{Op: k.op(), Err: err}
		return p
	}
	req.Header = c.request(k, secrets{}).Header
	transport := c.fresh()
	defer transport.CloseIdleConnections()
	if proxy, err := transport.Proxy(req); err == nil && proxy != nil {
		p.Proxy = plain.Clean(proxy.Host) // without its user and password
	}
	c.logRequest(k, req.Header)
	res, err := transport.RoundTrip(req)
	p.Failed, p.Addresses, p.Connected = trace.Reached()
	if err != nil {
		c.logFailure(err)
		p.Err = c.unanswered(ctx, limited, k, err, p.Failed == way.StepResponse)
		var wrong *tls.CertificateVerificationError
		if errors.As(err, &wrong) && len(wrong.UnverifiedCertificates) > 0 {
			p.Certificate = way.Describe(wrong.UnverifiedCertificates[0])
		}
		return p
	}
	defer func() { _ = res.Body.Close() }() // only read
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10)
	p.Failed, p.Status = way.StepNone, res.StatusCode
	if res.TLS != nil && len(res.TLS.PeerCertificates) > 0 {
		p.Certificate = way.Describe(res.TLS.PeerCertificates[0])
	}
	if date, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		p.Ahead, p.Dated = date.Sub(c.now()), true
	}
	return p
}

// fresh returns a transport like the client's own, with no connection yet.
func (c *Client) fresh() *http.Transport {
	own, is := c.http.GetClient().Transport.(*http.Transport)
	if !is {
		return way.Transport(1)
	}
	t := own.Clone()
	if t.Proxy == nil {
		t.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	return t
}
