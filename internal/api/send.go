package api

import (
	"context"
	"strings"

	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

// call is a request, which may be sent several times.
type call struct {
	method string
	path   string // below the base URL, escaped
	query  string // encoded
	body   []byte // JSON; nil: none
	safe   bool   // it changes nothing, so it may be made again
	open   bool   // it carries no credentials
	raw    bool   // any response is accepted; for a write, only JSON or an empty one

	// quick decodes a good response of the usual shape and reports whether it was
	// one. All other responses are judged. It may be nil.
	quick func(body []byte) bool
}

// op names the call in errors, without the query, which may contain secrets.
func (k call) op() string { return k.method + " " + k.path }

// fault returns the error of a response that arrived but is unusable. The outcome of a
// write is unknown then.
func (k call) fault(status int, err error) *Error {
	return &Error{Op: k.op(), Status: status, Err: err, InDoubt: !k.safe}
}

// secrets are the credentials of a request.
type secrets struct{ key, token string }

// send makes the call, and repeats it if that is safe and may help. With an error, it
// also returns the response, if there was one.
func (c *Client) send(ctx context.Context, k call) (*response, error) {
	s, err := c.secrets(ctx, k)
	if err != nil {
		return nil, err
	}
	p := retries{client: c}
	renewed := k.open || c.auth == nil
	for {
		a, e := c.attempt(ctx, k, s)
		if e == nil {
			return a, nil
		}
		if e.unauthorised() && !renewed {
			renewed = true
			if s.token, err = c.renew(ctx, s.token, e); err != nil {
				return a, err
			}
			if err := c.checkSecrets(s); err != nil {
				return a, err
			}
			continue
		}
		if err := p.again(ctx, e); err != nil {
			return a, err
		}
	}
}

// secrets gets the credentials that the call needs. It refuses to send a live key
// unencrypted.
func (c *Client) secrets(ctx context.Context, k call) (s secrets, err error) {
	if k.open || c.auth == nil {
		return s, nil
	}
	if s.key, err = c.auth.MerchantKey(ctx); err != nil {
		return s, err
	}
	if strings.HasPrefix(s.key, "pk_live_") && c.base.Scheme != "https" && !way.IsLoopback(c.base.Hostname()) {
		return s, failure.New(failure.Config, "a live key is not sent to %s over plain http", c.base.Host)
	}
	if s.token, err = c.auth.Token(ctx); err != nil {
		return s, err
	}
	return s, c.checkSecrets(s)
}

// checkSecrets rejects secrets that are not valid in a header. net/http would reject
// them, too, but as a failed connection.
func (c *Client) checkSecrets(s secrets) error {
	if known := c.wellFormed.Load(); known != nil && *known == s {
		return nil
	}
	for name, secret := range map[string]string{"merchant API key": s.key, "token": s.token} {
		if strings.ContainsFunc(secret, plain.IsControl) {
			return failure.New(failure.Config, "the %s contains a control character", name)
		}
	}
	c.wellFormed.Store(&s)
	return nil
}

// unauthorised reports whether the call may succeed with another token. Nothing was
// done then.
func (e *Error) unauthorised() bool {
	return e.status() == 401 || e.Reason == ReasonUnauthenticated && e.Status < 500
}

// renew gets another token. If credentials are missing, it returns the API's error
// with the reason added. If the renewal failed for another cause, it returns that
// failure.
func (c *Client) renew(ctx context.Context, rejected string, e *Error) (string, error) {
	token, err := c.auth.Renew(ctx, rejected)
	if err == nil {
		return token, nil
	}
	if kind := failure.KindOf(err); kind != failure.Auth && kind != failure.Unexpected {
		return "", failure.New(kind, "signing in again: %w", err)
	}
	e.Err = &explained{"not signed in: " + err.Error(), err}
	return "", e
}
