package undo_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/deadline"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
	"github.com/bayworks/stockctl/internal/undo"
)

// shop is a separate store behind a handler that may break its responses.
type shop struct {
	*testing.T
	env   importer.Env
	spoil atomic.Pointer[func(w http.ResponseWriter, r *http.Request, serve http.Handler)]
	// foreign makes the responses those of another store.
	foreign atomic.Bool
	logs    atomic.Int64 // pages of the log that were read
	dir     string
}

func openShop(t *testing.T) *shop {
	t.Helper()
	deadline.Set(t)
	s := &shop{T: t, dir: t.TempDir()}
	web := fakeshop.Open(t, sandbox.Options{})
	server := web.Sandbox
	web.Handle(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/logs") {
			s.logs.Add(1)
		}
		if f := s.spoil.Load(); f != nil && r.Method != http.MethodGet {
			(*f)(w, r, server)
			return
		}
		if !s.foreign.Load() {
			server.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, r)
		w.WriteHeader(answer.Code)
		_, err := w.Write(regexp.MustCompile(`"tenantId":"[^"]*"`).ReplaceAll(answer.Body.Bytes(), []byte(`"tenantId":"other"`)))
		must(t, err)
	})
	a := web.Account()
	reader, err := api.New(api.Options{BaseURL: web.URL, Auth: a, Timeout: 300 * time.Millisecond, Connections: 8})
	must(t, err)
	writer, err := api.New(api.Options{BaseURL: web.URL, Auth: a, Timeout: 300 * time.Millisecond, MaxWait: -1, Connections: 8})
	must(t, err)
	s.env = importer.Env{Names: lookup.New(reader), In: strings.NewReader(""), Env: ledger.Env{
		Reader: reader, Writer: writer, Store: journal.Store{Dir: filepath.Join(s.dir, "state")}, Now: time.Now, Profile: "test", BaseURL: web.URL, MaxWait: time.Minute,
	}}
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run imports a text, until ctx ends.
func (s *shop) run(ctx context.Context, mode stock.Mode, text string) (*importer.Summary, error) {
	s.Helper()
	file := filepath.Join(s.dir, fmt.Sprint(time.Now().UnixNano())+".csv")
	must(s.T, os.WriteFile(file, []byte(text), 0o600))
	plan, err := importer.Check(s.Context(), s.env, importer.Options{
		Reading: columns.Reading{File: file, Mode: mode}, Options: ledger.Options{IfExists: settle.Same, Concurrency: 4}, Lookback: ledger.DefaultLookback,
	})
	must(s.T, err)
	return plan.Run(ctx)
}

func (s *shop) source(run string) undo.Source { return undo.OfImport(s.env.Store, run) }

func (s *shop) undo(ctx context.Context, o undo.Options) (*undo.Summary, error) {
	o.Sending.Concurrency = 4
	plan, err := undo.Prepare(ctx, s.env.Env, o)
	if err != nil {
		return nil, err
	}
	sum, err := plan.Send(ctx)
	return sum, errors.Join(err, plan.Close())
}

func (s *shop) stock() map[string]int64 {
	out := map[string]int64{}
	for r, err := range s.env.Reader.Records().All(s.Context()) {
		must(s.T, err)
		out[r.Address().String()] = *r.OnHandQty
	}
	return out
}

// opened creates n records of 100.
func (s *shop) opened(n int) *shop {
	var b strings.Builder
	b.WriteString("productId,warehouseId,initialQty\n")
	for i := range n {
		fmt.Fprintf(&b, "prod_%04d,ABJ-01,100\n", i)
	}
	_, err := s.run(s.Context(), stock.Create, b.String())
	must(s.T, err)
	return s
}

func (s *shop) expect(before map[string]int64, others map[string]int64) {
	s.Helper()
	now := s.stock()
	for record, was := range before {
		if want := was + others[record]; now[record] != want {
			s.Errorf("%s has %d, not %d", record, now[record], want)
		}
	}
}

func deliveries(n int) string {
	var b strings.Builder
	b.WriteString("productId,warehouseId,qty,action\n")
	for i := range n {
		fmt.Fprintf(&b, "prod_%04d,ABJ-01,%d,received\nprod_%04d,ABJ-01,-%d,sold\n", i, i+200, i, i+250)
	}
	return b.String()
}

// An import in each mode is undone, and what others did in the meantime stays. A second
// undo sends nothing.
func TestUndo(t *testing.T) {
	for mode, text := range map[stock.Mode]string{
		stock.Adjust: deliveries(40),
		stock.Set:    "productId,warehouseId,onHandQty\nprod_0000,ABJ-01,3\nprod_0001,ABJ-01,500\nprod_0002,ABJ-01,100\n",
		stock.Create: "productId,warehouseId,initialQty\nprod_0100,ABJ-01,7\nprod_0101,ABJ-01,0\nprod_0001,ABJ-01,100\n",
	} {
		t.Run(string(mode), func(t *testing.T) {
			s := openShop(t).opened(40)
			was := s.stock()
			done, err := s.run(t.Context(), mode, text)
			must(t, err)
			_, err = s.run(t.Context(), stock.Adjust, "productId,warehouseId,qty,action\nprod_0000,ABJ-01,5,received\nprod_0001,ABJ-01,-2,sold\n")
			must(t, err)
			if mode == stock.Create {
				was["prod_0100@wh_def456"] = 0
				got, err := undo.Prepare(t.Context(), s.env.Env, undo.Options{Source: s.source(done.Run)})
				must(t, err)
				if got.Movements != 0 || got.Created != 2 {
					t.Errorf("got %+v, want 2 created records and no movements", got)
				}
				must(t, got.Close())
			}
			o := undo.Options{Source: s.source(done.Run), EmptyCreated: true}
			got, err := s.undo(t.Context(), o)
			must(t, err)
			if got.Counts.Applied+got.Counts.Confirmed != got.Movements || !got.Finished {
				t.Errorf("got %+v, want every movement applied and the undo finished", got)
			}
			s.expect(was, map[string]int64{"prod_0000@wh_def456": 5, "prod_0001@wh_def456": -2})
			if _, err = s.undo(t.Context(), o); failure.KindOf(err) != undo.AlreadyUndone {
				t.Errorf("undoing again: got %v, want the kind %s", err, undo.AlreadyUndone)
			}
			// Even if this machine no longer has the run of the undo.
			must(t, s.env.Store.Forget(got.Run))
			if _, err = s.undo(t.Context(), o); failure.KindOf(err) != undo.AlreadyUndone {
				t.Errorf("undoing again after the run was forgotten: got %v, want the kind %s", err, undo.AlreadyUndone)
			}
			s.expect(was, map[string]int64{"prod_0000@wh_def456": 5, "prod_0001@wh_def456": -2})
		})
	}
}

// A run is undone only in the store where it began, and in no other one at the same
// address.
func TestUndoIsForOneStore(t *testing.T) {
	s := openShop(t).opened(3)
	done, err := s.run(t.Context(), stock.Adjust, deliveries(3))
	must(t, err)
	s.foreign.Store(true)
	if _, err := s.undo(t.Context(), undo.Options{Source: s.source(done.Run)}); failure.KindOf(err) != failure.Usage || err.Error() != "run "+done.Run+" is for another store" {
		t.Errorf("undoing in another store: got %v, want a usage error", err)
	}
	s.foreign.Store(false)
	_, err = s.undo(t.Context(), undo.Options{Source: s.source(done.Run)})
	must(t, err)
}

// Two processes cannot undo the same run concurrently, because neither would know of the
// other's movements.
func TestOneUndoAtATime(t *testing.T) {
	s := openShop(t).opened(2)
	done, err := s.run(t.Context(), stock.Adjust, deliveries(2))
	must(t, err)
	first, err := undo.Prepare(t.Context(), s.env.Env, undo.Options{Source: s.source(done.Run)})
	must(t, err)
	_, err = undo.Prepare(t.Context(), s.env.Env, undo.Options{Source: s.source(done.Run)})
	if failure.KindOf(err) != failure.Usage || err.Error() != "another process is undoing run "+done.Run {
		t.Errorf("got %v, want %q", err, "another process is undoing run "+done.Run)
	}
	must(t, first.Close())
	got, err := s.undo(t.Context(), undo.Options{Source: s.source(done.Run)})
	if err != nil || got.Counts.Applied+got.Counts.Confirmed != 4 {
		t.Errorf("after the first: %+v, %v", got, err)
	}
}

// The log is read for all movements of an undo together, not for each.
func TestUndoReadsTheLogOnce(t *testing.T) {
	s := openShop(t).opened(100)
	done, err := s.run(t.Context(), stock.Adjust, deliveries(100))
	must(t, err)
	s.logs.Store(0)
	got, err := s.undo(t.Context(), undo.Options{Source: s.source(done.Run)})
	must(t, err)
	const entries, page = 300, 50 // what the log holds before the undo
	if n := s.logs.Load(); got.Counts.Applied != 200 || n > entries/page+8 {
		t.Errorf("%d pages of the log were read for %+v", n, got.Counts)
	}
}

// A run that was stopped in the middle, with lost responses, is undone as far as it
// got, and can no longer be resumed. The undo is stopped as well, and continues.
func TestUndoInSeveralRuns(t *testing.T) {
	s := openShop(t).opened(60)
	was := s.stock()
	ctx, stop := context.WithCancelCause(t.Context())
	stops := func(after int64, stop context.CancelCauseFunc) {
		var n atomic.Int64
		f := func(_ http.ResponseWriter, r *http.Request, serve http.Handler) {
			serve.ServeHTTP(httptest.NewRecorder(), r) // done, and the response is lost
			if n.Add(1) >= after {
				stop(errors.New("stop"))
			}
			panic(http.ErrAbortHandler)
		}
		g := func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
			if n.Load() < after-4 {
				n.Add(1)
				serve.ServeHTTP(w, r)
				return
			}
			f(w, r, serve)
		}
		s.spoil.Store(&g)
	}
	stops(50, stop)
	done, err := s.run(ctx, stock.Adjust, deliveries(60))
	if done == nil || done.Finished || done.Counts.InDoubt == 0 || done.Counts.NotAttempted == 0 {
		t.Fatalf("got %v and %+v, want an unfinished run with rows in doubt and rows not attempted", err, done)
	}
	o := undo.Options{Source: s.source(done.Run)}
	for range 2 {
		ctx, stop = context.WithCancelCause(t.Context())
		stops(20, stop)
		got, err := s.undo(ctx, o)
		if got == nil || got.Finished || err == nil {
			t.Fatalf("got %v and %+v, want an unfinished undo and an error", err, got)
		}
		if _, err := importer.Reopen(t.Context(), s.env, done.Run); failure.KindOf(err) != failure.Usage {
			t.Errorf("resuming a run that is being undone: got %v, want a usage error", err)
		}
	}
	s.spoil.Store(nil)
	got, err := s.undo(t.Context(), o)
	must(t, err)
	if got.Counts.Held != 0 || !got.Finished {
		t.Errorf("got %+v, want a finished undo without rows on hold", got)
	}
	s.expect(was, nil)
}

// Stock that cannot be removed again is refused and reported. A second undo tries it
// again, and leaves the rest alone.
func TestUndoOfStockThatIsGone(t *testing.T) {
	s := openShop(t).opened(3)
	was := s.stock()
	done, err := s.run(t.Context(), stock.Adjust, "productId,warehouseId,qty,action\nprod_0000,ABJ-01,50,received\nprod_0001,ABJ-01,50,received\n")
	must(t, err)
	_, err = s.run(t.Context(), stock.Adjust, "productId,warehouseId,qty,action\nprod_0000,ABJ-01,-140,sold\n")
	must(t, err)
	got, err := s.undo(t.Context(), undo.Options{Source: s.source(done.Run)})
	if failure.KindOf(err) != failure.Partial || got.Counts.Applied != 1 || len(got.Refused) != 1 || got.Refused[0].Line != 2 || got.Refused[0].Code != "negative_stock" {
		t.Fatalf("got %v and %+v, want line 2 refused as negative_stock and the other movement applied", err, got)
	}
	_, err = s.run(t.Context(), stock.Adjust, "productId,warehouseId,qty,action\nprod_0000,ABJ-01,140,returned\n")
	must(t, err)
	got, err = s.undo(t.Context(), undo.Options{Source: s.source(done.Run)})
	if err != nil || got.Counts.Applied != 1 || got.Counts.Already != 1 {
		t.Fatalf("got %v and %+v, want one movement applied now and one before", err, got)
	}
	s.expect(was, nil)
}
