package cmd_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// The writes leave as --rate allows, however many connections there are: the
// shop sees the last no sooner than the intervals between them add up to.
func TestRateSpacesTheWrites(t *testing.T) {
	const rows, each = 8, 50 * time.Millisecond
	text := "productId,warehouseId,initialQty\n"
	for _, name := range strings.Split("a b c d e f g h", " ") {
		text += "prod_" + name + ",LGS-01,1\n"
	}
	server, u := newShop(t)
	began := time.Now()
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", text), "--rate", "20", "--concurrency", "8")
	sent := server.received()
	if code != 0 || len(sent) != rows {
		t.Fatalf("exit %d, %d writes\n%s%s", code, len(sent), out, errOut)
	}
	for i, w := range sent {
		if took := w.at.Sub(began); took < time.Duration(i)*each {
			t.Errorf("write %d arrives after %s: 20 a second are allowed", i+1, took)
		}
	}
}

// An API that says when to come again is obeyed by every worker: while it waits
// nothing is sent. What was refused so is sent again, once.
func TestRetryAfterHoldsEveryWorkerBack(t *testing.T) {
	const first = 4 // that leave before the API has said anything
	server, u := newShop(t)
	full := make(chan struct{}) // closed when all of these are under way
	var refused time.Time       // before any of the refusals
	var once sync.Once
	server.meddle = func(w http.ResponseWriter, r *http.Request, n int) bool {
		if n == 0 || n > first {
			return false
		}
		if n == first {
			close(full)
		}
		select {
		case <-full:
		case <-r.Context().Done():
		}
		once.Do(func() { refused = time.Now() })
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	text := "productId,warehouseId,initialQty\n"
	for _, name := range strings.Split("a b c d e f", " ") {
		text += "prod_" + name + ",LGS-01,1\n"
	}
	u.env["STOCKCTL_TIMEOUT"] = "30s"
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", text), "--concurrency", "4")
	sent := server.received()
	if code != 0 || len(sent) != first+6 || !strings.Contains(out, "  applied 6 ") {
		t.Fatalf("exit %d, %d writes\n%s%s", code, len(sent), out, errOut)
	}
	for _, w := range sent[first:] {
		if after := w.at.Sub(refused); after < time.Second {
			t.Errorf("a write arrives %s after the API asked for a second", after)
		}
	}
}

// --max-errors stops a run when more rows are refused than it says, and not when
// just as many are: as a number and as a share.
func TestMaxErrorsAtItsBoundary(t *testing.T) {
	// Of ten rows the first three would leave less than nothing.
	text := "productId,warehouseId,qty,action\n" + strings.Repeat("prod_abc123,LGS-01,-1000,sold\n", 3) + strings.Repeat("prod_abc123,LGS-01,1,received\n", 7)
	for limit, stops := range map[string]bool{"3": false, "2": true, "30%": false, "29.9%": true, "0": true, "0%": true, "100%": false} {
		server, u := newShop(t)
		code, out, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", text), "--mode", "adjust", "--concurrency", "1", "--max-errors", limit)
		onHand := server.stock(t)["prod_abc123@wh_abc123"]
		if !stops {
			if code != 10 || onHand != 127 || !strings.Contains(errOut, "error: 3 of 10 rows were not imported\n") {
				t.Errorf("%s: exit %d, %d on hand\n%s%s", limit, code, onHand, out, errOut)
			}
			continue
		}
		many := "3"
		if strings.HasPrefix(limit, "0") {
			many = "1"
		}
		if code != 10 || onHand != 120 || !strings.Contains(errOut, "error: "+many+" of 10 rows were refused: --max-errors stopped the run\n") {
			t.Errorf("%s: exit %d, %d on hand\n%s%s", limit, code, onHand, out, errOut)
		}
	}
}
