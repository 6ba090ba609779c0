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

// maxMessage is the most characters kept of a message of the API.
const maxMessage = 300

var (
	titleTag = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`) })
	htmlTag  = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|title|h1|p)\b`)
	})
)

// Clean makes a text of the API safe for a line on a terminal: control
// characters become blanks, marks that are not seen go, and it is cut.
func Clean(s string) string {
	// Hostile texts may be megabytes long; no rune takes more than four bytes.
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

// IsHTML tells whether an answer is a web page, as proxies and portals send.
func IsHTML(h http.Header, body []byte) bool {
	if strings.Contains(strings.ToLower(h.Get("Content-Type")), "html") {
		return true
	}
	return htmlTag().Match(body[:min(len(body), 1024)])
}

// Describe says in a few words what an answer is that is not JSON.
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

// IsControl tells of characters that a terminal may obey, and of line ends.
func IsControl(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// IsInvisible tells of marks that change how a text reads but are not seen:
// zero-width characters, byte order marks, bidi overrides.
func IsInvisible(r rune) bool { return unicode.Is(unicode.Cf, r) }
