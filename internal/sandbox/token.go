package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// tokenLife is how long a token is valid.
const tokenLife = 24 * time.Hour

// tokenHeader is the first part of every token. It says HMAC-SHA-256.
const tokenHeader = `{"alg":"HS256","typ":"JWT"}`

// claims are the account that a token is for and when it was issued and expires,
// in seconds since 1970.
type claims struct {
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
	Issued  int64  `json:"iat"`
	Expires int64  `json:"exp"`
}

const tokenIssuer = "stockctl-sandbox"

// IssueToken returns a bearer token and its expiry, 24 hours from now. The token is
// a JWT signed with the secret in the database, so every server on the same file
// with the same account accepts it.
func (s *Server) IssueToken() (string, time.Time) {
	now := s.now()
	end := now.Add(tokenLife).Truncate(time.Second)
	// Encoding strings and numbers cannot fail.
	payload, _ := json.Marshal(claims{
		Issuer: tokenIssuer, Subject: s.account.Email, Issued: now.Unix(), Expires: end.Unix(),
	})
	signed := part([]byte(tokenHeader)) + "." + part(payload)
	return signed + "." + part(s.sign(signed)), end
}

// accepts reports whether a token was signed with this secret, for this account,
// and has not expired.
func (s *Server) accepts(token string) bool {
	end := strings.LastIndexByte(token, '.')
	if end < 0 {
		return false
	}
	signed := token[:end]
	signature, err := base64.RawURLEncoding.Strict().DecodeString(token[end+1:])
	if err != nil || !hmac.Equal(signature, s.sign(signed)) {
		return false
	}
	// The signature is ours, so the header is too, and there are three parts.
	_, payload, _ := strings.Cut(signed, ".")
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return false
	}
	var c claims
	if err := json.Unmarshal(raw, &c); err != nil {
		return false
	}
	return c.Subject == s.account.Email && s.now().Before(time.Unix(c.Expires, 0))
}

func (s *Server) sign(text string) []byte {
	mac := hmac.New(sha256.New, s.store.secret)
	mac.Write([]byte(text)) // documented to never fail
	return mac.Sum(nil)
}

func part(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
