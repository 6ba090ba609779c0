package api_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

// Failures that waiting does not fix are not retried, are never reported as temporary,
// and name what must be changed.
func TestFailuresThatWaitingDoesNotFix(t *testing.T) {
	web := httptest.NewUnstartedServer(says(200, recordJSON))
	web.Config.ErrorLog = quietLog()
	web.StartTLS()
	t.Cleanup(web.Close)
	trusted := func(change func(*tls.Config)) *http.Transport {
		own := web.Client().Transport.(*http.Transport).Clone()
		change(own.TLSClientConfig)
		return own
	}
	late := func() time.Time { return web.Certificate().NotAfter.Add(time.Hour) }
	plain := openShop(t, says(200, recordJSON))
	for name, test := range map[string]struct {
		url       string
		transport *http.Transport // nil: the client's own
		want      way.Obstacle
	}{
		"authority":        {web.URL, nil, way.ObstacleAuthority},
		"host":             {web.URL, trusted(func(c *tls.Config) { c.ServerName = "other.example.org" }), way.ObstacleHost},
		"expired":          {web.URL, trusted(func(c *tls.Config) { c.Time = late }), way.ObstacleExpired},
		"plain http port":  {"https" + strings.TrimPrefix(plain.URL, "http"), nil, way.ObstaclePlain},
		"https port":       {"http" + strings.TrimPrefix(web.URL, "https"), nil, way.ObstaclePlain},
		"port of no HTTP":  {"https://" + talker(t, "220 mail.example.com ESMTP\r\n"), nil, way.ObstaclePlain},
		"no TLS in common": {web.URL, trusted(func(c *tls.Config) { c.MaxVersion = tls.VersionTLS11; c.MinVersion = tls.VersionTLS10 }), way.ObstacleHandshake},
		"proxy, https":     {"https://shop.invalid", through(t, 407), way.ObstacleProxy},
		"proxy forbids":    {"https://shop.invalid", through(t, 403), way.ObstacleProxy},
		"proxy, http":      {plain.URL, through(t, 407), way.ObstacleProxy},
	} {
		t.Run(name, func(t *testing.T) {
			var n naps
			c := newClient(t, test.url, withNaps(&n), func(o *api.Options) {
				if test.transport != nil {
					o.Transport = test.transport
				}
			})
			_, err := c.CreateRecord(t.Context(), aRecord())
			e := fault(t, err)
			same(t, "obstacle of "+err.Error(), e.Obstacle(), test.want)
			isKind(t, err, failure.Config)
			same(t, "in doubt", e.InDoubt, false)
			same(t, "retryable", e.Retryable(), false)
			same(t, "waits", len(n.list), 0)
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("it shows the proxy's password: %v", err)
			}
		})
	}
}

// A failure behind a proxy may be temporary.
func TestProxyThatCannotReachTheServer(t *testing.T) {
	var n naps
	c := newClient(t, "https://shop.invalid", withNaps(&n), func(o *api.Options) { o.Transport = through(t, 502) })
	_, err := c.CreateRecord(t.Context(), aRecord())
	isKind(t, err, failure.Unavailable)
	same(t, "in doubt", fault(t, err).InDoubt, false)
	same(t, "waits", len(n.list), 2)
}

// through returns the client's own transport with a proxy that handles every request
// with the same status.
func through(t *testing.T, status int) *http.Transport {
	t.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	t.Cleanup(proxy.Close)
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	at.User = url.UserPassword("ada", "s3cret")
	own := way.Transport(1)
	own.Proxy = http.ProxyURL(at)
	return own
}

// talker starts a server that speaks first and does not speak HTTP.
func talker(t *testing.T, greeting string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte(greeting))
			_, _ = conn.Read(make([]byte, 512))
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}

// A setting that net/http would ignore is rejected before anything is sent, without
// showing a password in it.
func TestBrokenSurroundings(t *testing.T) {
	web := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	good, empty := filepath.Join(t.TempDir(), "good.pem"), filepath.Join(t.TempDir(), "empty.pem")
	write(t, good, pemOf(web.Certificate()))
	write(t, empty, "no certificate\n")
	for name, test := range map[string]struct {
		base, variable, value string
		want                  string // "" for none
	}{
		"proxy":                     {"https://shop.invalid", "HTTPS_PROXY", "http://u:s3cret@127.0.0.1:3128", ""},
		"proxy without a scheme":    {"https://shop.invalid", "HTTPS_PROXY", "127.0.0.1:3128", ""},
		"proxy, SOCKS":              {"https://shop.invalid", "HTTPS_PROXY", "socks5h://127.0.0.1:3128", ""},
		"proxy, broken password":    {"https://shop.invalid", "HTTPS_PROXY", "http://u:s3cret%zz@127.0.0.1:3128", "HTTPS_PROXY is not the address of a proxy"},
		"proxy, lower case":         {"https://shop.invalid", "https_proxy", "http://u:s3cret#x@127.0.0.1:3128", "https_proxy is not the address of a proxy"},
		"proxy, no such scheme":     {"https://shop.invalid", "HTTPS_PROXY", "ftp://127.0.0.1", "HTTPS_PROXY is not the address of a proxy"},
		"proxy, port out of range":  {"https://shop.invalid", "HTTPS_PROXY", "127.0.0.1:99999", "HTTPS_PROXY is not the address of a proxy"},
		"proxy of the other scheme": {"https://shop.invalid", "HTTP_PROXY", "http://%zz", ""},
		"proxy of plain http":       {"http://shop.invalid", "HTTP_PROXY", "http://%zz", "HTTP_PROXY is not the address of a proxy"},
		"proxy, this machine":       {"https://127.0.0.1:1", "HTTPS_PROXY", "http://%zz", ""},
		"authorities":               {web.URL, "SSL_CERT_FILE", good, ""},
		"authorities, no file":      {web.URL, "SSL_CERT_FILE", "/nope", "SSL_CERT_FILE: /nope: no such file or directory"},
		"authorities, none in it":   {web.URL, "SSL_CERT_FILE", empty, "SSL_CERT_FILE: " + empty + ": it contains no certificate"},
		"authorities, no folder":    {web.URL, "SSL_CERT_DIR", "/nope", "SSL_CERT_DIR: open /nope: no such file or directory"},
		"authorities, plain http":   {"http://127.0.0.1:1", "SSL_CERT_FILE", "/nope", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(test.variable, "SSL") && (runtime.GOOS == "darwin" || runtime.GOOS == "windows") {
				t.Skip("only the system's settings apply")
			}
			for _, v := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"} {
				t.Setenv(v, "")
			}
			t.Setenv(test.variable, test.value)
			_, err := api.New(api.Options{BaseURL: test.base, AllowHTTP: true})
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || err.Error() != test.want {
				t.Fatalf("got %v, want %s", err, test.want)
			}
			isKind(t, err, failure.Config)
			if failure.HintOf(err) == "" || strings.Contains(err.Error()+failure.HintOf(err), "s3cret") {
				t.Errorf("the hint is %q", failure.HintOf(err))
			}
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func pemOf(c *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}
