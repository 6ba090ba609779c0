// Package jwt issues the sandbox's bearer tokens, and recognises them: JWTs signed
// with HMAC-SHA-256, and nothing else that a JWT may be.
package jwt

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// Life is how long a token is valid.
const Life = 24 * time.Hour

const (
	// header is the first part of every token. It says HMAC-SHA-256.
	header = `{"alg":"HS256","typ":"JWT"}`
	issuer = "stockctl-sandbox"
)

// claims are the account that a token is for and when it was issued and expires,
// in seconds since 1970.
type claims struct {
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
	Issued  int64  `json:"iat"`
	Expires int64  `json:"exp"`
}

// Issue returns a token for an account, and its expiry.
func Issue(secret []byte, account string, now time.Time) (string, time.Time) {
	end := now.Add(Life).Truncate(time.Second)
	// Encoding strings and numbers cannot fail.
	payload, _ := json.Marshal(claims{Issuer: issuer, Subject: account, Issued: now.Unix(), Expires: end.Unix()})
	signed := part([]byte(header)) + "." + part(payload)
	return signed + "." + part(sign(secret, signed)), end
}

// Valid reports whether a token was signed with this secret, for this account, and
// has not expired.
func Valid(token string, secret []byte, account string, now time.Time) bool {
	end := strings.LastIndexByte(token, '.')
	if end < 0 {
		return false
	}
	signed := token[:end]
	signature, err := base64.RawURLEncoding.Strict().DecodeString(token[end+1:])
	if err != nil || !hmac.Equal(signature, sign(secret, signed)) {
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
	return c.Subject == account && now.Before(time.Unix(c.Expires, 0))
}

func sign(secret []byte, text string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text)) // documented to never fail
	return mac.Sum(nil)
}

func part(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
