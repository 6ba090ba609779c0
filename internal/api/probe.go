package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Step is a step on the way to the API.
type Step int

// The steps, in their order.
const (
	StepNone    Step = iota // the way is open
	StepResolve             // the name of the server, or of the proxy before it, is looked up
	StepConnect             // a connection is made
	StepSecure              // TLS, and its certificate
	StepAnswer              // an answer to a request
)

// Probe is what a request without credentials found out about the way to the
// API. What a server says in it is cleaned.
type Probe struct {
	Host        string // of the base URL, with its port where that is named
	Proxy       string // host and port of the proxy in between; blank: none
	Addresses   []string
	Connected   string       // the address that was reached
	Certificate *Certificate // nil without TLS, or before it
	Status      int          // of the answer; any will do
	Ahead       time.Duration
	Dated       bool // the answer had a Date, so that Ahead is known: the server's clock less ours

	Failed Step
	Err    *Error // nil when Failed is StepNone
}

// Certificate is what a server's certificate says of itself.
type Certificate struct {
	Names  []string // hosts it is for, at most ten
	Issuer string
	From   time.Time
	Until  time.Time
}

// Probe makes one request without credentials, on a connection of its own, and
// notes each step. A refusal is an answer. It changes nothing.
func (c *Client) Probe(ctx context.Context) Probe {
	k := call{method: "GET", path: "/v1/warehouses", safe: true, open: true}
	p := Probe{Host: c.base.Host}
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var way way
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(limited, way.trace()), k.method, c.url(k), nil)
	if err != nil {
		p.Failed, p.Err = StepAnswer, &Error{Op: k.op(), Err: err}
		return p
	}
	req.Header = c.request(k, secrets{}).Header
	transport := c.fresh()
	defer transport.CloseIdleConnections()
	if proxy, err := transport.Proxy(req); err == nil && proxy != nil {
		p.Proxy = clean(proxy.Host) // its user and password stay here
	}
	c.logRequest(k, req.Header)
	res, err := transport.RoundTrip(req)
	way.tell(&p)
	if err != nil {
		c.logFailure(err)
		p.Err = c.unanswered(ctx, limited, k, err, p.Failed == StepAnswer)
		var wrong *tls.CertificateVerificationError
		if errors.As(err, &wrong) && len(wrong.UnverifiedCertificates) > 0 {
			p.Certificate = describeCertificate(wrong.UnverifiedCertificates[0])
		}
		return p
	}
	defer func() { _ = res.Body.Close() }() // only read
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10)
	p.Failed, p.Status = StepNone, res.StatusCode
	if res.TLS != nil && len(res.TLS.PeerCertificates) > 0 {
		p.Certificate = describeCertificate(res.TLS.PeerCertificates[0])
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
		return tuned(1)
	}
	t := own.Clone()
	if t.Proxy == nil {
		t.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	return t
}

func describeCertificate(cert *x509.Certificate) *Certificate {
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		names = []string{cert.Subject.CommonName}
	}
	names = names[:min(len(names), 10)]
	for i := range names {
		names[i] = clip(clean(names[i]), 100)
	}
	return &Certificate{Names: names, Issuer: clip(clean(cert.Issuer.String()), 100), From: cert.NotBefore, Until: cert.NotAfter}
}

// way notes how far a request comes. Connections that were given up may still
// report to it after the request has ended.
type way struct {
	mu        sync.Mutex
	step      Step
	addresses []string
	connected string
}

func (w *way) note(step Step, more func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.step = max(w.step, step)
	if more != nil {
		more()
	}
}

func (w *way) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { w.note(StepResolve, nil) },
		DNSDone: func(info httptrace.DNSDoneInfo) {
			if info.Err != nil {
				return
			}
			w.note(StepConnect, func() {
				for _, a := range info.Addrs {
					w.addresses = append(w.addresses, a.String())
				}
			})
		},
		ConnectStart: func(string, string) { w.note(StepConnect, nil) },
		ConnectDone: func(_, address string, err error) {
			if err == nil {
				w.note(StepConnect, func() { w.connected = address })
			}
		},
		TLSHandshakeStart: func() { w.note(StepSecure, nil) },
		GotConn:           func(httptrace.GotConnInfo) { w.note(StepAnswer, nil) },
	}
}

// tell copies what was noted. A request that never began to connect failed
// there all the same.
func (w *way) tell(p *Probe) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.Addresses, p.Connected = slices.Clone(w.addresses), w.connected
	p.Failed = max(w.step, StepConnect)
	if w.step == StepResolve {
		p.Failed = StepResolve
	}
}
