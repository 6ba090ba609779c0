package cmd_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Writes respect --rate regardless of the number of connections: the last one cannot
// arrive before the sum of the intervals.
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
		t.Fatalf("exit %d, want 0, %d writes\n%s%s", code, len(sent), out, errOut)
	}
	for i, w := range sent {
		if took := w.at.Sub(began); took < time.Duration(i)*each {
			t.Errorf("write %d arrives after %s: 20 a second are allowed", i+1, took)
		}
	}
}

// All workers respect the API's Retry-After: nothing is sent while they wait. Refused rows
// are sent again once.
func TestRetryAfterPausesEveryWorker(t *testing.T) {
	const first = 4 // sent before the first refusal
	server, u := newShop(t)
	full := make(chan struct{}) // closed when all of them have arrived
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
	if code != 0 || len(sent) != first+6 || !strings.Contains(out, "  6 applied") {
		t.Fatalf("exit %d, want 0, %d writes\n%s%s\nwant %q in it", code, len(sent), out, errOut, "  6 applied")
	}
	for _, w := range sent[first:] {
		if after := w.at.Sub(refused); after < time.Second {
			t.Errorf("a write arrives %s after the API asked for a second", after)
		}
	}
}

// The log is read to settle lost writes while others wait to be sent. Both keep to --rate,
// and neither waits until the other has ended.
func TestReadsOfTheLogAndWritesTakeTurns(t *testing.T) {
	const records, lost, each = 40, 4, 10 * time.Millisecond
	create, adjust := "productId,warehouseId,initialQty\n", ""
	for i := range records {
		create += fmt.Sprintf("prod_%d,LGS-01,1\n", i)
		adjust += fmt.Sprintf("prod_%d,LGS-01,1,received\n", i)
	}
	server, u := newShop(t)
	if code, out, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "new.csv", create)); code != 0 {
		t.Fatalf("exit %d, want 0\n%s%s", code, out, errOut)
	}
	var mu sync.Mutex
	order, last := "", time.Time{} // r: a read; w: a write; x: a write whose response is lost
	server.meddle = func(_ http.ResponseWriter, r *http.Request, n int) bool {
		kind := "r"
		switch {
		case n > records+lost:
			kind = "w"
		case n > 0:
			kind = "x"
		}
		mu.Lock()
		order, last = order+kind, time.Now()
		mu.Unlock()
		if kind == "x" {
			server.work(r)
			cut()
		}
		return false
	}
	u.env["STOCKCTL_TIMEOUT"] = "200ms"
	file := u.file(t, "rows.csv", "productId,warehouseId,qty,action\n"+adjust+adjust+adjust)
	began := time.Now()
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", file, "--mode", "adjust", "--rate", "100", "--concurrency", "8")
	if code != 0 || !strings.Contains(out, fmt.Sprintf("%d applied   %d confirmed", 3*records-lost, lost)) {
		t.Fatalf("exit %d, want 0\n%s%s", code, out, errOut)
	}
	_, order, _ = strings.Cut(order, "x") // before it is the check of the file
	if least := time.Duration(len(order)) * each; last.Sub(began) < least {
		t.Errorf("%d requests within %v, at one every %v", len(order), last.Sub(began), each)
	}
	for _, series := range []string{strings.Repeat("w", records), strings.Repeat("r", records/2)} {
		if strings.Contains(strings.TrimRight(order, "w"), series) {
			t.Errorf("%d of a kind in a row while the other kind was waiting: %s", len(series), order)
		}
	}
}

// --max-errors stops a run if more rows are refused than the limit, but not if exactly as
// many are, both as a number and as a percentage.
func TestMaxErrorsAtItsBoundary(t *testing.T) {
	t.Parallel()
	// The first three of ten rows would make the stock negative.
	text := "productId,warehouseId,qty,action\n" + strings.Repeat("prod_abc123,LGS-01,-1000,sold\n", 3) + strings.Repeat("prod_abc123,LGS-01,1,received\n", 7)
	for limit, stops := range map[string]bool{"3": false, "2": true, "30%": false, "29.9%": true, "0": true, "0%": true, "100%": false} {
		server, u := newShop(t)
		code, out, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", text), "--mode", "adjust", "--concurrency", "1", "--max-errors", limit)
		onHand := server.stock(t)["prod_abc123@wh_abc123"]
		if !stops {
			if code != 10 || onHand != 127 || !strings.Contains(errOut, "error: 3 of 10 rows were not imported\n") {
				t.Errorf("%s: exit %d, want 10, %d on hand\n%s%s", limit, code, onHand, out, errOut)
			}
			continue
		}
		many := "3"
		if strings.HasPrefix(limit, "0") {
			many = "1"
		}
		if code != 10 || onHand != 120 || !strings.Contains(errOut, "error: "+many+" of 10 rows were refused: --max-errors stopped the run\n") {
			t.Errorf("%s: exit %d, want 10, %d on hand\n%s%s", limit, code, onHand, out, errOut)
		}
	}
}

// If the API stops responding, the run ends after --max-wait with exit code 8, and can be
// resumed.
func TestUnavailableAPIEndsTheRun(t *testing.T) {
	t.Parallel()
	server, u := newShop(t)
	server.meddle = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		if n > 1 {
			w.WriteHeader(http.StatusBadGateway)
		}
		return n > 1
	}
	u.env["STOCKCTL_TIMEOUT"] = "300ms"
	file := u.file(t, "rows.csv", fourProducts)
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", file, "--concurrency", "1", "--max-wait", "300ms")
	if code != 8 || !strings.Contains(out, "  1 applied") || !strings.Contains(errOut, "error: the import stopped after 1 of 4 rows: ") {
		t.Errorf("exit %d, want 8\n%s%s", code, out, errOut)
	}
	server.meddle = nil
	code, out, errOut = u.run(t, t.Context(), "inventory", "import", "resume", runID(t, errOut))
	if code != 0 || !strings.Contains(out, "  4 applied") || server.stock(t)["prod_d@wh_abc123"] != 4 {
		t.Errorf("resumed: exit %d, want 0, %v\n%s%s\nwant %q in it", code, server.stock(t), out, errOut, "  4 applied")
	}
}

// A row is sent at most five times if its responses are lost, and other rows are not
// affected.
func TestARowIsSentAtMostFiveTimes(t *testing.T) {
	t.Parallel()
	for mode, text := range map[string]string{
		"create": "productId,warehouseId,initialQty\nprod_lost,LGS-01,1\nprod_a,LGS-01,1\nprod_b,LGS-01,2\n",
		"adjust": "productId,skuId,warehouseId,qty,action\nprod_abc123,,LGS-01,4,received\nprod_phone_789,sku_red_256gb,LGS-01,2,received\n",
	} {
		server, u := newShop(t)
		u.env["STOCKCTL_TIMEOUT"] = "100ms"
		var mu sync.Mutex
		lost := 0
		server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
			if n == 0 {
				return false
			}
			w := server.received()[n-1]
			if strings.Contains(w.body, "prod_lost") || strings.Contains(w.path, "inv_xyz789") {
				mu.Lock()
				lost++
				mu.Unlock()
				cut()
			}
			return false
		}
		code, out, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", text), "--mode", mode)
		stock := server.stock(t)
		if _, exists := stock["prod_lost@wh_abc123"]; code != 10 || lost != 5 || exists || stock["prod_abc123@wh_abc123"] != 120 || !strings.Contains(out, " 1 rejected") {
			t.Errorf("%s: exit %d, want 10, sent %d times, the shop has %v\n%s%s\nwant %q in it", mode, code, lost, stock, out, errOut, " 1 rejected")
		}
	}
}

// With --rate, no request of an import exceeds the rate, neither reads nor writes.
func TestRateSpacesTheReads(t *testing.T) {
	t.Parallel()
	const each = 50 * time.Millisecond
	var mu sync.Mutex
	var asked []time.Time
	reads := 0
	server, u := newShop(t)
	server.meddle = func(_ http.ResponseWriter, r *http.Request, _ int) bool {
		mu.Lock()
		defer mu.Unlock()
		if asked = append(asked, time.Now()); r.Method == http.MethodGet {
			reads++
		}
		return false
	}
	text := "productId,warehouseId,qty,action\n" + strings.Repeat("prod_abc123,LGS-01,1,received\n", 6)
	began := time.Now()
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", text), "--mode", "adjust", "--rate", "20", "--concurrency", "8")
	mu.Lock()
	defer mu.Unlock()
	if code != 0 || reads == 0 || len(asked) < reads+6 {
		t.Fatalf("exit %d, want 0, %d requests, of them %d reads\n%s%s", code, len(asked), reads, out, errOut)
	}
	for i, at := range asked {
		if took := at.Sub(began); took < time.Duration(i)*each {
			t.Errorf("request %d arrives after %s: 20 a second are allowed", i+1, took)
		}
	}
}

// A count reports how long it waited for the API.
func TestACountSaysHowLongItWaited(t *testing.T) {
	t.Parallel()
	server, u := newShop(t)
	server.meddle = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		if n != 1 {
			return false
		}
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	file := u.file(t, "count.csv", "productId,countedQty\nprod_abc123,100\n")
	code, out, errOut := u.run(t, t.Context(), "inventory", "count", file, "--warehouse", "LGS-01", "--yes")
	if code != 0 || !strings.Contains(errOut, " s of it were spent waiting for the API\n") {
		t.Errorf("exit %d, want 0\n%s%s", code, out, errOut)
	}
}
