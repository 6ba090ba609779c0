package cmd_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// The maximum that a command may print of a hostile server's text.
const wordy = 64 << 10

// hostile is a server that responds to every request in a harmful way.
type hostile struct {
	name   string
	answer http.HandlerFunc
}

const trap = "\x1b]0;owned\x07\u202egnp.exe\u0085\r"

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func hostiles(elsewhere string) []hostile {
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
		}
	}
	row := `{"id":"inv_1","productId":"p","warehouseId":"w","warehouseName":"` + "%s" + `","onHandQty":1}`
	return []hostile{
		{"a redirect to the same host", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other", http.StatusFound) }},
		{"a redirect to another host", redirect(elsewhere)},
		{"a redirect to plain http elsewhere", redirect("http://example.com/")},
		{"a body without end", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"status":true,"data":[`)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat(" ", 1<<16)); err != nil {
					return
				}
			}
		}},
		{"a gzip bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			blank := []byte(strings.Repeat(" ", 1<<20))
			for range 64 {
				if _, err := z.Write(blank); err != nil {
					return
				}
			}
			_ = z.Close()
		}},
		{"a deeply nested response", says(200, `{"status":true,"data":`+strings.Repeat("[", 1<<20)+strings.Repeat("]", 1<<20)+"}")},
		{"wrong types everywhere", says(200, `{"status":true,"data":{"content":[{"id":{},"productId":[1],"onHandQty":"many","createdAt":{}}],"totalElements":"x"}}`)},
		{"a row that is a number", says(200, `{"status":true,"data":[7]}`)},
		{"a total that is never reached", says(200, `{"status":true,"data":{"content":[`+fmt.Sprintf(row, "Lagos")+`],"totalElements":1000000}}`)},
		{"an id that climbs", says(200, `{"status":true,"data":[{"id":"../../x","code":"W","name":"N","productId":"a/b?c","warehouseId":"../w","onHandQty":1}]}`)},
		{
			"control characters in names",
			says(200, `{"status":true,"data":[{"id":"w","code":"W`+jsonText(trap)+`","name":"`+jsonText(trap)+`","productId":"p`+jsonText(trap)+`","warehouseName":"`+jsonText(trap)+`","onHandQty":1}]}`),
		},
		{"control characters in a refusal", says(400, `{"status":false,"message":"`+jsonText(trap)+`","code":"`+jsonText(trap)+`"}`)},
		{"a long refusal", says(400, `{"status":false,"message":"`+strings.Repeat("no ", 1<<20)+`"}`)},
		{"a wait of a year", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "31536000")
			w.WriteHeader(http.StatusTooManyRequests)
		}},
		{"headers without end", func(w http.ResponseWriter, _ *http.Request) {
			for i := range 2000 {
				w.Header().Add(fmt.Sprintf("X-%d", i), strings.Repeat("x", 1000))
			}
			w.WriteHeader(http.StatusOK)
		}},
	}
}

// jsonText encodes a text for JSON with every character escaped.
func jsonText(text string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return b.String()
}

func hostileCommands() [][]string {
	return [][]string{
		{"inventory", "list", "--all"},
		{"inventory", "get", "p@w"},
		{"inventory", "logs", "--all"},
		{"warehouse", "list"},
		{"product", "list"},
		{"inventory", "create", "--product", "p", "--warehouse", "w", "--initial-qty", "1"},
		{"api", "GET", "/v1/warehouses", "--paginate"},
	}
}

// TestHostileServer runs commands against hostile servers. Each command must end by
// itself, print a limited amount of text without terminal control characters, and send
// the keys to no other host. The exit codes and the output are in
// testdata/hostile.golden.
func TestHostileServer(t *testing.T) {
	t.Parallel()
	var heard atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Add(1) }))
	t.Cleanup(elsewhere.Close)
	attacks := hostiles(elsewhere.URL)
	reported := make([]string, len(attacks))
	var every sync.WaitGroup
	for i, h := range attacks {
		server := httptest.NewServer(h.answer)
		t.Cleanup(server.Close)
		every.Go(func() {
			u := customer(t, server.URL, "pk_test_hostile", "token.of.hostile")
			u.env["STOCKCTL_TIMEOUT"] = "30s"
			u.env["STOCKCTL_MAX_WAIT"] = "100ms"
			var b strings.Builder
			for _, args := range hostileCommands() {
				code, out, errOut := u.run(t, t.Context(), args...)
				harmless(t, h.name, out)
				harmless(t, h.name, errOut)
				tidy := strings.NewReplacer(server.Listener.Addr().String(), "HOST", elsewhere.Listener.Addr().String(), "ELSEWHERE")
				fmt.Fprintf(&b, "# %s: exit %d\n%s%s", strings.Join(args[:2], " "), code, fixed(tidy.Replace(out)), fixed(tidy.Replace(errOut)))
			}
			reported[i] = b.String()
		})
	}
	every.Wait()
	if n := heard.Load(); n > 0 {
		t.Errorf("another host was sent %d requests", n)
	}
	var all strings.Builder
	for i, h := range attacks {
		fmt.Fprintf(&all, "## %s\n%s\n", h.name, reported[i])
	}
	isGolden(t, "testdata/hostile.golden", all.String())
}

// harmless checks that an output is limited in size and has no control characters.
func harmless(t *testing.T, name, text string) {
	t.Helper()
	if len(text) > wordy {
		t.Errorf("%s: %d bytes are printed", name, len(text))
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Cf, r) {
			t.Errorf("%s: %q is printed: %.300q", name, r, text)
			return
		}
	}
}

// isGolden compares a text with a golden file, or writes it with -update.
func isGolden(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s is not what happens (-update writes it):\n%s", file, diff)
	}
}
