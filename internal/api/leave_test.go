package api_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

// roundTrip is a transport other than that of net/http.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNothingHappenedWithoutAConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	_ = l.Close()
	nowhere := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "api.example", IsNotFound: true}}
	}}
	never := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	for name, tc := range map[string]struct {
		url       string
		transport http.RoundTripper
		text      string
	}{
		"refused":       {"http://" + closed, nil, closed + " cannot be reached: dial tcp " + closed + ": connect: connection refused"},
		"no such host":  {"https://api.example", nowhere, "api.example cannot be reached: dial: lookup api.example: no such host"},
		"no connection": {"https://api.example", never, "no connection to api.example within 20ms"},
		"foreign, dial": {"https://api.example", roundTrip(func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("no route")}
		}), "api.example cannot be reached: dial tcp: no route"},
	} {
		t.Run(name, func(t *testing.T) {
			var n naps
			c := newClient(t, tc.url, withNaps(&n), func(o *api.Options) { o.Transport, o.Timeout = tc.transport, 20*time.Millisecond })
			_, err := c.CreateRecord(t.Context(), aRecord())
			e := fault(t, err)
			same(t, "error", err.Error(), tc.text)
			same(t, "in doubt", e.InDoubt, false)
			same(t, "retryable", e.Retryable(), true)
			isKind(t, err, failure.Unavailable)
			same(t, "waits", len(n.list), 2)
		})
	}
	t.Run("certificate", func(t *testing.T) {
		s := httptest.NewUnstartedServer(says(200, recordJSON))
		s.Config.ErrorLog = quietLog()
		s.StartTLS()
		t.Cleanup(s.Close)
		var n naps
		_, err := newClient(t, s.URL, withNaps(&n)).CreateRecord(t.Context(), aRecord())
		e := fault(t, err)
		if !strings.HasSuffix(err.Error(), "cannot be reached: tls: failed to verify certificate: x509: certificate signed by unknown authority") {
			t.Error(err)
		}
		isKind(t, err, failure.Config)
		same(t, "in doubt", e.InDoubt, false)
		same(t, "retryable", e.Retryable(), false)
		same(t, "waits", len(n.list), 0)
	})
}

func TestWritesAreSentOnceConnected(t *testing.T) {
	s := openShop(t, says(201, recordJSON))
	dials := 0
	c := s.client(t, func(o *api.Options) {
		o.Transport = &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dials++; dials < 3 {
				return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
			}
			return new(net.Dialer).DialContext(ctx, network, addr)
		}}
	})
	if _, err := c.CreateRecord(t.Context(), aRecord()); err != nil {
		t.Fatal(err)
	}
	same(t, "sent", len(s.requests()), 1)
}

func TestAWriteThatLeftIsInDoubt(t *testing.T) {
	stuck := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	t.Run("timeout", func(t *testing.T) {
		s := openShop(t, stuck)
		host := strings.TrimPrefix(s.URL, "http://")
		c := s.client(t, func(o *api.Options) { o.Timeout = 20 * time.Millisecond })
		same(t, "timeout", c.Timeout(), 20*time.Millisecond)
		_, err := c.CreateRecord(t.Context(), aRecord())
		same(t, "error", err.Error(), host+" did not respond within 20ms, so it is not known whether the change was made")
		isKind(t, err, failure.OutcomeUnknown)
		same(t, "sent", len(s.requests()), 1)
		_, err = c.LowStock(t.Context())
		same(t, "error", err.Error(), host+" did not respond within 20ms")
		isKind(t, err, failure.Unavailable)
		same(t, "sent", len(s.requests()), 1+3)
	})
	t.Run("cancelled", func(t *testing.T) {
		for name, call := range map[string]func(context.Context, *api.Client) error{
			"write": func(ctx context.Context, c *api.Client) error { _, err := c.CreateRecord(ctx, aRecord()); return err },
			"read":  func(ctx context.Context, c *api.Client) error { _, err := c.LowStock(ctx); return err },
		} {
			ctx, cancel := context.WithCancel(t.Context())
			s := openShop(t, func(w http.ResponseWriter, r *http.Request) { cancel(); stuck(w, r) })
			err := call(ctx, s.client(t))
			same(t, "cancelled", errors.Is(err, context.Canceled), true)
			same(t, "in doubt", fault(t, err).InDoubt, name == "write")
			if name == "read" {
				isKind(t, err, failure.Interrupted)
				same(t, "error", err.Error(), "interrupted")
			} else {
				isKind(t, err, failure.OutcomeUnknown)
				same(t, "error", err.Error(), "interrupted, so it is not known whether the change was made")
			}
			err = call(ctx, s.client(t))
			same(t, "cancelled before it left", errors.Is(err, context.Canceled), true)
			same(t, "in doubt", fault(t, err).InDoubt, false)
			isKind(t, err, failure.Interrupted)
			same(t, "sent", len(s.requests()), 1)
		}
	})
	t.Run("the caller's deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		_, err := openShop(t, stuck).client(t).LowStock(ctx)
		same(t, "error", err.Error(), "the allowed time ran out")
		isKind(t, err, failure.Unavailable)
	})
	t.Run("foreign transport", func(t *testing.T) {
		sent := 0
		c := newClient(t, "https://api.example", func(o *api.Options) {
			o.Transport = roundTrip(func(*http.Request) (*http.Response, error) { sent++; return nil, io.ErrUnexpectedEOF })
		})
		_, err := c.CreateRecord(t.Context(), aRecord())
		same(t, "error", err.Error(), "the connection to api.example broke: unexpected EOF, so it is not known whether the change was made")
		same(t, "sent", sent, 1)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = c.CreateRecord(ctx, aRecord())
		same(t, "error", err.Error(), "interrupted")
		same(t, "in doubt", fault(t, err).InDoubt, false)
		same(t, "sent", sent, 1)
	})
}

// deadConn is a connection that fails all writes once dead is set.
type deadConn struct {
	net.Conn
	dead *atomic.Bool
}

func (c deadConn) Write(b []byte) (int, error) {
	if c.dead.Load() {
		return 0, errors.New("dead")
	}
	return c.Conn.Write(b)
}

// net/http finds that nothing could be written, and cannot get another connection. So
// the request was not sent.
func TestAnIdleConnectionThatDied(t *testing.T) {
	var dead atomic.Bool
	s := openShop(t, says(200, `[]`))
	c := s.client(t, func(o *api.Options) {
		o.Transport = &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dead.Load() {
				return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
			}
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			return deadConn{conn, &dead}, err
		}}
	})
	if _, err := c.LowStock(t.Context()); err != nil {
		t.Fatal(err)
	}
	dead.Store(true)
	_, err := c.CreateRecord(t.Context(), aRecord())
	same(t, "error", err.Error(), strings.TrimPrefix(s.URL, "http://")+" cannot be reached: dial: refused")
	same(t, "in doubt", fault(t, err).InDoubt, false)
	same(t, "sent", len(s.requests()), 1)
}

func TestHTTP2(t *testing.T) {
	for name, tc := range map[string]struct {
		response http.HandlerFunc
		doubt    bool
	}{
		"good": {says(201, recordJSON), false}, "reset": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true},
	} {
		s := &shop{}
		s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.ServeHTTP(w, r, tc.response) }))
		s.EnableHTTP2 = true
		s.StartTLS()
		t.Cleanup(s.Close)
		c := s.client(t, func(o *api.Options) { o.Transport = s.Client().Transport })
		_, err := c.CreateRecord(t.Context(), aRecord())
		if name == "good" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		same(t, "in doubt", fault(t, err).InDoubt, tc.doubt)
		same(t, "sent", len(s.requests()), 1)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	bomb := func(zip bool) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			out := io.Writer(w)
			if zip {
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				defer z.Close()
				out = z
			}
			block := []byte(strings.Repeat(" ", 1<<20))
			for range 40 {
				if _, err := out.Write(block); err != nil {
					return
				}
			}
		}
	}
	for _, zip := range []bool{false, true} {
		s := openShop(t, bomb(zip))
		_, err := s.client(t).LowStock(t.Context())
		same(t, "error", err.Error(), "the API's response is larger than 16 MiB (200)")
		isKind(t, err, failure.Unexpected)
		same(t, "sent", len(s.requests()), 1)
		_, err = s.client(t).CreateRecord(t.Context(), aRecord())
		isKind(t, err, failure.OutcomeUnknown)
	}
	s := openShop(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, recordJSON)
		_ = z.Close()
	})
	if _, err := s.client(t).CreateRecord(t.Context(), aRecord()); err != nil {
		t.Error(err)
	}
}

func TestProxyOfTheEnvironmentIsUsed(t *testing.T) {
	transport := way.Transport(7)
	if transport.Proxy == nil || transport.MaxConnsPerHost != 7 || transport.MaxIdleConnsPerHost != 7 {
		t.Errorf("got %+v, want a proxy and 7 connections per host", transport)
	}
}
