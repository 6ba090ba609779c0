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

// Obstacle is something on the way to the API that waiting does not remove:
// somebody has to change a setting. Nothing was sent past it.
type Obstacle string

// The obstacles.
const (
	ObstacleNone        Obstacle = ""
	ObstacleAuthority   Obstacle = "authority"   // the certificate was signed by no authority that this machine trusts
	ObstacleHost        Obstacle = "host"        // the certificate is for another host
	ObstacleExpired     Obstacle = "expired"     // the certificate has ended, or has not begun
	ObstacleCertificate Obstacle = "certificate" // the certificate is wrong in another way
	ObstaclePlain       Obstacle = "plain"       // TLS was spoken to a port that does not, or the other way round
	ObstacleHandshake   Obstacle = "handshake"   // the two sides have no TLS in common
	ObstacleProxy       Obstacle = "proxy"       // the proxy refuses
)

// ObstacleOf tells what on the way to the API has to be changed before a request can
// succeed, by the error of one that got no answer.
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

// alertInternal is what a server says in TLS when it fails: that may pass. The
// tls package keeps the number of an alert to itself.
const alertInternal = "tls: internal error"

// ProxyRefusal is a proxy's refusal to connect.
type ProxyRefusal struct {
	proxy  string
	status int
}

func (p *ProxyRefusal) Error() string {
	if p.status == http.StatusProxyAuthRequired {
		return fmt.Sprintf("the proxy %s requires a user and a password (407)", p.proxy)
	}
	return fmt.Sprintf("the proxy %s refused to connect (%d)", p.proxy, p.status)
}

// lasts tells a refusal of ours from a failure of what lies behind the proxy.
func (p *ProxyRefusal) lasts() bool {
	return p.status < 500 && p.status != http.StatusTooManyRequests && p.status != http.StatusRequestTimeout
}

// proxyAnswered is called with the proxy's answer to CONNECT. net/http would
// keep no more than its words.
func proxyAnswered(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyRefusal{failure.Clip(plain.Clean(proxy.Host), 100), answer.StatusCode}
}

// ProxyFor is the proxy that requests to a plain http API go through, which gave this
// status instead of the API's answer.
func ProxyFor(base *url.URL, status int) error {
	name := "on the way"
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: base}); err == nil && proxy != nil {
		name = failure.Clip(plain.Clean(proxy.Host), 100)
	}
	return &ProxyRefusal{name, status}
}

// ErrPlain tells of plain http that reached a port which speaks TLS.
var ErrPlain = errors.New("the base URL begins with http://, and the server speaks https there")

// SpokePlain tells of the words in which servers say so.
func SpokePlain(status int, body []byte) bool {
	if status != http.StatusBadRequest {
		return false
	}
	text := strings.ToLower(string(body[:min(len(body), 1024)]))
	return strings.Contains(text, "http request to an https server") || strings.Contains(text, "plain http request was sent to https port")
}
