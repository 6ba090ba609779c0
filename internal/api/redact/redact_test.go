package redact

import (
	"net/http"
	"strings"
	"testing"
)

// A server chooses the names of its headers, too: they cannot control the terminal.
func TestBlockIsClean(t *testing.T) {
	h := http.Header{"X-\x1b[2J": {"secret"}, "Content-Type": {"text/\x1b[2Jplain"}}
	got := string(Block("< ", "200", h, nil))
	if strings.Contains(got, "\x1b") || strings.Contains(got, "secret") || !strings.HasPrefix(got, "< 200\n< Content-Type: text/") {
		t.Errorf("got %q, want the headers without control characters and secrets", got)
	}
}
