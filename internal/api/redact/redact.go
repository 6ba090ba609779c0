package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/bayworks/stockctl/internal/api/plain"
)

const redacted = "[redacted]"

var (
	secretName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)passw|token|key|secret|authorization|session|cookie|jwt`)
	})
	secretValue = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\bpk_(live|test)_[A-Za-z0-9_-]+|\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?`)
	})
)

// shownHeaders returns the headers with values that are not secret. Of all others, only
// the name is shown: a gateway may add its own credentials under any name.
func shownHeaders() []string {
	return []string{
		"Accept", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Retry-After",
		"Server", "User-Agent",
	}
}

// Block formats a request or a response without secrets. Each line begins with mark, and
// an empty line ends the block.
func Block(mark, head string, h http.Header, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, mark+head)
	for _, name := range slices.Sorted(maps.Keys(h)) {
		value := redacted
		if slices.Contains(shownHeaders(), name) {
			value = plain.Clean(strings.Join(h[name], ", "))
		}
		fmt.Fprintf(&b, "%s%s: %s\n", mark, plain.Clean(name), value)
	}
	if len(body) > 0 {
		fmt.Fprintln(&b, mark+redactBody(h, body))
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// redactBody returns a body in which the values of secret fields, at any depth, and
// everything that looks like a key or a token are replaced. It only describes a body
// that is not JSON: the response to a login that was cut off still contains the token.
func redactBody(h http.Header, body []byte) string {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if !json.Valid(body) || dec.Decode(&v) != nil {
		if plain.IsHTML(h, body) {
			return plain.Describe(h, body)
		}
		return fmt.Sprintf("(%d bytes that are not JSON)", len(body))
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(hide(v)); err != nil {
		return fmt.Sprintf("(%d bytes)", len(body))
	}
	return visible(strings.TrimSpace(out.String()))
}

func hide(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if secretName().MatchString(name) && value != nil {
				v[name] = redacted
			} else {
				v[name] = hide(value)
			}
		}
	case []any:
		for i := range v {
			v[i] = hide(v[i])
		}
	case string:
		return secretValue().ReplaceAllString(v, redacted)
	}
	return v
}

// Query redacts the secrets in a query and keeps the order of its parameters.
func Query(q string) string {
	parts := strings.Split(q, "&")
	for i, part := range parts {
		if name, _, found := strings.Cut(part, "="); found && secretName().MatchString(name) {
			parts[i] = name + "=" + redacted
		}
	}
	return secretValue().ReplaceAllString(strings.Join(parts, "&"), redacted)
}

// visible replaces the control and invisible characters that JSON does not escape.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if plain.IsControl(r) || plain.IsInvisible(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
