package count_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/deadline"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/sandbox"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// environment is what tests need to read and post a count.
type environment struct {
	Names *lookup.Names
	ledger.Env
}

// serve starts a sandbox that applies the n-th write, calls cut and then cuts the
// connection without a response.
func serve(t *testing.T, dialect sandbox.Dialect, n int, cut func()) environment {
	t.Helper()
	deadline.Set(t)
	shop := fakeshop.Open(t, sandbox.Options{Dialect: dialect})
	var writes atomic.Int64
	shop.Handle(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPatch || writes.Add(1) != int64(n) {
			shop.Sandbox.ServeHTTP(w, r)
			return
		}
		shop.Sandbox.ServeHTTP(httptest.NewRecorder(), r)
		cut()
		panic(http.ErrAbortHandler)
	})
	client, err := api.New(api.Options{BaseURL: shop.URL, Auth: shop.Account(), Timeout: time.Second, MaxWait: -1, Connections: 1})
	must(t, err)
	return environment{lookup.New(client), ledger.Env{
		Reader: client, Writer: client, Now: time.Now, Profile: "test", BaseURL: shop.URL, MaxWait: time.Minute,
	}}
}

// onHand returns the quantity on hand and the number of adjustments of each record.
func onHand(t *testing.T, env environment) (map[string]int64, map[string]int) {
	t.Helper()
	has, moves := map[string]int64{}, map[string]int{}
	list, err := count.Snapshot(t.Context(), env.Reader, "", nil)
	must(t, err)
	for _, f := range list {
		has[f.Record] = f.OnHand
	}
	for m, err := range env.Reader.Movements().All(t.Context()) {
		must(t, err)
		if m.Action == api.ActionAdjusted {
			moves[m.ProductID]++
		}
	}
	return has, moves
}

func begin(t *testing.T, env environment, store count.Store) (*count.Session, []count.Line) {
	t.Helper()
	base, err := count.Snapshot(t.Context(), env.Reader, "wh_abc123", nil)
	must(t, err)
	s, err := store.Create(count.Head{Source: "scan", BaseURL: env.BaseURL, Warehouse: "wh_abc123", Started: time.Now()}, base)
	must(t, err)
	must(t, s.Set(count.Item{Product: "prod_abc123", Warehouse: "wh_abc123"}, 118))
	must(t, s.Set(count.Item{Product: "prod_ebook_101", Warehouse: "wh_abc123"}, 507))
	must(t, s.Finish())
	counts, unknown := s.Counts(nil)
	lines, _ := s.Variance(counts, unknown, base)
	must(t, s.Agree(lines))
	return s, lines
}

func states(lines []count.Line) (out []string) {
	for _, l := range lines {
		out = append(out, l.Product+" "+l.State)
	}
	return out
}

// After a lost response, the movement is found in the log, so it is applied only once
// and reported.
func TestLostResponseIsAppliedOnce(t *testing.T) {
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		t.Run(string(dialect), func(t *testing.T) {
			env := serve(t, dialect, 1, func() {})
			s, lines := begin(t, env, count.Store{Dir: t.TempDir()})
			posted, err := s.Post(t.Context(), env.Env, lines)
			must(t, err)
			must(t, posted.Err)
			must(t, s.Close())
			checkPosted(t, env, lines)
		})
	}
}

func checkPosted(t *testing.T, env environment, lines []count.Line) {
	t.Helper()
	if diff := cmp.Diff([]string{"prod_abc123 adjusted", "prod_ebook_101 adjusted"}, states(lines)); diff != "" {
		t.Error(diff)
	}
	has, moves := onHand(t, env)
	if has["inv_xyz789"] != 118 || has["inv_ebook101"] != 507 {
		t.Errorf("on hand is %v", has)
	}
	if diff := cmp.Diff(map[string]int{"prod_abc123": 1, "prod_ebook_101": 1}, moves); diff != "" {
		t.Error(diff)
	}
}

// A count that stopped during a movement can be resumed. A movement that was applied
// without a response is not applied again.
func TestStoppedPostingIsResumed(t *testing.T) {
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		t.Run(string(dialect), func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			env := serve(t, dialect, 1, stop)
			store := count.Store{Dir: t.TempDir()}
			s, lines := begin(t, env, store)
			if posted, err := s.Post(ctx, env.Env, lines); err != nil || posted.Err == nil || posted.Finished {
				t.Fatal("the posting was not stopped")
			}
			must(t, s.Close())
			s, err := store.Open(s.Head.ID)
			must(t, err)
			lines, agreed, err := s.Agreed()
			must(t, err)
			if !agreed {
				t.Fatal("the agreement is gone")
			}
			posted, err := s.Post(t.Context(), env.Env, lines)
			must(t, err)
			must(t, posted.Err)
			must(t, s.Close())
			checkPosted(t, env, lines)
		})
	}
}

// Scans survive the end of the process, except for an incomplete line, and a session
// cannot be opened twice.
func TestScansOutliveTheProcess(t *testing.T) {
	store := count.Store{Dir: t.TempDir()}
	s, err := store.Create(count.Head{Source: "scan", Started: time.Now()}, nil)
	must(t, err)
	item := count.Item{Product: "p", Warehouse: "w"}
	for range 300 {
		_, err := s.Scan(item)
		must(t, err)
	}
	if _, _, err := s.Undo(); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(s.Head.ID)
	if want := "count " + s.Head.ID + " is in use by another process"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	must(t, s.Close())
	path := filepath.Join(store.Dir, s.Head.ID, "steps.jsonl")
	text, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, append(text, `{"do":"sc`...), 0o600))
	s, err = store.Open(s.Head.ID)
	must(t, err)
	qty, err := s.Scan(item)
	must(t, err)
	must(t, s.Close())
	s, err = store.Open(s.Head.ID)
	must(t, err)
	if qty != 300 || s.Scans() != 300 {
		t.Errorf("%d scans of %d are counted", s.Scans(), qty)
	}
	must(t, s.Close())
}

// A sheet contains the quantities on hand when it was created. Whether later movements
// are included in the count is up to the user, and nothing is sent before that.
func TestVarianceOfASheetThatIsOld(t *testing.T) {
	item, was := count.Item{Product: "a", Warehouse: "w"}, int64(12)
	for _, test := range []struct {
		now, counted int64
		moved        ledger.IfMoved
		state        string
		difference   int64
	}{
		{12, 10, ledger.MovedFail, count.Differs, -2},
		{12, 12, ledger.MovedFail, count.Right, 0},
		{9, 10, ledger.MovedFail, count.Stale, 0},
		{9, 12, ledger.MovedFail, count.Right, 0},
		{9, 9, ledger.MovedFail, count.Right, 0},
		{9, 10, ledger.MovedDelta, count.Differs, -2},
		{9, 12, ledger.MovedDelta, count.Right, 0},
		{9, 10, ledger.MovedApply, count.Differs, 1},
		{9, 12, ledger.MovedApply, count.Differs, 3},
	} {
		base := []count.StockLevel{{Item: item, Record: "ra", OnHand: test.now, Baseline: &was}}
		s, err := count.Store{Dir: t.TempDir()}.Create(count.Head{Warehouse: "w", Started: time.Now(), IfMoved: test.moved, Complete: true}, base)
		must(t, err)
		lines, _ := s.Variance([]count.Counted{{Item: item, Qty: test.counted}}, nil, base)
		if len(lines) != 1 || lines[0].State != test.state || lines[0].Difference != nil && *lines[0].Difference != test.difference {
			t.Errorf("%+v: %+v", test, lines)
		}
		must(t, s.Close())
	}
}

// Posting a count must not undo sales made during the count.
func TestVarianceLeavesWhatMoved(t *testing.T) {
	a, b := count.Item{Product: "a", Warehouse: "w"}, count.Item{Product: "b", Warehouse: "w"}
	s, err := count.Store{Dir: t.TempDir()}.Create(count.Head{Warehouse: "w", Started: time.Now()}, []count.StockLevel{{Item: a, Record: "ra", OnHand: 10}, {Item: b, Record: "rb", OnHand: 4}})
	must(t, err)
	defer s.Close()
	lines, uncounted := s.Variance([]count.Counted{{Item: a, Qty: 9}}, nil, []count.StockLevel{{Item: a, Record: "ra", OnHand: 7}, {Item: b, Record: "rb", OnHand: 4}})
	if len(lines) != 1 || *lines[0].Difference != -1 || lines[0].Moved != -3 || uncounted != 1 {
		t.Errorf("%+v, %d not counted", lines, uncounted)
	}
	s.Head.Complete = true
	lines, _ = s.Variance([]count.Counted{{Item: a, Qty: 9}}, nil, nil)
	if len(lines) != 2 || *lines[1].Difference != -4 || lines[1].State != count.Differs {
		t.Errorf("got %+v, want a second line that differs by -4", lines)
	}
}

// Barcodes keep their leading zeros, and a barcode for two items is an error.
func TestAliasesAreRemembered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config", "codes.csv")
	env := serve(t, sandbox.Published, 0, nil)
	read := func() (*count.Codes, error) {
		aliases, err := count.ReadAliases(t.Context(), path, "")
		if err != nil {
			return nil, err
		}
		return count.ReadCodes(t.Context(), env.Names, nil, aliases)
	}
	codes, err := read()
	must(t, err)
	if _, why := codes.Find("00512"); why != "is not known" {
		t.Errorf("got %q before the code is known, want \"is not known\"", why)
	}
	item, why := codes.Parse("prod_phone_789/PHONE-RED-256")
	if why != "" {
		t.Fatal(why)
	}
	must(t, codes.Remember("00512", item))
	codes, err = read()
	must(t, err)
	if got, why := codes.Find("00512"); got != item || why != "" {
		t.Errorf("after: %v %q", got, why)
	}
	if _, why := codes.Find("prod_phone_789"); why != "has SKUs: scan the SKU's code" {
		t.Errorf("a product of many SKUs: %q", why)
	}
	must(t, os.WriteFile(path, []byte("barcode,item\n1,a\n1,b\n"), 0o600))
	want := path + `:3:1 "1": belongs to a on an earlier line`
	if _, err := read(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A finished count is removed when it is old, but not before its undo is finished.
func TestPruneWaitsForTheUndo(t *testing.T) {
	env := serve(t, sandbox.Published, 0, nil)
	store := count.Store{Dir: t.TempDir()}
	s, lines := begin(t, env, store)
	_, err := s.Post(t.Context(), env.Env, lines)
	must(t, err)
	must(t, s.End(time.Now()))
	run, err := s.UndoRuns().Create(journal.Head{ID: journal.NewID(time.Now()), Undoes: s.Head.ID, Started: time.Now()})
	must(t, err)
	must(t, run.Close())
	must(t, s.Close())
	later := time.Now().AddDate(1, 0, 0)
	must(t, store.Prune(later))
	if got, err := store.Inspect(s.Head.ID); err != nil || !got.Undoing {
		t.Fatalf("the count is gone: %+v, %v", got, err)
	}
	must(t, s.UndoRuns().Forget(run.ID()))
	must(t, store.Prune(later))
	if _, err := store.Inspect(s.Head.ID); failure.KindOf(err) != failure.NotFound {
		t.Errorf("the count is left: %v", err)
	}
}

// A scan that cannot be stored is an error and does not count; otherwise the user would
// continue to scan in vain.
func TestAScanThatCannotBeWrittenIsAnError(t *testing.T) {
	store := count.Store{Dir: t.TempDir()}
	s, err := store.Create(count.Head{Source: "scan", Started: time.Now()}, nil)
	must(t, err)
	item := count.Item{Product: "p", Warehouse: "w"}
	_, err = s.Scan(item)
	must(t, err)
	must(t, s.Close()) // further writes fail
	const says = "saving the count: "
	qty, failed := s.Scan(item)
	_, last := s.SetLast(9)
	for what, err := range map[string]error{"scan": failed, "qty": last, "set": s.Set(item, 9), "done": s.Finish()} {
		if err == nil || !strings.HasPrefix(err.Error(), says) {
			t.Errorf("%s: got %v, want it to begin with %q", what, err, says)
		}
	}
	if _, _, err := s.Undo(); err == nil || !strings.HasPrefix(err.Error(), says) {
		t.Errorf("undo: got %v", err)
	}
	again, err := store.Open(s.Head.ID)
	must(t, err)
	counts, _ := again.Counts(nil)
	if qty != 0 || s.Scans() != 1 || again.Scans() != 1 || len(counts) != 1 || counts[0].Qty != 1 {
		t.Errorf("%d scans here, %d kept, %v", s.Scans(), again.Scans(), counts)
	}
	must(t, again.Close())
}
