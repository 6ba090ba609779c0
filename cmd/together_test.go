package cmd_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// together runs a command line several times concurrently, as separate processes would, and
// counts the exit codes. {} in an argument is the number of the run.
func (u *user) together(t *testing.T, n int, args ...string) map[int]int {
	t.Helper()
	codes := make([]int, n)
	var every sync.WaitGroup
	for i := range n {
		every.Go(func() {
			own := make([]string, len(args))
			for k, arg := range args {
				own[k] = strings.ReplaceAll(arg, "{}", fmt.Sprint(i))
			}
			codes[i], _, _ = u.run(t, t.Context(), own...)
		})
	}
	every.Wait()
	count := map[int]int{}
	for _, code := range codes {
		count[code]++
	}
	return count
}

// Processes that share a home must not overwrite each other's work.
func TestTogether(t *testing.T) {
	const n = 8
	u := customer(t, "", "pk_test_together", "token.of.together")
	u.env = map[string]string{"XDG_CONFIG_HOME": u.home, "STOCKCTL_STATE_DIR": filepath.Join(u.home, "state"), "STOCKCTL_PROFILE": "sandbox"}

	if got := u.together(t, n, "profile", "set", "shop{}", "--base-url", "https://shop{}.example"); got[0] != n {
		t.Errorf("profile set: got the exit codes %v, want %d times 0", got, n)
	}
	if _, out, _ := u.run(t, t.Context(), "profile", "list", "-o", "id"); strings.Count(out, "shop") != n {
		t.Errorf("profiles are lost: %s", out)
	}
	create := []string{"inventory", "create", "--product", "prod_new", "--warehouse", "LGS-01", "--initial-qty", "0"}
	if got := u.together(t, n, create...); got[0] != 1 || got[7] != n-1 {
		t.Errorf("one create of %d makes the record: %v", n, got)
	}
	if got := u.together(t, n, "inventory", "adjust", "prod_new@LGS-01", "--qty", "1", "--action", "received"); got[0] != n {
		t.Errorf("adjust: got the exit codes %v, want %d times 0", got, n)
	}
	if _, out, _ := u.run(t, t.Context(), "inventory", "get", "prod_new@LGS-01", "--jq", ".onHandQty"); out != fmt.Sprintln(n) {
		t.Errorf("on hand is %s", out)
	}
}

// Only one process can resume a run. The others fail with a message, and nothing is applied
// twice.
func TestResumeTogether(t *testing.T) {
	server := newFaultServer(t, sandbox.Published)
	token, _ := server.shop.IssueToken()
	u := customer(t, server.URL, server.shop.Account().MerchantAPIKey, token)
	text := "productId,warehouseId,qty,action,notes\n"
	for i := range 50 {
		text += fmt.Sprintf("prod_abc123,LGS-01,1,received,row %d\n", i)
	}
	file := u.file(t, "rows.csv", text)
	server.nth, server.aim, server.hit = 5, isWrite, notSignedIn
	if code, _, errOut := u.run(t, t.Context(), "inventory", "import", file, "--mode", "adjust"); code != 4 {
		t.Fatalf("exit %d, want 4: %s", code, errOut)
	}
	got := u.together(t, 4, "inventory", "import", "resume")
	if got[0] != 1 || got[0]+got[2] != 4 {
		t.Errorf("of four processes that resume, not exactly one did: %v", got)
	}
	if _, out, _ := u.run(t, t.Context(), "inventory", "get", "prod_abc123@LGS-01", "--jq", ".onHandQty"); out != "170\n" {
		t.Errorf("on hand is %s, not 120 and 50", out)
	}
}

func isWrite(r *http.Request) bool { return r.Method != http.MethodGet }

// Two imports use one account, so together they send no more than it allows.
func TestImportsTogetherKeepOnePace(t *testing.T) {
	const rows, perSecond = 40, 80
	server := newFaultServer(t, sandbox.Published)
	limited := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-RateLimit-Replenish-Rate", fmt.Sprint(perSecond))
		server.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(limited.Close)
	token, _ := server.shop.IssueToken()
	u := customer(t, limited.URL, server.shop.Account().MerchantAPIKey, token)
	for n := range 2 {
		text := "productId,warehouseId,qty,action,notes\n"
		for i := range rows {
			text += fmt.Sprintf("prod_abc123,LGS-01,1,received,row %d of %d\n", i, n)
		}
		u.file(t, fmt.Sprintf("rows%d.csv", n), text)
	}
	began := time.Now()
	if got := u.together(t, 2, "inventory", "import", filepath.Join(u.home, "rows{}.csv"), "--mode", "adjust"); got[0] != 2 {
		t.Errorf("exit codes and how often: %v, want 0 twice", got)
	}
	if took, least := time.Since(began), time.Second*(2*rows-perSecond/4)/perSecond; took < least {
		t.Errorf("both imports took %v, want at least %v", took, least)
	}
}

// Nothing is sent that cannot be recorded. Here the state folder is a file.
func TestNothingIsSentThatCannotBeRecorded(t *testing.T) {
	server := newFaultServer(t, sandbox.Published)
	var writes atomic.Int64
	server.aim = func(r *http.Request) bool {
		if isWrite(r) {
			writes.Add(1)
		}
		return false
	}
	token, _ := server.shop.IssueToken()
	u := customer(t, server.URL, server.shop.Account().MerchantAPIKey, token)
	if code, _, errOut := u.run(t, t.Context(), "inventory", "create", "--product", "prod_abc123", "--warehouse", "ABJ-01", "--initial-qty", "0"); code != 0 {
		t.Fatal(errOut)
	}
	writes.Store(0)
	u.env["STOCKCTL_STATE_DIR"] = u.file(t, "state-is-a-file", "")
	rows := u.file(t, "rows.csv", "productId,warehouseId,initialQty\nprod_new,LGS-01,7\nprod_new,ABJ-01,0\n")
	for _, args := range [][]string{
		{"inventory", "import", rows},
		{"inventory", "transfer", "prod_abc123", "--from", "LGS-01", "--to", "ABJ-01", "--qty", "1"},
		{"inventory", "count", u.file(t, "count.csv", "productId,countedQty\nprod_abc123,7\n"), "--warehouse", "LGS-01"},
	} {
		code, _, errOut := u.run(t, t.Context(), args...)
		want := "error: the state folder " + u.env["STOCKCTL_STATE_DIR"] + " is a file\nhint: set STOCKCTL_STATE_DIR to a folder\n"
		if code != 3 || writes.Load() > 0 || !strings.HasSuffix(errOut, want) {
			t.Errorf("%v: exit %d, want 3, %d writes\n%s", args, code, writes.Load(), errOut)
		}
	}
	if info, err := os.Stat(u.env["STOCKCTL_STATE_DIR"]); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the file is gone: %v", err)
	}
}
