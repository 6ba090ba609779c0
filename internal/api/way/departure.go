package way

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// Departure finds out whether a request ever had a connection to leave on.
type Departure struct {
	asked, got, http2, sent, answered atomic.Bool

	Wrote func() // called when a request was written whole; may be nil
}

// Trace listens to net/http. When exact, a second search for a connection
// proves that nothing was written on the first, unless the whole request was.
func (d *Departure) Trace(exact bool) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			d.asked.Store(true)
			if exact && !d.sent.Load() {
				d.got.Store(false)
			}
		},
		GotConn: func(found httptrace.GotConnInfo) {
			d.got.Store(true)
			secure, is := found.Conn.(*tls.Conn)
			d.http2.Store(is && secure.ConnectionState().NegotiatedProtocol == "h2")
		},
		GotFirstResponseByte: func() { d.answered.Store(true) },
		WroteRequest: func(wrote httptrace.WroteRequestInfo) {
			if wrote.Err != nil {
				return
			}
			d.sent.Store(d.http2.Load()) // HTTP/1 repeats only what could not be written
			if d.Wrote != nil {
				d.Wrote()
			}
		},
	}
}

// Left tells whether the request may have reached the server. A foreign
// transport that does not trace is believed only where the error itself says
// that no connection was made.
func (d *Departure) Left(exact bool, err error) bool {
	switch {
	case err == nil || d.got.Load():
		return true
	case exact || d.asked.Load():
		return false
	}
	var dial *net.OpError
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	connected := !errors.As(err, &dns) && !errors.As(err, &certificate) && !errors.Is(err, http.ErrSchemeMismatch)
	return connected && (!errors.As(err, &dial) || dial.Op != "dial")
}

type departed struct{}

// Watch returns a context for one request that Trace listens to, and that SendOnce
// knows of.
func (d *Departure) Watch(ctx context.Context, exact bool) context.Context {
	return httptrace.WithClientTrace(context.WithValue(ctx, departed{}, d), d.Trace(exact))
}

// errSentOnce ends a request that net/http would send again.
var errSentOnce = errors.New("the server gave the connection up")

// SendOnce keeps net/http from sending a body again by itself. Over HTTP/2 it does so
// where the server says that it did not process the request, which servers say in error,
// too. It may still repeat a request that was never written.
func SendOnce(r *http.Request) {
	d, watched := r.Context().Value(departed{}).(*Departure)
	again := r.GetBody
	if !watched || again == nil {
		return
	}
	r.GetBody = func() (io.ReadCloser, error) {
		if d.sent.Load() && !d.answered.Load() { // after an answer it is for a redirect
			return nil, errSentOnce
		}
		return again()
	}
}
