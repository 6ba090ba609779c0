// Package webhook posts a message to an address that is itself a secret. The
// address is in no error, redirects are not followed, and nothing that opens the
// API goes along: this client knows none of it.
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
	maxAnswer   = 64 << 10 // bytes of the answer that are read
	maxHeader   = 16 << 10
	maxMessage  = 1 << 20
	contentType = "application/json; charset=utf-8"
)

// URL is the address of a webhook. No verb of fmt and no encoder prints it.
type URL struct {
	address *url.URL
	origin  string // where it came from, for messages
}

// Parse reads an address. It must be https, and name no user: what is needed to
// post belongs in the path.
func Parse(text, origin string) (URL, error) {
	wrong := func(what string) (URL, error) {
		return URL{}, failure.New(failure.Config, "the webhook of %s %s", origin, what).Hint("copy the address from where it was made: it begins with https://")
	}
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r") // a file ends with one
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
		return wrong("holds a user name or a password")
	}
	u.Fragment = ""
	return URL{u, origin}, nil
}

// Format writes String for every verb.
func (u URL) Format(w fmt.State, _ rune) { fmt.Fprint(w, u.String()) }

// String stands for the address without telling it.
func (u URL) String() string { return "(hidden)" }

// MarshalText writes what String returns.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// IsSlack tells of a webhook of Slack, which takes no other form than its own.
func (u URL) IsSlack() bool {
	return u.address != nil && (u.address.Hostname() == "hooks.slack.com" || u.address.Hostname() == "hooks.slack-gov.com")
}

// Sender posts messages. The zero value is ready.
type Sender struct {
	// Transport is for tests; nil: the usual one, with the proxy of the
	// environment.
	Transport http.RoundTripper
	Agent     string
}

// Send posts a message as JSON, once. Whatever goes wrong is told without the
// address.
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
	defer func() { _ = res.Body.Close() }() // only read
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer)
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

// unreached says why no answer came. Errors of net/http hold the address.
func unreached(u URL, limited context.Context, err error) error {
	why := "cannot be reached"
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return failure.New(failure.Config, "the webhook of %s has a certificate that is not trusted", u.origin)
	case limited.Err() != nil:
		why = fmt.Sprintf("did not answer within %s", timeout)
	case errors.As(err, &name):
		why = "has a host name that cannot be looked up"
	}
	return failure.New(failure.Unavailable, "the webhook of %s %s", u.origin, why).Hint("nothing was noted as reported: run it again later")
}

func judge(u URL, status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		return failure.New(failure.Config, "the webhook of %s sends to another address (%d), which is not followed", u.origin, status)
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500:
		return failure.New(failure.Unavailable, "the webhook of %s failed (%d)", u.origin, status).Hint("nothing was noted as reported: run it again later")
	}
	return failure.New(failure.Config, "the webhook of %s refused the message (%d)", u.origin, status).Hint("check the address, and --webhook-form")
}
