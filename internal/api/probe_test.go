package api_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

// A probe reports the certificate, the clock and the status, and sends no secrets.
func TestProbe(t *testing.T) {
	var header http.Header
	web := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		w.Header().Set("Date", "Mon, 23 Nov 2026 12:00:00 GMT")
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer web.Close()
	c, err := api.New(api.Options{
		BaseURL: web.URL, Transport: web.Client().Transport, Auth: guarded{t},
		Now: func() time.Time { return time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	p := c.Probe(t.Context())
	host := strings.TrimPrefix(web.URL, "https://")
	if p.Failed != way.StepNone || p.Err != nil || p.Status != 401 || p.Host != host || p.Connected != host || p.Proxy != "" {
		t.Errorf("got %+v, want a connection to %s with the status 401", p, host)
	}
	if !p.Dated || p.Ahead != time.Hour {
		t.Errorf("the clock is %v ahead, %v", p.Ahead, p.Dated)
	}
	cert := web.Certificate()
	if p.Certificate == nil || p.Certificate.Names[0] != "example.com" || !p.Certificate.Until.Equal(cert.NotAfter) {
		t.Errorf("got %+v, want the certificate of example.com until %s", p.Certificate, cert.NotAfter)
	}
	if header.Get("Authorization") != "" || header.Get("X-MerchantApiKey") != "" {
		t.Errorf("it sends %v", header)
	}
}

func TestProbeFailures(t *testing.T) {
	web := httptest.NewTLSServer(http.NotFoundHandler())
	web.Config.ErrorLog = quietLog()
	defer web.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer plain.Close()
	trusting := web.Client().Transport.(*http.Transport).Clone()
	trusting.TLSClientConfig.ServerName = "other.example.org"
	proxied := &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", User: url.UserPassword("ada", "s3cret"), Host: "127.0.0.1:1"})}
	for name, test := range map[string]struct {
		url       string
		transport *http.Transport
		step      way.Step
		message   string
		kind      failure.Kind
	}{
		"refused":    {"http://127.0.0.1:1", &http.Transport{}, way.StepConnect, "127.0.0.1:1 cannot be reached: dial tcp 127.0.0.1:1: ", failure.Unavailable},
		"other name": {web.URL, trusting, way.StepSecure, "HOST cannot be reached: tls: failed to verify certificate: ", failure.Config},
		"untrusted":  {web.URL, &http.Transport{TLSClientConfig: &tls.Config{}}, way.StepSecure, "HOST cannot be reached: tls: failed to verify certificate: ", failure.Config},
		"no TLS":     {strings.Replace(plain.URL, "http:", "https:", 1), &http.Transport{}, way.StepSecure, "HOST cannot be reached: ", failure.Config},
		"hangs up":   {plain.URL, &http.Transport{}, way.StepResponse, "the connection to HOST broke: EOF", failure.Unavailable},
		"proxy":      {"https://shop.invalid", proxied, way.StepConnect, "shop.invalid cannot be reached: proxyconnect tcp: dial tcp 127.0.0.1:1: ", failure.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := api.New(api.Options{BaseURL: test.url, Transport: test.transport, Timeout: 10 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			p := c.Probe(t.Context())
			if p.Failed != test.step || p.Err == nil {
				t.Fatalf("got %+v, want a failure at the step %v", p, test.step)
			}
			if got := strings.ReplaceAll(p.Err.Error(), p.Host, "HOST"); !strings.HasPrefix(got, strings.ReplaceAll(test.message, p.Host, "HOST")) || strings.Contains(got, "s3cret") {
				t.Errorf("got %s, want it to begin with %q", got, test.message)
			}
			if failure.KindOf(p.Err) != test.kind || p.Err.InDoubt {
				t.Errorf("got %s, in doubt %v", failure.KindOf(p.Err), p.Err.InDoubt)
			}
			if (p.Proxy == "127.0.0.1:1") != (name == "proxy") {
				t.Errorf("the proxy is %q", p.Proxy)
			}
			if (p.Certificate != nil) != (name == "other name" || name == "untrusted") {
				t.Errorf("the certificate is %+v", p.Certificate)
			}
		})
	}
}

func TestDialect(t *testing.T) {
	for body, want := range map[string]api.Dialect{
		`{"status":true,"data":{"content":[{"id":"a"}],"page":0,"limit":1,"totalElements":1}}`: api.DialectPublished,
		`{"status":true,"data":{"content":[],"page":0,"limit":1,"totalElements":0}}`:           api.DialectPublished,
		`{"status":true,"data":{"items":[{"id":"a"}],"currentPage":1,"total":1}}`:              api.DialectDashboard,
		`{"status":true,"data":[{"id":"a"}],"total":1}`:                                        api.DialectBare,
		`[]`: api.DialectBare,
	} {
		s := openShop(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(body)) })
		got, err := s.client(t).Dialect(t.Context())
		if err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", body, got, err, want)
		}
		if s.lines() != "GET /v1/inventory?limit=1&page=0" {
			t.Errorf("it requested %s", s.lines())
		}
	}
	s := openShop(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"status":true,"data":{"content":7}}`)) })
	if _, err := s.client(t).Dialect(t.Context()); err == nil || err.Error() != "the API's response is a number instead of an object (200)" {
		t.Errorf("got %v, want %q", err, "the API's response is a number instead of an object (200)")
	}
}

// guarded is an Authenticator that must not be used.
type guarded struct{ t *testing.T }

func (g guarded) MerchantKey(context.Context) (string, error) { return g.asked() }

func (g guarded) Token(context.Context) (string, error) { return g.asked() }

func (g guarded) Renew(context.Context, string) (string, error) { return g.asked() }

func (g guarded) asked() (string, error) {
	g.t.Error("a secret was asked for")
	return "", nil
}
