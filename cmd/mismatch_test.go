package cmd_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A row whose token is in the log with another record or quantity is put on hold: neither
// the run nor a resumed run confirms it or sends it again.
func TestATokenWithAnotherRecordOrQuantityIsOnHold(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(path, body string) (string, string){
		"another quantity": func(path, body string) (string, string) {
			return path, strings.Replace(body, `"qty":4`, `"qty":5`, 1)
		},
		"another record": func(path, body string) (string, string) {
			return strings.Replace(path, "inv_xyz789", "inv_ebook101", 1), body
		},
	} {
		server, u := newShop(t)
		server.meddle = func(_ http.ResponseWriter, r *http.Request, n int) bool {
			if n != 1 {
				return false
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				cut()
			}
			path, text := change(r.URL.Path, string(body))
			if path == r.URL.Path && text == string(body) {
				t.Errorf("%s: the movement is sent in another form: %s %s", name, path, body)
			}
			r.URL.Path, r.Body, r.ContentLength = path, io.NopCloser(bytes.NewReader([]byte(text))), int64(len(text))
			server.work(r)
			cut()
			return true
		}
		file := u.file(t, "rows.csv", "productId,warehouseId,qty,action\nprod_abc123,LGS-01,4,received\n")
		code, out, errOut := u.run(t, t.Context(), "inventory", "import", file, "--mode", "adjust")
		if code != 9 || !strings.Contains(out, " 1 held") || len(server.received()) != 1 {
			t.Fatalf("%s: exit %d, want 9, %d writes\n%s%s\nwant %q in it", name, code, len(server.received()), out, errOut, " 1 held")
		}
		code, out, errOut = u.run(t, t.Context(), "inventory", "import", "resume", runID(t, out+errOut))
		if code != 9 || !strings.Contains(out, " 1 held") || len(server.received()) != 1 {
			t.Errorf("%s, resumed: exit %d, want 9, %d writes\n%s%s\nwant %q in it", name, code, len(server.received()), out, errOut, " 1 held")
		}
	}
}
