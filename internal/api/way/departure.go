package way

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// Departure finds out whether a request ever had a connection to leave on.
type Departure struct {
	asked, got atomic.Bool
	Wrote      func() // called when a request was written whole; may be nil
}

// Trace listens to net/http. When exact, a second search for a connection
// proves that nothing was written on the first.
func (d *Departure) Trace(exact bool) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			d.asked.Store(true)
			if exact {
				d.got.Store(false)
			}
		},
		GotConn: func(httptrace.GotConnInfo) { d.got.Store(true) },
		WroteRequest: func(wrote httptrace.WroteRequestInfo) {
			if d.Wrote != nil && wrote.Err == nil {
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
