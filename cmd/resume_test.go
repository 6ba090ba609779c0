package cmd_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

const deliveries = "productId,skuId,warehouseId,qty,action\nprod_abc123,,LGS-01,4,received\nprod_phone_789,sku_red_256gb,LGS-01,2,received\n"

// runID returns the run that a hint says to resume.
func runID(t *testing.T, text string) string {
	t.Helper()
	id := regexp.MustCompile("import resume ([0-9A-HJKMNP-TV-Z]{16})`").FindStringSubmatch(text)
	if id == nil {
		t.Fatalf("no run is named:\n%s", text)
	}
	return id[1]
}

// left imports deliveries until the shop refuses the token at the first write, and returns
// the run.
func left(t *testing.T, server *faultServer, u *user, args ...string) (run, file string) {
	t.Helper()
	u.env["STOCKCTL_TIMEOUT"] = "300ms" // the resumed run waits for as long as this one could take
	server.aim, server.nth, server.hit = isWrite, server.aimed.Load()+1, notSignedIn
	file = u.file(t, "rows.csv", deliveries)
	code, _, errOut := u.run(t, t.Context(), append([]string{"inventory", "import", file, "--mode", "adjust", "--concurrency", "1"}, args...)...)
	if code != 4 {
		t.Fatalf("exit %d, want 4\n%s", code, errOut)
	}
	return runID(t, errOut), file
}

// A run can be resumed only with its own API and store: elsewhere the same ids may be other
// stock.
func TestResumeRefusesAnotherStore(t *testing.T) {
	t.Parallel()
	server, u := newShop(t)
	run, _ := left(t, server, u)
	began := len(server.received())

	other, _ := newShop(t)
	u.env["STOCKCTL_BASE_URL"] = other.URL
	u.env["STOCKCTL_TOKEN"], _ = other.shop.IssueToken()
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", "resume", run)
	want := "error: run " + run + " is for " + server.URL + ", not " + other.URL + "\nhint: it was started with `--profile default`\n"
	if code != 2 || out != "" || errOut != want || len(other.received()) > 0 {
		t.Errorf("another base URL: exit %d, want 2, %d writes\n%s%s\nwant %s", code, len(other.received()), out, errOut, want)
	}

	u.env["STOCKCTL_BASE_URL"] = server.URL
	u.env["STOCKCTL_TOKEN"], _ = server.shop.IssueToken()
	server.meddle = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		if !strings.HasSuffix(r.URL.Path, "/users/profile") {
			return false
		}
		text := strings.ReplaceAll(server.work(r).Body.String(), "tnt_sandbox", "tnt_other")
		_, _ = w.Write([]byte(text))
		return true
	}
	code, out, errOut = u.run(t, t.Context(), "inventory", "import", "resume", run)
	want = "error: run " + run + " is for another store\nhint: it was started with `--profile default`\n"
	if code != 2 || out != "" || errOut != want || len(server.received()) != began {
		t.Errorf("another store: exit %d, want 2, %d writes\n%s%s\nwant %s", code, len(server.received())-began, out, errOut, want)
	}

	server.meddle = nil
	if code, out, errOut := u.run(t, t.Context(), "inventory", "import", "resume", run); code != 0 || !strings.Contains(out, " 2 applied") {
		t.Errorf("the same store: exit %d, want 0\n%s%s\nwant %q in it", code, out, errOut, " 2 applied")
	}
}

// A count can be resumed only with its own API.
func TestResumeOfACountRefusesAnotherStore(t *testing.T) {
	server, u := newShop(t)
	u.stdin = "00512\n"
	code, _, errOut := u.run(t, t.Context(), "inventory", "count", "--scan", "--warehouse", "LGS-01")
	id := regexp.MustCompile("count resume ([0-9A-Z]{16})`").FindStringSubmatch(errOut)
	if code != 2 || id == nil {
		t.Fatalf("exit %d, want 2\n%s", code, errOut)
	}
	other, _ := newShop(t)
	u.env["STOCKCTL_BASE_URL"] = other.URL
	u.env["STOCKCTL_TOKEN"], _ = other.shop.IssueToken()
	code, out, errOut := u.run(t, t.Context(), "inventory", "count", "resume", id[1])
	want := "error: count " + id[1] + " is for " + server.URL + ", not " + other.URL + "\nhint: it was started with `--profile default`\n"
	if code != 2 || out != "" || errOut != want {
		t.Errorf("exit %d, want 2\n%s%s\nwant %s", code, out, errOut, want)
	}
}

// An unfinished import cannot be started again, identified by its contents or its id; it
// must be resumed. Other imports are not affected.
func TestAnUnfinishedImportIsNotStartedAgain(t *testing.T) {
	t.Parallel()
	for _, name := range [][]string{nil, {"--import-id", "night-1"}} {
		server, u := newShop(t)
		run, file := left(t, server, u, name...)
		began := len(server.received())
		again := append([]string{"inventory", "import", file, "--mode", "adjust"}, name...)
		code, out, errOut := u.run(t, t.Context(), again...)
		want := regexp.MustCompile(`(?m)^error: run ` + run + ` of this import, started \S+, is not finished\nhint: continue with .stockctl inventory import resume ` + run + `.\n`)
		if code != 7 || out != "" || !want.MatchString(errOut) || len(server.received()) != began {
			t.Errorf("%v: exit %d, want 7, %d writes\n%s%s", name, code, len(server.received())-began, out, errOut)
		}
		other := []string{"inventory", "import", file, "--mode", "adjust", "--import-id", "night-2"}
		if code, out, errOut := u.run(t, t.Context(), other...); code != 0 || !strings.Contains(out, " 2 applied") {
			t.Errorf("another import: exit %d, want 0\n%s%s\nwant %q in it", code, out, errOut, " 2 applied")
		}
	}
}

// Exactly the rows that were checked are sent. If the file is edited between the check and
// the sending, no new value reaches the shop, even if its size and time are unchanged.
func TestAFileThatIsEditedAfterTheCheckIsNotSent(t *testing.T) {
	const before = "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n"
	for name, after := range map[string]string{"same size": "productId,warehouseId,initialQty\nprod_new,LGS-01,9\n", "longer": before + "prod_more,LGS-01,1\n"} {
		server, u := newShop(t)
		file := u.file(t, "rows.csv", before)
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		server.meddle = func(_ http.ResponseWriter, r *http.Request, _ int) bool {
			// The account is read after the rows.
			if strings.HasSuffix(r.URL.Path, "/users/profile") {
				u.file(t, "rows.csv", after)
				if err := os.Chtimes(file, time.Time{}, info.ModTime()); err != nil {
					t.Error(err)
				}
			}
			return false
		}
		code, out, errOut := u.run(t, t.Context(), "inventory", "import", file)
		stock := server.stock(t)
		now, exists := stock["prod_new@wh_abc123"]
		_, more := stock["prod_more@wh_abc123"]
		switch {
		case more, exists && now != 7:
			t.Errorf("%s: sent what was never checked: %v", name, stock)
		case code == 0 && exists: // the checked rows were sent
		case name == "longer" && code == 2 && !exists && strings.HasSuffix(errOut, "error: the file changed after it was checked: nothing was sent\n"):
		case name == "same size" && code == 10 && !exists && strings.Contains(errOut, "\nerror: the file changed while it was being imported: the rows after the change were not sent\n"+
			"hint: put the file back as it was and continue with `stockctl inventory import resume "):
		default:
			t.Errorf("%s: exit %d, exists: %v\n%s%s", name, code, exists, out, errOut)
		}
	}
}

// In set mode, the difference depends on the quantity that was read. It is computed again
// before a lost write is sent again, so that later movements do not count twice.
func TestSetReadsAgainBeforeItSendsAgain(t *testing.T) {
	t.Parallel()
	server, u := newShop(t)
	u.env["STOCKCTL_TIMEOUT"] = "300ms"
	server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
		if n == 1 {
			server.moved(t, "inv_xyz789", -5)
			cut()
		}
		return false
	}
	file := u.file(t, "rows.csv", "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,100\n")
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", file, "--mode", "set")
	sent := server.received()
	if code != 0 || len(sent) != 2 || sent[0].qty() != -20 || sent[1].qty() != -15 || server.stock(t)["prod_abc123@wh_abc123"] != 100 {
		t.Errorf("exit %d, want 0, sent %v\n%s%s", code, sent, out, errOut)
	}
}

// cancelled runs an import, handles its first write with does, and stops it at that time.
// It returns the run.
func cancelled(t *testing.T, server *faultServer, u *user, does func(r *http.Request), args ...string) string {
	t.Helper()
	u.env["STOCKCTL_TIMEOUT"] = "300ms"
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	server.meddle = func(_ http.ResponseWriter, r *http.Request, n int) bool {
		if n == 1 {
			does(r)
			cancel()
			cut()
		}
		return false
	}
	code, out, errOut := u.run(t, ctx, append([]string{"inventory", "import", "-o", "json"}, args...)...)
	var summary struct{ Counts struct{ InDoubt int64 } }
	if err := json.Unmarshal([]byte(out), &summary); err != nil || code != 130 || summary.Counts.InDoubt != 1 {
		t.Fatalf("exit %d, want 130 (%v)\n%s%s", code, err, out, errOut)
	}
	return runID(t, errOut)
}

// Set mode also reads the quantity again when the run is resumed.
func TestResumedSetReadsAgain(t *testing.T) {
	t.Parallel()
	server, u := newShop(t)
	file := u.file(t, "rows.csv", "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,100\n")
	run := cancelled(t, server, u, func(*http.Request) {}, file, "--mode", "set")
	server.moved(t, "inv_xyz789", -5)
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", "resume", run)
	sent := server.received()
	if code != 0 || len(sent) != 2 || sent[1].qty() != -15 || server.stock(t)["prod_abc123@wh_abc123"] != 100 {
		t.Errorf("exit %d, want 0, sent %v\n%s%s", code, sent, out, errOut)
	}
}

// If the resumed run finds the record of a create whose response was lost, the record
// counts as created, not as "already" or refused.
func TestResumeRemembersACreateInDoubt(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"fail", "same"} {
		server, u := newShop(t)
		file := u.file(t, "rows.csv", "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n")
		run := cancelled(t, server, u, func(r *http.Request) { server.work(r) }, file, "--if-exists", policy)
		code, out, errOut := u.run(t, t.Context(), "inventory", "import", "resume", run)
		if code != 0 || !strings.Contains(out, "\n  1 confirmed\n") || server.stock(t)["prod_new@wh_abc123"] != 7 {
			t.Errorf("--if-exists %s: exit %d, want 0\n%s%s", policy, code, out, errOut)
		}
	}
}

// The resumed run finds an adjustment whose response was lost in the log.
func TestResumeFindsAnAdjustInDoubt(t *testing.T) {
	t.Parallel()
	server, u := newShop(t)
	run := cancelled(t, server, u, func(r *http.Request) { server.work(r) }, u.file(t, "rows.csv", deliveries), "--mode", "adjust", "--concurrency", "1")
	code, out, errOut := u.run(t, t.Context(), "inventory", "import", "resume", run)
	if code != 0 || !strings.Contains(out, "  1 applied   1 confirmed\n") || server.stock(t)["prod_abc123@wh_abc123"] != 124 || len(server.received()) != 2 {
		t.Errorf("exit %d, want 0\n%s%s", code, out, errOut)
	}
}

// If a run cannot be resumed, the message says why and what to do, and nothing is sent.
func TestWhyARunCannotBeResumed(t *testing.T) {
	t.Parallel()
	server, u := newShop(t)
	run, _ := left(t, server, u)
	began := len(server.received())
	refused := func(want string, args ...string) {
		t.Helper()
		code, out, errOut := u.run(t, t.Context(), append([]string{"inventory", "import"}, args...)...)
		if code != 2 || out != "" || errOut != "error: "+want+"\n" || len(server.received()) != began {
			t.Errorf("%v: exit %d, want 2, %d writes\n%s%s", args, code, len(server.received())-began, out, errOut)
		}
	}
	refused("run "+run+" is not finished, and there is no terminal to prompt on\nhint: add --yes", "forget", run)

	server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
		if n != began+1 {
			return false
		}
		// While the run is active, no other process can resume or forget it.
		code, _, errOut := u.run(t, t.Context(), "inventory", "import", "resume", run)
		if want := "error: run " + run + " is in use by another process\n"; code != 2 || errOut != want {
			t.Errorf("resumed twice: exit %d, want 2\n%s\nwant %s", code, errOut, want)
		}
		code, _, errOut = u.run(t, t.Context(), "inventory", "import", "forget", run, "--yes")
		if want := "error: run " + run + " is in use by another process\n"; code != 2 || errOut != want {
			t.Errorf("forgotten while in use: exit %d, want 2\n%s\nwant %s", code, errOut, want)
		}
		return false
	}
	if code, out, errOut := u.run(t, t.Context(), "inventory", "import", "resume", run); code != 0 {
		t.Fatalf("exit %d, want 0\n%s%s", code, out, errOut)
	}
	began = len(server.received())
	refused("run "+run+" is finished: there is nothing left to do", "resume", run)

	if code, _, errOut := u.run(t, t.Context(), "inventory", "import", "forget", run); code != 0 || errOut != "forgot run "+run+"\n" {
		t.Errorf("exit %d, want 0\n%s", code, errOut)
	}
	if code, _, errOut := u.run(t, t.Context(), "inventory", "import", "status", run); code != 6 {
		t.Errorf("it is still there: exit %d, want 6\n%s", code, errOut)
	}
}

// A resumed run sends the rows that were checked at its start, even if the file has changed.
func TestARunSendsTheRowsThatWereChecked(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(file string) error{
		"edited": func(file string) error {
			return os.WriteFile(file, []byte(strings.ReplaceAll(deliveries, ",4,", ",400,")), 0o600)
		},
		"gone": os.Remove,
	} {
		server, u := newShop(t)
		run, file := left(t, server, u)
		if err := change(file); err != nil {
			t.Fatal(err)
		}
		code, out, errOut := u.run(t, t.Context(), "inventory", "import", "resume", run)
		if code != 0 || !strings.Contains(out, "  2 applied") || server.stock(t)["prod_abc123@wh_abc123"] != 124 {
			t.Errorf("%s: exit %d, want 0\n%s%s\nwant %q in it", name, code, out, errOut, "  2 applied")
		}
	}
}

// On one machine, only one process at a time can run an import.
func TestAnImportRunsOnceAtATime(t *testing.T) {
	server, u := newShop(t)
	file := u.file(t, "rows.csv", deliveries)
	args := []string{"inventory", "import", file, "--mode", "adjust", "--concurrency", "1"}
	server.meddle = func(_ http.ResponseWriter, _ *http.Request, n int) bool {
		if n == 1 {
			code, _, errOut := u.run(t, t.Context(), args...)
			if want := "error: another process is importing " + file + " now\nhint: see `stockctl inventory import runs`\n"; code != 2 || errOut != want {
				t.Errorf("exit %d, want 2\n%s\nwant %s", code, errOut, want)
			}
		}
		return false
	}
	if code, _, errOut := u.run(t, t.Context(), args...); code != 0 || len(server.received()) != 2 {
		t.Errorf("exit %d, want 0, %d writes\n%s", code, len(server.received()), errOut)
	}
}
