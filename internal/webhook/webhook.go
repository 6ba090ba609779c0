// Package webhook posts messages to an address that is a secret. No error contains
// the address, redirects are not followed, and the client has no access to the API's
// credentials.
package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

const (
	timeout     = 10 * time.Second
	maxResponse = 64 << 10 // bytes of the response to read
	maxHeader   = 16 << 10
	maxMessage  = 1 << 20
	contentType = "application/json; charset=utf-8"
)

// URL is the address of a webhook. Neither fmt nor encoders reveal it.
type URL struct {
	address *url.URL
	origin  string // where it came from, for messages
}

// Parse parses an address. It must be https and have no user name or password:
// secrets belong in the path.
func Parse(text, origin string) (URL, error) {
	wrong := func(what string) (URL, error) {
		return URL{}, failure.New(failure.Config, "the webhook of %s %s", origin, what).Hint("copy the address from the service that issued it: it begins with https://")
	}
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r") // files end with a newline
	if text == "" {
		return wrong("is empty")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.TrimSpace(text) != text || u.Hostname() == "":
		return wrong("is not an address")
	case u.Scheme != "https":
		return wrong("does not begin with https://")
	case u.User != nil:
		return wrong("contains a user name or a password")
	}
	u.Fragment = ""
	return URL{u, origin}, nil
}

// Format writes String for every verb.
func (u URL) Format(w fmt.State, _ rune) { fmt.Fprint(w, u.String()) }

// String returns a placeholder for the address.
func (u URL) String() string { return "(hidden)" }

// MarshalText writes what String returns.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// IsSlack reports whether this is a webhook of Slack, which accepts only its own
// message format.
func (u URL) IsSlack() bool {
	return u.address != nil && (u.address.Hostname() == "hooks.slack.com" || u.address.Hostname() == "hooks.slack-gov.com")
}

// Sender posts messages. The zero value is ready to use.
type Sender struct {
	// Transport is for tests; nil means the usual one, which uses the proxy from the
	// environment.
	Transport http.RoundTripper
	Agent     string
}

// Send posts a message as JSON, once. Its errors do not contain the address.
func (s Sender) Send(ctx context.Context, u URL, message any) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if len(body) > maxMessage {
		return failure.New(failure.Unexpected, "the message for the webhook has more than %d bytes", maxMessage)
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, http.MethodPost, u.address.String(), bytes.NewReader(body))
	if err != nil {
		return failure.New(failure.Config, "the webhook of %s is not an address", u.origin)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", s.Agent)
	client := &http.Client{
		Transport:     s.transport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return unreached(u, limited, err)
	}
	defer func() { _ = res.Body.Close() }() // read-only
	_, _ = io.CopyN(io.Discard, res.Body, maxResponse)
	return judge(u, res.StatusCode)
}

func (s Sender) transport() http.RoundTripper {
	if s.Transport != nil {
		return s.Transport
	}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxResponseHeaderBytes: maxHeader, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: timeout, DisableKeepAlives: true,
	}
}

// unreached returns an error for a missing response. Errors of net/http contain the
// address, so it does not wrap them.
func unreached(u URL, limited context.Context, err error) error {
	why := "cannot be reached"
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return failure.New(failure.Config, "the webhook of %s has a certificate that is not trusted", u.origin)
	case limited.Err() != nil:
		why = fmt.Sprintf("did not respond within %s", timeout)
	case errors.As(err, &name):
		why = "has a host name that cannot be looked up"
	}
	return failure.New(failure.Unavailable, "the webhook of %s %s", u.origin, why).Hint("nothing was marked as reported: try again later")
}

func judge(u URL, status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		return failure.New(failure.Config, "the webhook of %s redirects to another address (%d), which stockctl does not follow", u.origin, status)
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500:
		return failure.New(failure.Unavailable, "the webhook of %s failed (%d)", u.origin, status).Hint("nothing was marked as reported: try again later")
	}
	return failure.New(failure.Config, "the webhook of %s refused the message (%d)", u.origin, status).Hint("check the address and --webhook-form")
}
