package plain

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/bayworks/stockctl/internal/failure"
)

// maxMessage is the longest message of the API, in characters; the rest is cut.
const maxMessage = 300

var (
	titleTag = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`) })
	htmlTag  = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|title|h1|p)\b`)
	})
)

// Clean makes a text of the API safe for one line on a terminal: it replaces control
// characters with blanks, removes invisible ones, and cuts the text.
func Clean(s string) string {
	// Hostile texts may be megabytes long. A rune has at most four bytes.
	if most := 16 * maxMessage; len(s) > most {
		s = s[:most]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case IsControl(r) || unicode.IsSpace(r):
			return ' '
		case IsInvisible(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return failure.Clip(strings.Join(strings.Fields(s), " "), maxMessage)
}

// IsHTML reports whether a response is a web page, as from a proxy or a login portal.
func IsHTML(h http.Header, body []byte) bool {
	if strings.Contains(strings.ToLower(h.Get("Content-Type")), "html") {
		return true
	}
	return htmlTag().Match(body[:min(len(body), 1024)])
}

// Describe briefly describes a response that is not JSON.
func Describe(h http.Header, body []byte) string {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return ""
	}
	if !IsHTML(h, body) {
		return Clean(string(body[:min(len(body), 16*maxMessage)]))
	}
	found := titleTag().FindSubmatch(body[:min(len(body), 64<<10)])
	if found == nil {
		return "an HTML page"
	}
	title := failure.Clip(Clean(html.UnescapeString(string(found[1]))), 100)
	if title == "" {
		return "an HTML page"
	}
	return fmt.Sprintf("an HTML page titled %q", title)
}

// IsControl reports whether a character may control a terminal or ends a line.
func IsControl(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// IsInvisible reports whether a character is invisible but may change a text:
// zero-width characters, byte order marks, bidi overrides.
func IsInvisible(r rune) bool { return unicode.Is(unicode.Cf, r) }
