package way

import (
	"crypto/x509"
	"net/http/httptrace"
	"slices"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/failure"
)

// Step is a step on the way to the API.
type Step int

// The steps, in their order.
const (
	StepNone     Step = iota // all succeeded
	StepResolve              // looking up the name of the server, or of the proxy in front of it
	StepConnect              // connecting
	StepSecure               // TLS and its certificate
	StepResponse             // waiting for a response
)

// Certificate describes a server's certificate.
type Certificate struct {
	Names  []string // hosts it is for, at most ten
	Issuer string
	From   time.Time
	Until  time.Time
}

// Describe returns the description of a certificate, cleaned.
func Describe(cert *x509.Certificate) *Certificate {
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		names = []string{cert.Subject.CommonName}
	}
	names = names[:min(len(names), 10)]
	for i := range names {
		names[i] = failure.Clip(plain.Clean(names[i]), 100)
	}
	return &Certificate{Names: names, Issuer: failure.Clip(plain.Clean(cert.Issuer.String()), 100), From: cert.NotBefore, Until: cert.NotAfter}
}

// Trace records how far a request gets. Abandoned connections may still report to it
// after the request has ended.
type Trace struct {
	mu        sync.Mutex
	step      Step
	addresses []string
	connected string
}

func (w *Trace) note(step Step, more func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.step = max(w.step, step)
	if more != nil {
		more()
	}
}

// Listen returns the hooks for net/http.
func (w *Trace) Listen() *httptrace.ClientTrace {
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
		GotConn:           func(httptrace.GotConnInfo) { w.note(StepResponse, nil) },
	}
}

// Reached returns how far the request got, and the addresses it used. A request that
// never began to connect counts as failed at connecting.
func (w *Trace) Reached() (step Step, addresses []string, connected string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	step = max(w.step, StepConnect)
	if w.step == StepResolve {
		step = StepResolve
	}
	return step, slices.Clone(w.addresses), w.connected
}
