package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// TokenLeeway is how long before its expiry a token counts as expired.
const TokenLeeway = 2 * time.Minute

// TokenLasts reports whether a token with this expiry can be used now. A zero expiry
// is unknown, so the token is tried.
func TokenLasts(now, end time.Time) bool {
	return end.IsZero() || now.Add(TokenLeeway).Before(end)
}

// credentials provides the client with secrets. If the environment has an email and
// a password, it signs in when there is no usable token, and once more when the API
// refuses the token.
type credentials struct {
	secrets config.Secrets
	expires func() time.Time
	now     func() time.Time
	login   func(ctx context.Context, email, password string) (api.Session, error)
	profile string

	mu      sync.Mutex
	session string           // the token from signing in during this run
	key     string           // from the profile or the environment, once read
	usable  string           // the token from the same, once read
	from    [2]config.Origin // of the token and the key
	ended   time.Time
}

// MerchantKey returns the merchant's API key.
func (c *credentials) MerchantKey(context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.key != "" {
		return c.key, nil
	}
	key, err := c.secrets.MerchantKey()
	if err != nil {
		return "", err
	}
	if key.Value == "" {
		return "", failure.New(failure.Auth, "profile %s has no merchant API key", c.profile).
			Hint("run `stockctl auth login`, or set STOCKCTL_MERCHANT_API_KEY; `--profile sandbox` needs no account")
	}
	c.key, c.from[1] = key.Value, key.Origin
	return c.key, nil
}

// Token returns a bearer token that has not expired.
func (c *credentials) Token(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != "" {
		return c.session, nil
	}
	if c.usable != "" && TokenLasts(c.now(), c.ended) {
		return c.usable, nil
	}
	if c.otherAccount() {
		return c.signIn(ctx)
	}
	token, err := c.secrets.Token()
	if errors.Is(err, config.ErrOtherHost) {
		// Unlike a stored token, the email and password in the environment work
		// with any server.
		if fresh, failed := c.signIn(ctx); fresh != "" || failed != nil {
			return fresh, failed
		}
	}
	if err != nil {
		return "", err
	}
	ended := c.expires()
	c.from[0] = token.Origin
	if token.Value != "" && TokenLasts(c.now(), ended) {
		c.usable, c.ended = token.Value, ended
		return c.usable, nil
	}
	fresh, err := c.signIn(ctx)
	if fresh != "" || err != nil {
		return fresh, err
	}
	if token.Value == "" {
		return "", failure.New(failure.Auth, "profile %s is not signed in", c.profile).
			Hint("run `stockctl auth login`, or set STOCKCTL_TOKEN; `--profile sandbox` needs no account")
	}
	return "", failure.New(failure.Auth, "the token from %s expired at %s", c.source(token.Origin), ended.Format(time.RFC3339)).
		Hint("%s", c.cure(token.Origin))
}

// source describes where a secret came from.
func (c *credentials) source(o config.Origin) string {
	if o.Explicit() || o == config.Origin("profile "+c.profile) {
		return string(o)
	}
	return fmt.Sprintf("profile %s (%s)", c.profile, o)
}

// cure returns how to replace a token, depending on where it came from: signing in
// does not help if a variable overrides the stored token.
func (c *credentials) cure(token config.Origin) string {
	itself := "with STOCKCTL_EMAIL and STOCKCTL_PASSWORD set, stockctl signs in automatically"
	if variable, is := strings.CutPrefix(string(token), "environment "); is {
		return fmt.Sprintf("set %s to a new token, or unset it (`unset %s`) to use the one from `stockctl auth login`; %s", variable, variable, itself)
	}
	return "run `stockctl auth login`; " + itself
}

// otherAccount reports whether the environment has the email of another account than
// the profile's token. The environment then takes precedence.
func (c *credentials) otherAccount() bool {
	email, kept := c.secrets.Email(), c.secrets.StoredEmail()
	if email.Value == "" || kept == "" || strings.EqualFold(email.Value, kept) {
		return false
	}
	password, err := c.secrets.Password()
	return err != nil || password.Value != ""
}

// Renew signs in again after the API refused a token. If another request of this run
// has done so already, it returns that token.
func (c *credentials) Renew(ctx context.Context, rejected string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != "" && c.session != rejected {
		return c.session, nil
	}
	fresh, err := c.signIn(ctx)
	if fresh == "" && err == nil {
		return "", failure.New(failure.Auth, "the API does not accept the token from %s with the key from %s", c.source(c.from[0]), c.source(c.from[1])).
			Hint("%s", c.cure(c.from[0]))
	}
	return fresh, err
}

// signIn returns a new token, or "" if the environment has no email and password.
func (c *credentials) signIn(ctx context.Context) (string, error) {
	password, err := c.secrets.Password()
	if err != nil {
		return "", err
	}
	email := c.secrets.Email()
	if email.Value == "" || password.Value == "" {
		return "", nil
	}
	session, err := c.login(ctx, email.Value, password.Value)
	if failure.KindOf(err) == failure.Auth {
		err = failure.WithHint(err, "correct STOCKCTL_EMAIL and %s; or unset both to use the token from `stockctl auth login`", strings.TrimPrefix(string(password.Origin), "environment "))
	}
	if err != nil {
		return "", fmt.Errorf("signing in as %s: %w", email.Value, err)
	}
	c.session = session.Token
	return c.session, nil
}

// sandboxAccount provides the credentials of the embedded API's only account.
type sandboxAccount struct{ shop *sandbox.Server }

func (s sandboxAccount) MerchantKey(context.Context) (string, error) {
	return s.shop.Account().MerchantAPIKey, nil
}

func (s sandboxAccount) Token(context.Context) (string, error) {
	token, _ := s.shop.IssueToken()
	return token, nil
}

func (s sandboxAccount) Renew(context.Context, string) (string, error) {
	return "", failure.New(failure.Auth, "the sandbox refused its own token").
		Hint("`stockctl sandbox reset` issues a new one")
}

// given provides secrets that are being verified.
type given struct{ key, token string }

func (g given) MerchantKey(context.Context) (string, error) { return g.key, nil }

func (g given) Token(context.Context) (string, error) { return g.token, nil }

func (g given) Renew(context.Context, string) (string, error) {
	return "", failure.New(failure.Auth, "the API does not accept the token or the key")
}
