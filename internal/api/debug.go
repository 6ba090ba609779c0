package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
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

// shownHeaders are the headers whose values are no secrets. All others are
// named only: a gateway may add its own credentials under any name.
func shownHeaders() []string {
	return []string{
		"Accept", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Retry-After",
		"Server", "User-Agent",
	}
}

func (c *Client) logRequest(k call, h http.Header) {
	if c.debug == nil {
		return
	}
	target := c.baseURL + k.path
	if k.query != "" {
		target += "?" + redactQuery(k.query)
	}
	c.logBlock("> ", k.method+" "+target, h, k.body)
}

func (c *Client) logAnswer(a *answer, took time.Duration) {
	if c.debug == nil {
		return
	}
	head := fmt.Sprintf("%d %s after %s", a.status, http.StatusText(a.status), took.Round(time.Millisecond))
	c.logBlock("< ", head, a.header, a.body)
}

func (c *Client) logFailure(err error) {
	if c.debug == nil {
		return
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	c.logBlock("< ", "no answer: "+clean(fmt.Sprint(err)), nil, nil)
}

// logBlock writes one block in one piece, so that calls made side by side do
// not mix. A debug stream that cannot be written to must not fail the call.
func (c *Client) logBlock(mark, head string, h http.Header, body []byte) {
	var b bytes.Buffer
	fmt.Fprintln(&b, mark+head)
	for _, name := range slices.Sorted(maps.Keys(h)) {
		value := redacted
		if slices.Contains(shownHeaders(), name) {
			value = clean(strings.Join(h[name], ", "))
		}
		fmt.Fprintf(&b, "%s%s: %s\n", mark, clean(name), value)
	}
	if len(body) > 0 {
		fmt.Fprintln(&b, mark+redactBody(h, body))
	}
	b.WriteByte('\n')
	c.debugOrder.Lock()
	defer c.debugOrder.Unlock()
	_, _ = io.Copy(c.debug, &b)
}

// redactBody returns a body with the values of its secret fields, at any depth,
// and all that looks like a key or a token replaced. What is not JSON is only
// described: a login that was cut off still holds its token.
func redactBody(h http.Header, body []byte) string {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if !json.Valid(body) || dec.Decode(&v) != nil {
		if isHTML(h, body) {
			return describe(h, body)
		}
		return fmt.Sprintf("(%d bytes that are not JSON)", len(body))
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(redact(v)); err != nil {
		return fmt.Sprintf("(%d bytes)", len(body))
	}
	return visible(strings.TrimSpace(out.String()))
}

func redact(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if secretName().MatchString(name) && value != nil {
				v[name] = redacted
			} else {
				v[name] = redact(value)
			}
		}
	case []any:
		for i := range v {
			v[i] = redact(v[i])
		}
	case string:
		return secretValue().ReplaceAllString(v, redacted)
	}
	return v
}

// redactQuery keeps the order of the parameters.
func redactQuery(q string) string {
	parts := strings.Split(q, "&")
	for i, part := range parts {
		if name, _, found := strings.Cut(part, "="); found && secretName().MatchString(name) {
			parts[i] = name + "=" + redacted
		}
	}
	return secretValue().ReplaceAllString(strings.Join(parts, "&"), redacted)
}

// visible shows marks that JSON leaves as they are but a terminal obeys.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) || isInvisible(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
