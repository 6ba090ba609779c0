package way

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/failure"
)

// Obstacle is something on the way to the API that does not go away by waiting: someone
// must change a setting. No request got past it.
type Obstacle string

// The obstacles.
const (
	ObstacleNone        Obstacle = ""
	ObstacleAuthority   Obstacle = "authority"   // this machine does not trust the authority that signed the certificate
	ObstacleHost        Obstacle = "host"        // the certificate is for another host
	ObstacleExpired     Obstacle = "expired"     // the certificate has expired, or is not valid yet
	ObstacleCertificate Obstacle = "certificate" // the certificate is invalid in another way
	ObstaclePlain       Obstacle = "plain"       // https to a port that speaks plain http, or the reverse
	ObstacleHandshake   Obstacle = "handshake"   // the TLS handshake failed: the two sides have no version or cipher in common
	ObstacleProxy       Obstacle = "proxy"       // the proxy refuses
)

// ObstacleOf returns what must be changed on the way to the API before a request can
// succeed, given the error of one without a response.
func ObstacleOf(err error) Obstacle {
	var (
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
		unknown x509.UnknownAuthorityError
		roots   x509.SystemRootsError
		wrong   *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   *net.OpError
		proxy   *ProxyRefusal
	)
	switch {
	case errors.As(err, &proxy) && proxy.lasts():
		return ObstacleProxy
	case errors.As(err, &host):
		return ObstacleHost
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ObstacleExpired
	case errors.As(err, &unknown), errors.As(err, &roots):
		return ObstacleAuthority
	case errors.As(err, &invalid), errors.As(err, &wrong):
		return ObstacleCertificate
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record), errors.Is(err, ErrPlain):
		return ObstaclePlain
	case errors.As(err, &alert) && alert.Op == "remote error" && alert.Err.Error() != alertInternal:
		return ObstacleHandshake
	}
	return ObstacleNone
}

// alertInternal is the TLS alert of a server that fails, which may be temporary. The
// tls package does not export the alert's number.
const alertInternal = "tls: internal error"

// ProxyRefusal is a proxy's refusal to connect.
type ProxyRefusal struct {
	proxy  string
	status int
}

func (p *ProxyRefusal) Error() string {
	if p.status == http.StatusProxyAuthRequired {
		return fmt.Sprintf("the proxy %s requires a user name and a password (407)", p.proxy)
	}
	return fmt.Sprintf("the proxy %s refused to connect (%d)", p.proxy, p.status)
}

// lasts reports whether the proxy refused us. Otherwise something behind it failed, or
// the refusal is temporary.
func (p *ProxyRefusal) lasts() bool {
	return p.status < 500 && p.status != http.StatusTooManyRequests && p.status != http.StatusRequestTimeout
}

// proxyAnswered is called with the proxy's response to CONNECT. net/http itself would
// keep only the text of its status.
func proxyAnswered(_ context.Context, proxy *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyRefusal{failure.Clip(plain.Clean(proxy.Host), 100), response.StatusCode}
}

// ProxyFor returns the refusal of the proxy in front of a plain http API. The proxy
// returned this status instead of the API's response.
func ProxyFor(base *url.URL, status int) error {
	name := "on the way"
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: base}); err == nil && proxy != nil {
		name = failure.Clip(plain.Clean(proxy.Host), 100)
	}
	return &ProxyRefusal{name, status}
}

// ErrPlain means that plain http reached a port that speaks TLS.
var ErrPlain = errors.New("the base URL begins with http://, but the server uses https")

// SpokePlain reports whether a response is that of a TLS port to plain http.
func SpokePlain(status int, body []byte) bool {
	if status != http.StatusBadRequest {
		return false
	}
	text := strings.ToLower(string(body[:min(len(body), 1024)]))
	return strings.Contains(text, "http request to an https server") || strings.Contains(text, "plain http request was sent to https port")
}
