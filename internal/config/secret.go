package config

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// ErrOtherHost tells that the profile's secrets are kept for another host than
// the one this call goes to.
var ErrOtherHost = errors.New("the profile's secrets are for another host")

// Secret is a value that is never shown: no verb of fmt and no encoder prints
// it.
type Secret struct {
	Value  string `json:"-" yaml:"-"`
	Origin Origin
}

// String stands for the secret without telling it.
func (s Secret) String() string {
	if s.Value == "" {
		return "none"
	}
	return "(hidden)"
}

// GoString is String: %#v must not tell it either.
func (s Secret) GoString() string { return s.String() }

// Secrets hands out the secrets of a run. Nothing is read before it is asked
// for.
type Secrets struct{ config *Config }

// Secrets returns where to ask for the secrets.
func (c *Config) Secrets() Secrets { return Secrets{c} }

// MerchantKey returns the merchant's API key: STOCKCTL_MERCHANT_API_KEY, its
// _FILE, or the profile's. A blank one means that there is none.
func (s Secrets) MerchantKey() (Secret, error) {
	return s.find("STOCKCTL_MERCHANT_API_KEY", func(p Profile) string { return p.MerchantAPIKey })
}

// Token returns the bearer token: STOCKCTL_TOKEN, its _FILE, or the profile's.
func (s Secrets) Token() (Secret, error) {
	return s.find("STOCKCTL_TOKEN", func(p Profile) string { return p.Token })
}

// Password returns STOCKCTL_PASSWORD or its _FILE; profiles keep none.
func (s Secrets) Password() (Secret, error) {
	return s.find("STOCKCTL_PASSWORD", func(Profile) string { return "" })
}

// Email returns STOCKCTL_EMAIL.
func (s Secrets) Email() Secret {
	return Secret{s.config.env("STOCKCTL_EMAIL"), "environment STOCKCTL_EMAIL"}
}

// find looks in the environment, then in the profile. A profile's secret is
// handed out only for the host it was kept for.
func (s Secrets) find(variable string, stored func(Profile) string) (Secret, error) {
	c := s.config
	direct, file := c.env(variable), c.env(variable+"_FILE")
	switch {
	case direct != "" && file != "":
		return Secret{}, failure.New(failure.Config, "%s and %s_FILE are both set: keep one", variable, variable)
	case direct != "":
		return Secret{direct, Origin("environment " + variable)}, checkSecret(variable, direct)
	case file != "":
		return secretFromFile(variable+"_FILE", file)
	}
	p, _ := c.Find(c.Profile())
	text := stored(p)
	if text == "" {
		return Secret{}, nil
	}
	if to := c.BaseURL(); !SameHost(p.BaseURL, to.Value) {
		return Secret{}, failure.New(failure.Config, "%w: profile %s keeps them for %s, and %s names %s",
			ErrOtherHost, c.Profile(), host(p.BaseURL), to.Origin, host(to.Value)).
			Hint("sign in there under a profile of its own: `stockctl auth login --profile NAME --base-url %s`", to.Value)
	}
	return Secret{text, Origin("profile " + c.Profile())}, checkSecret("the secret of profile "+c.Profile(), text)
}

func secretFromFile(variable, name string) (Secret, error) {
	text, err := readSecretFile(name)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return Secret{}, failure.New(failure.Config, "%s: reading %s: %w", variable, name, err)
	}
	value := strings.TrimRight(string(text), "\r\n")
	if value == "" {
		return Secret{}, failure.New(failure.Config, "%s: %s is empty", variable, name)
	}
	return Secret{value, Origin("environment " + variable)}, checkSecret(variable+": "+name, value)
}

// checkSecret refuses what would break a header, without showing it.
func checkSecret(source, value string) error {
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return failure.New(failure.Config, "%s holds a line break or another control character: it must be one line", source)
	}
	return nil
}

// SameHost tells whether two base URLs lead to the same server by the same
// scheme. A blank one means the default.
func SameHost(a, b string) bool { return server(a) == server(b) }

func server(raw string) string {
	if raw == "" {
		raw = DefaultBaseURL
	}
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return strings.ToLower(u.Scheme + "://" + u.Hostname() + ":" + port)
}

func host(raw string) string {
	if raw == "" {
		raw = DefaultBaseURL
	}
	if u, err := url.Parse(raw); err == nil && u.Host != "" {
		return u.Host
	}
	return raw
}

// TokenExpires returns when the token in use ends: what the profile noted for
// its own token, else what the token itself says; zero when neither is known.
func (c *Config) TokenExpires() time.Time {
	token, err := c.Secrets().Token()
	if err != nil || token.Value == "" {
		return time.Time{}
	}
	p, _ := c.Find(c.Profile())
	if p.Token == token.Value && !p.TokenExpires.IsZero() {
		return p.TokenExpires
	}
	end, _ := JWTExpiry(token.Value)
	return end
}

// JWTExpiry reads the end (exp) that a JWT states of itself. Its signature is
// not checked: only the server can, and a token that cannot be read is no
// error, it is just tried.
func JWTExpiry(token string) (time.Time, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}, false
	}
	var claims struct {
		Exp float64 `json:"exp"`
	}
	const year9999 = 253402300799
	if json.Unmarshal(payload, &claims) != nil || claims.Exp <= 0 || claims.Exp > year9999 {
		return time.Time{}, false
	}
	return time.Unix(int64(claims.Exp), 0), true
}
