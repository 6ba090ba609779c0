package cmd_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// journalOf returns the journal of a user's only import.
func (u *user) journalOf(t *testing.T) string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(u.env["STOCKCTL_STATE_DIR"], "imports", "*", "journal"))
	if err != nil || len(list) != 1 {
		t.Fatalf("the journals are %v (%v)", list, err)
	}
	return list[0]
}

// remembers reports whether the user's state folder contains a text.
func (u *user) remembers(t *testing.T, text string) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(u.env["STOCKCTL_STATE_DIR"], func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		holds, err := os.ReadFile(path)
		found = found || bytes.Contains(holds, []byte(text))
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// open returns the number of rows in the user's only import that were sent and have no
// outcome yet, as another process would read it from disk.
func (u *user) open(t *testing.T) int64 {
	t.Helper()
	var runs []struct{ Counts struct{ InDoubt int64 } }
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", "runs", "-o", "json")
	if err := json.Unmarshal([]byte(out), &runs); err != nil || code != 0 || len(runs) != 1 {
		t.Errorf("exit %d, want 0 (%v)\n%s%s", code, err, out, errOut)
		return -1
	}
	return runs[0].Counts.InDoubt
}

// When the shop receives a write, its intent must already be on disk, so that a later
// process knows about it whatever happens.
func TestAnIntentIsOnDiskBeforeItsRequestArrives(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		args []string
	}{
		"create":      {"productId,warehouseId,initialQty\nprod_a,LGS-01,7\nprod_b,LGS-01,0\n", nil},
		"create, set": {"productId,warehouseId,initialQty\nprod_abc123,LGS-01,7\nprod_b,LGS-01,0\n", []string{"--if-exists", "set"}},
		"adjust":      {deliveries, []string{"--mode", "adjust"}},
		"set":         {"productId,skuId,warehouseId,onHandQty\nprod_abc123,,LGS-01,7\nprod_phone_789,sku_red_256gb,LGS-01,0\n", []string{"--mode", "set"}},
	} {
		server, u := newShop(t)
		server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
			if n > 0 {
				if open := u.open(t); open != 1 {
					t.Errorf("%s: write %d arrives, and %d rows are on disk as sent", name, n, open)
				}
			}
			return false
		}
		args := append([]string{"inventory", "import", u.file(t, "rows.csv", test.text), "--concurrency", "1"}, test.args...)
		if code, out, errOut := u.run(t, t.Context(), args...); code != 0 || len(server.received()) < 2 {
			t.Errorf("%s: exit %d, want 0\n%s%s", name, code, out, errOut)
		}
	}
}

// Before the movements of a count or a transfer are sent, what identifies them in the
// log must be on disk: the token, or the reference from which it is derived.
func TestATokenIsOnDiskBeforeItsRequestArrives(t *testing.T) {
	for name, args := range map[string][]string{
		"count":    {"count", "FILE", "--warehouse", "LGS-01"},
		"transfer": {"transfer", "prod_abc123", "--from", "LGS-01", "--to", "ABJ-01", "--qty", "5"},
	} {
		server, u := newShop(t)
		if code, _, errOut := u.run(t, t.Context(), "inventory", "create", "--product", "prod_abc123", "--warehouse", "ABJ-01", "--initial-qty", "0"); code != 0 {
			t.Fatal(errOut)
		}
		server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
			if n > 0 {
				known := func(mark string) bool { return u.remembers(t, mark) }
				if marks := server.received()[n-1].marks(); !slices.ContainsFunc(marks, known) {
					t.Errorf("%s: write %d arrives with %q, which is not on disk", name, n, marks)
				}
			}
			return false
		}
		file := u.file(t, "shelf.csv", "productId,skuId,countedQty\nprod_abc123,,100\nprod_phone_789,sku_red_256gb,1\n")
		if code, out, errOut := u.run(t, t.Context(), withFile(file, args)...); code != 0 || len(server.received()) != 3 {
			t.Errorf("%s: exit %d, want 0, sent %v\n%s%s", name, code, server.received(), out, errOut)
		}
	}
}

// The summary of a run is compared with its journal before it is printed. If rows were
// counted but are not on disk, the exit code is 1 and the run is not finished.
func TestAMiscountIsAFailure(t *testing.T) {
	server, u := newShop(t)
	var size int64 // of the journal when the first row is sent
	server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
		switch n {
		case 1:
			info, err := os.Stat(u.journalOf(t))
			if err != nil {
				t.Error(err)
				return false
			}
			size = info.Size()
		case 3: // lose the outcome of the first rows
			if err := os.Truncate(u.journalOf(t), size); err != nil {
				t.Error(err)
			}
		}
		return false
	}
	file := u.file(t, "rows.csv", "productId,warehouseId,initialQty\nprod_a,LGS-01,1\nprod_b,LGS-01,2\nprod_c,LGS-01,3\nprod_d,LGS-01,4\n")
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", file, "--concurrency", "1")
	run := filepath.Base(filepath.Dir(u.journalOf(t)))
	want := "error: the counts of run " + run + " do not add up: 4 rows are counted as applied, but the journal has 2\n"
	if code != 1 || !strings.Contains(errOut, want) || !strings.Contains(out, "continue: stockctl inventory import resume "+run) {
		t.Errorf("exit %d, want 1\n%s%s", code, out, errOut)
	}
}

// The state on disk when the shop receives a write must be sufficient to continue, as
// after a kill at that time. The test copies the state, lets the import finish, resumes
// each copy, and checks that nothing is applied twice.
func TestTheStateOnDiskIsEnoughToContinue(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text         string
		args, resume []string
	}{
		"create": {"productId,warehouseId,initialQty\nprod_a,LGS-01,7\nprod_b,LGS-01,0\n", []string{"import", "FILE", "--concurrency", "1"}, []string{"import", "resume"}},
		"adjust": {deliveries, []string{"import", "FILE", "--concurrency", "1", "--mode", "adjust"}, []string{"import", "resume"}},
		"set": {
			"productId,skuId,warehouseId,onHandQty\nprod_abc123,,LGS-01,7\nprod_phone_789,sku_red_256gb,LGS-01,0\n",
			[]string{"import", "FILE", "--concurrency", "1", "--mode", "set"},
			[]string{"import", "resume"},
		},
		"count":    {"productId,skuId,countedQty\nprod_abc123,,100\nprod_phone_789,sku_red_256gb,1\n", []string{"count", "FILE", "--warehouse", "LGS-01"}, []string{"count", "resume"}},
		"transfer": {"", []string{"transfer", "prod_abc123", "--from", "LGS-01", "--to", "ABJ-01", "--qty", "5"}, []string{"transfer", "resume"}},
	} {
		server, u := newShop(t)
		u.env["STOCKCTL_TIMEOUT"] = "300ms"
		if code, _, errOut := u.run(t, t.Context(), "inventory", "create", "--product", "prod_abc123", "--warehouse", "ABJ-01", "--initial-qty", "0"); code != 0 {
			t.Fatal(errOut)
		}
		var copies []string
		server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
			if n > 0 {
				to := filepath.Join(u.home, "copies", strconv.Itoa(n))
				if err := os.CopyFS(to, os.DirFS(u.env["STOCKCTL_STATE_DIR"])); err != nil {
					t.Error(err)
				}
				copies = append(copies, to)
			}
			return false
		}
		if code, out, errOut := u.run(t, t.Context(), withFile(u.file(t, "rows.csv", test.text), test.args)...); code != 0 || len(copies) != 2 {
			t.Fatalf("%s: exit %d, want 0, %d writes\n%s%s", name, code, len(copies), out, errOut)
		}
		server.meddle = nil
		want := server.stock(t)
		for i, copied := range copies {
			u.env["STOCKCTL_STATE_DIR"] = copied
			code, out, errOut := u.run(t, t.Context(), append([]string{"inventory"}, test.resume...)...)
			if diff := cmp.Diff(want, server.stock(t)); code != 0 || diff != "" {
				t.Errorf("%s, killed at write %d: exit %d, want 0 %s\n%s%s", name, i+1, code, diff, out, errOut)
			}
		}
	}
}

// A request can still arrive after the program that sent it is dead. A resumed transfer
// reads the log, waits until the request can no longer arrive, and reads the log again,
// so that a movement that arrives in the meantime is not sent twice.
func TestALateHalfOfATransferIsNotSentTwice(t *testing.T) {
	t.Parallel()
	server, u := newShop(t)
	if code, _, errOut := u.run(t, t.Context(), "inventory", "create", "--product", "prod_abc123", "--warehouse", "ABJ-01", "--initial-qty", "0"); code != 0 {
		t.Fatal(errOut)
	}
	next := customer(t, server.URL, u.env["STOCKCTL_MERCHANT_API_KEY"], u.env["STOCKCTL_TOKEN"])
	u.env["STOCKCTL_TIMEOUT"], next.env["STOCKCTL_TIMEOUT"] = "300ms", "1s" // it waits twice as long as the longer one
	began := len(server.received())
	looked, worked, gone, started := make(chan struct{}), make(chan struct{}), make(chan struct{}), make(chan *process, 1)
	var once sync.Once
	server.meddle = func(w http.ResponseWriter, r *http.Request, n int) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/inventory/logs"):
			answer := server.work(r)
			again := true
			once.Do(func() { again = false; close(looked) })
			if again {
				<-worked // makes the next reading come after the late work, even on a slow machine
				answer = server.work(r)
			}
			_, _ = w.Write(answer.Body.Bytes())
			return true
		case n != began+1:
			return false
		}
		(<-started).signal(t, os.Kill)
		if err := os.CopyFS(next.env["STOCKCTL_STATE_DIR"], os.DirFS(u.env["STOCKCTL_STATE_DIR"])); err != nil {
			t.Error(err)
		}
		go func() {
			defer close(gone)
			if code, out, errOut := next.run(t, t.Context(), "inventory", "transfer", "resume"); code != 0 {
				t.Errorf("exit %d, want 0\n%s%s", code, out, errOut)
			}
		}()
		select {
		case <-looked: // the log was read without finding it
		case <-gone:
		}
		server.work(r)
		close(worked)
		cut()
		return true
	}
	p := u.start(t, "inventory", "transfer", "prod_abc123", "--from", "LGS-01", "--to", "ABJ-01", "--qty", "5")
	started <- p
	if err := p.Wait(); err == nil || p.ProcessState.ExitCode() != -1 {
		t.Fatalf("%s\n%s%s", p.ProcessState, p.out.String(), p.err.String())
	}
	<-gone
	if stock := server.stock(t); stock["prod_abc123@wh_abc123"] != 115 || stock["prod_abc123@wh_def456"] != 5 {
		t.Errorf("the shop has %v after %v", stock, server.received()[began:])
	}
}
