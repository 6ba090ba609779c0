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

// Departure records whether a request ever had a connection.
type Departure struct {
	asked, got, http2, sent, answered atomic.Bool

	Wrote func() // called after a request was written completely; may be nil
}

// Trace returns the hooks for net/http. If exact, a second search for a connection
// proves that nothing was written on the first one, unless the whole request was.
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
			d.sent.Store(d.http2.Load()) // HTTP/1 repeats only requests that could not be written
			if d.Wrote != nil {
				d.Wrote()
			}
		},
	}
}

// Left reports whether the request may have reached the server. For another transport,
// which does not call the trace, it is false only if the error itself says that no
// connection was made.
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

// Watch returns a context for one request, with the hooks of Trace and for use by
// SendOnce.
func (d *Departure) Watch(ctx context.Context, exact bool) context.Context {
	return httptrace.WithClientTrace(context.WithValue(ctx, departed{}, d), d.Trace(exact))
}

// errSentOnce ends a request that net/http would send again.
var errSentOnce = errors.New("the server closed the connection")

// SendOnce prevents net/http from resending a body on its own. Over HTTP/2 it does that
// if the server says that it did not process the request, but some servers say so
// wrongly. net/http may still repeat a request that was never written.
func SendOnce(r *http.Request) {
	d, watched := r.Context().Value(departed{}).(*Departure)
	again := r.GetBody
	if !watched || again == nil {
		return
	}
	r.GetBody = func() (io.ReadCloser, error) {
		if d.sent.Load() && !d.answered.Load() { // after a response it is for a redirect
			return nil, errSentOnce
		}
		return again()
	}
}
