package config

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
)

// ErrOtherHost means that the profile's secrets are for another host than this call.
var ErrOtherHost = errors.New("the profile's secrets are for another host")

// Secret is a value that is never shown. Neither fmt nor encoders reveal it.
type Secret struct {
	Value  string `json:"-" yaml:"-"`
	Origin Origin
}

// Format writes String for every verb; %d, for example, would otherwise print the fields.
func (s Secret) Format(w fmt.State, _ rune) { fmt.Fprint(w, s.String()) }

// String returns a placeholder for the secret.
func (s Secret) String() string {
	if s.Value == "" {
		return "none"
	}
	return "(hidden)"
}

// KeyKind returns the kind of a merchant API key from its prefix: live, test or unknown, or
// missing if there is none.
func (s Secret) KeyKind() string {
	switch {
	case s.Value == "":
		return "missing"
	case strings.HasPrefix(s.Value, "pk_live_"):
		return "live"
	case strings.HasPrefix(s.Value, "pk_test_"):
		return "test"
	}
	return "unknown"
}

// Secrets provides the secrets of a run. Each is read on first use. The sandbox has none:
// those in the environment are for a real API.
type Secrets struct{ config *Config }

// Secrets returns the secrets of the run.
func (c *Config) Secrets() Secrets { return Secrets{c} }

// MerchantKey returns the merchant's API key: STOCKCTL_MERCHANT_API_KEY, its _FILE, or the
// profile's. It is blank if there is none.
func (s Secrets) MerchantKey() (Secret, error) {
	return s.find("STOCKCTL_MERCHANT_API_KEY", func(k KeyringSecrets) string { return k.MerchantAPIKey })
}

// Token returns the bearer token: STOCKCTL_TOKEN, its _FILE, or the profile's.
func (s Secrets) Token() (Secret, error) {
	return s.find("STOCKCTL_TOKEN", func(k KeyringSecrets) string { return k.Token })
}

// Password returns STOCKCTL_PASSWORD or its _FILE. Profiles do not store passwords.
func (s Secrets) Password() (Secret, error) {
	return s.find("STOCKCTL_PASSWORD", nil)
}

// Email returns STOCKCTL_EMAIL, or a zero Secret if it is not set.
func (s Secrets) Email() Secret {
	email := s.config.env("STOCKCTL_EMAIL")
	if email == "" || s.config.IsSandbox() {
		return Secret{}
	}
	return Secret{email, "environment STOCKCTL_EMAIL"}
}

// StoredEmail returns the email of the account of the profile's token. It is blank if the
// token would not come from the profile, or if the email is unknown.
func (s Secrets) StoredEmail() string {
	c := s.config
	if c.env("STOCKCTL_TOKEN") != "" || c.env("STOCKCTL_TOKEN_FILE") != "" || c.IsSandbox() {
		return ""
	}
	p, _ := c.Find(c.Profile())
	return p.Email
}

// find returns a secret from the environment or the profile. A profile's secret is returned
// only for the host it is for.
func (s Secrets) find(variable string, stored func(KeyringSecrets) string) (Secret, error) {
	c := s.config
	if c.IsSandbox() {
		return Secret{}, nil
	}
	direct, file := c.env(variable), c.env(variable+"_FILE")
	switch {
	case direct != "" && file != "":
		return Secret{}, failure.New(failure.Config, "%s and %s_FILE are both set: use only one", variable, variable)
	case direct != "":
		return checked(Secret{direct, Origin("environment " + variable)}, variable, variable)
	case file != "":
		return secretFromFile(c.in.Context, variable, file)
	}
	p, _ := c.Find(c.Profile())
	inFile := KeyringSecrets{p.MerchantAPIKey, p.Token}
	if stored == nil || p.Store != StoreKeyring && stored(inFile) == "" {
		return Secret{}, nil
	}
	if to := c.BaseURL(); !SameHost(p.BaseURL, to.Value) {
		return Secret{}, failure.New(failure.Config, "%w: profile %s has them for %s, but %s is %s",
			ErrOtherHost, c.Profile(), host(p.BaseURL), to.Origin, host(to.Value)).
			Hint("use a separate profile for that host: `stockctl auth login --profile NAME --base-url URL`, or set %s", variable)
	}
	if p.Store == StoreKeyring {
		kept, err := c.readKeyring(p)
		if err != nil || stored(kept) == "" {
			return Secret{}, err
		}
		return checked(Secret{stored(kept), "keyring"}, variable, "the keyring's entry of profile "+c.Profile())
	}
	return checked(Secret{stored(inFile), Origin("profile " + c.Profile())}, variable, "profile "+c.Profile())
}

func secretFromFile(ctx context.Context, variable, name string) (Secret, error) {
	from := variable + "_FILE"
	text, err := await.ReadFile(ctx, name, maxFile+1)
	if ctx.Err() != nil {
		return Secret{}, context.Cause(ctx)
	}
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return Secret{}, failure.New(failure.Config, "%s: reading %s: %w", from, name, err)
	}
	value := strings.TrimRight(string(text), "\r\n")
	switch {
	case len(text) > maxFile:
		return Secret{}, failure.New(failure.Config, "%s: reading %s: it is larger than 1 MiB", from, name)
	case value == "":
		return Secret{}, failure.New(failure.Config, "%s: %s is empty", from, name)
	}
	return checked(Secret{value, Origin("environment " + from)}, variable, from+": "+name)
}

// checked rejects a secret that would break a header or that contains extra characters,
// without showing it.
func checked(s Secret, variable, source string) (Secret, error) {
	wrong := WrongWithSecret(s.Value)
	if variable == "STOCKCTL_PASSWORD" {
		wrong = wrongWithText(s.Value) // a password may contain any character
	}
	if wrong != "" {
		return Secret{}, failure.New(failure.Config, "%s %s", source, wrong)
	}
	return s, nil
}

// WrongWithSecret returns what is wrong with a pasted or saved key or token, or "". It does
// not quote the secret.
func WrongWithSecret(text string) string {
	lower := strings.ToLower(strings.TrimSpace(text))
	switch wrong := wrongWithText(text); {
	case wrong != "":
		return wrong
	case strings.HasPrefix(lower, "bearer "), lower == "bearer":
		return `begins with "Bearer": leave that word out`
	case strings.TrimSpace(text) != text:
		return "begins or ends with a space: remove it"
	case strings.ContainsAny(text, "\"'`\u201c\u201d\u2018\u2019"):
		return "contains quotes: remove them"
	case strings.ContainsFunc(text, unicode.IsSpace):
		return "contains a space: it must be a single word"
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cf, r) }):
		return "contains an invisible character: type it again"
	}
	return ""
}

// wrongWithText is the same for a text that may contain any character.
func wrongWithText(text string) string {
	switch {
	case strings.HasPrefix(text, "\ufeff"), strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return "begins with a byte order mark: save it as plain UTF-8 text without one"
	case !isLine(text):
		return notLine
	}
	return ""
}

// notLine is the message for text that isLine rejects.
const notLine = "contains a line break or another control character: it must be a single line"

// isLine reports whether a value is text without control characters.
func isLine(value string) bool {
	return utf8.ValidString(value) && !strings.ContainsFunc(value, unicode.IsControl)
}

// SameHost reports whether two base URLs have the same server and scheme. A blank one means
// the default.
func SameHost(a, b string) bool { return server(a) == server(b) }

func server(raw string) string {
	if raw == "" {
		raw = DefaultBaseURL
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return raw // two invalid URLs are the same only if they are equal
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return strings.ToLower(u.Scheme + "://" + u.Hostname() + ":" + port)
}

// host returns the host of a base URL for messages. An invalid URL is not shown, as it may
// contain a password.
func host(raw string) string {
	if raw == "" {
		raw = DefaultBaseURL
	}
	if u, err := url.Parse(raw); err == nil && u.Host != "" {
		return u.Scheme + "://" + u.Host
	}
	return "another address"
}

// TokenExpires returns when the current token expires, according to the profile for its own
// token, or else to the token itself. It is zero if unknown.
func (c *Config) TokenExpires() time.Time {
	token, err := c.Secrets().Token()
	if err != nil || token.Value == "" {
		return time.Time{}
	}
	p, _ := c.Find(c.Profile())
	if !token.Origin.Explicit() && !p.TokenExpires.IsZero() {
		return p.TokenExpires
	}
	end, _ := JWTExpiry(token.Value)
	return end
}

// JWTExpiry returns the expiry (exp) of a JWT. It does not check the signature, which only
// the server can. A token that cannot be decoded is not an error; it is simply tried.
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
