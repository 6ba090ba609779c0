package ledger_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Ctrl-C ends the run in order: requests in flight are waited for, the other rows are
// counted, and a resume sends them.
func TestStopAndResume(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for _, mode := range []stock.Mode{stock.Create, stock.Adjust} {
			ctx, cancel := context.WithCancel(t.Context())
			var sends atomic.Int64
			s := openShop(t, sandbox.Options{}).stocked()
			inner := s.Web.Sandbox
			s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
				if isSend(r) && sends.Add(1) == 10 {
					cancel()
				}
				inner.ServeHTTP(w, r)
			})
			s.Env.Finish = func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithCancel(context.WithoutCancel(ctx))
			}
			text, change := movementFile(100)
			if mode == stock.Create {
				text, change = opening(100), nil
			}
			plan, err := importer.Check(t.Context(), s.Env, options(s.File("rows.csv", text), mode))
			must(t, err)
			got, err := plan.Run(ctx)
			c := got.Counts
			if failure.KindOf(err) != failure.Interrupted || c.NotAttempted < 50 || c.Applied+c.Already+c.NotAttempted != 100 || c.InDoubt != 0 {
				t.Errorf("%s: %v, %+v", mode, err, c)
			}
			if hint := failure.HintOf(err); hint != "continue with `stockctl inventory import resume "+got.Run+"`" {
				t.Errorf("hint %q", hint)
			}
			got, err = s.Resume(got.Run)
			must(t, err)
			if got.Counts.Applied+got.Counts.Already != 100 || !got.Finished {
				t.Errorf("%s: got %+v, want 100 rows applied or already there, and the run finished", mode, got)
			}
			if mode == stock.Adjust {
				s.expect(change)
			}
		}
	})
}

// forget removes the lines that contain a text from a run's journal.
func (s *shop) forget(run, text string) {
	s.T.Helper()
	journal := filepath.Join(s.Env.Store.Dir, run, "journal")
	kept := slices.DeleteFunc(strings.SplitAfter(read(s.T, journal), "\n"), func(line string) bool { return strings.Contains(line, text) })
	must(s.T, os.WriteFile(journal, []byte(strings.Join(kept, "")), 0o600))
}

// A resumed run recognises what was applied before it began, and what it applied
// itself.
func TestResumeOfNamedImport(t *testing.T) {
	for name, shard := range map[string]stock.Shard{"whole": {}, "shard": {I: 1, N: 2}} {
		instantly(t, name, func(t *testing.T) {
			s := openShop(t, sandbox.Options{}).stocked()
			ctx, cancel := context.WithCancelCause(t.Context())
			var sends atomic.Int64
			sends.Store(-1 << 40)
			inner := s.Web.Sandbox
			s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
				if isSend(r) && sends.Add(1) == 5 {
					cancel(errors.New("stop"))
				}
				inner.ServeHTTP(w, r)
			})
			text, _ := movementFile(40)
			lines := strings.SplitAfter(text, "\n")
			// The file already has identical rows; one has no record.
			all := strings.Join(lines[:31], "") + "prod_none,ABJ-01,1,received,,\n" + strings.Join(lines[31:], "") + strings.Join(lines[1:11], "")
			o := options("", stock.Adjust)
			o.ImportID, o.SkipInvalid, o.Shard = "night", true, shard
			o.File = s.File("first.csv", strings.Join(lines[:21], ""))
			before, err := s.Run(o)
			must(t, err)
			o.File = s.File("all.csv", all)
			plan, err := importer.Check(t.Context(), s.Env, o)
			must(t, err)
			sends.Store(0)
			got, err := plan.Run(ctx)
			if got == nil || got.Counts.NotAttempted == 0 {
				t.Fatalf("got %+v and the error %v, want rows that were not attempted", got, err)
			}
			// As if it had been killed before it reached those rows.
			s.forget(got.Run, "\talready\t")
			plan, err = importer.Reopen(t.Context(), s.Env, got.Run)
			must(t, err)
			if plan.Known() < before.Rows {
				t.Errorf("%d rows are known, want those %d and more", plan.Known(), before.Rows)
			}
			got, _ = plan.Run(t.Context())
			c := got.Counts
			if c.Already+c.Applied+c.Confirmed+c.Invalid != got.Rows || c.Invalid > 1 || len(got.Doubled) > 0 {
				t.Errorf("after %d rows: got %+v", before.Rows, got)
			}
			stock, want := s.Stock(), int64(0)
			for _, line := range strings.Split(all, "\n")[1:] {
				var product string
				var qty int64
				if n, _ := fmt.Sscanf(strings.ReplaceAll(line, ",", " "), "%s ABJ-01 %d", &product, &qty); n == 2 && product != "prod_none" {
					want += qty
				}
			}
			var moved int64
			for i := range 7 {
				moved += stock[fmt.Sprintf("prod_%04d@wh_def456", i)] - int64(i)
			}
			if shard.N == 0 && moved != want {
				t.Errorf("%d units were moved, want %d", moved, want)
			}
		})
	}
}

// A resumed run sends what was checked, even if the file has changed since. The copy of
// the file is private, and is deleted when the run ends.
func TestResumeWithoutTheFile(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		file := s.File("opening.csv", opening(50)+"prod_bad,ABJ-01,x,\n")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("stop"))
		o := options(file, stock.Create)
		o.SkipInvalid = true
		plan, err := importer.Check(t.Context(), s.Env, o)
		must(t, err)
		got, err := plan.Run(ctx)
		if got == nil || got.Counts.NotAttempted != 50 {
			t.Fatalf("got %v and %+v, want 50 rows that were not attempted", err, got)
		}
		held := filepath.Join(s.Env.Store.Dir, got.Run, "input")
		if info, err := os.Stat(held); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("got %v and %v, want a private file of rows on hold", info, err)
		}
		must(t, os.Remove(file))
		got, err = s.Resume(got.Run)
		if got == nil || got.Counts != (ledger.Counts{Applied: 50, Invalid: 1}) {
			t.Errorf("got %+v and the error %v, want %+v", got, err, ledger.Counts{Applied: 50, Invalid: 1})
		}
		if text := read(t, got.Rejects); !strings.Contains(text, "\n52,,invalid,") {
			t.Errorf("the rejects are\n%s", text)
		}
		if _, err := os.Stat(held); err == nil {
			t.Error("the copy outlives the run")
		}
	})
}

// A plan that differs from its seal is not sent.
func TestResumeOfAnotherPlan(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for name, damage := range map[string]func([]byte) []byte{
			"a byte": func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
			"cut":    func(b []byte) []byte { return b[:len(b)-1] },
		} {
			s := openShop(t, sandbox.Options{})
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(errors.New("stop"))
			plan, err := importer.Check(t.Context(), s.Env, options(s.File("opening.csv", opening(50)), stock.Create))
			must(t, err)
			got, _ := plan.Run(ctx)
			path := filepath.Join(s.Env.Store.Dir, got.Run, "plan")
			must(t, os.WriteFile(path, damage([]byte(read(t, path))), 0o600))
			before := len(s.Stock())
			_, err = importer.Reopen(t.Context(), s.Env, got.Run)
			if err == nil || !strings.Contains(err.Error(), "the plan is not the one that was sealed") || !strings.Contains(failure.HintOf(err), "drop "+got.Run) {
				t.Errorf("%s: got %v (%s)", name, err, failure.HintOf(err))
			}
			if len(s.Stock()) != before {
				t.Errorf("%s: something was sent", name)
			}
		}
	})
}

// Standard input is stored with the run, so that it can be resumed, and deleted
// afterwards.
func TestResumeOfStandardInput(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		s.Env.In = strings.NewReader(opening(50))
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("stop"))
		plan, err := importer.Check(t.Context(), s.Env, options("-", stock.Create))
		must(t, err)
		got, _ := plan.Run(ctx)
		kept := filepath.Join(s.Env.Store.Dir, got.Run, "input")
		if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("got %v and %v, want a private copy of the input", info, err)
		}
		got, err = s.Resume(got.Run)
		must(t, err)
		if got.Counts.Applied != 50 || got.File != "standard input" {
			t.Errorf("got %+v, want 50 rows of standard input applied", got)
		}
		if _, err := os.Stat(kept); err == nil {
			t.Error("the copy outlives the run")
		}
	})
}

// A row that was sent more than once before the process died is searched for only once
// its last attempt can no longer arrive, however old the first one is.
func TestResumeWaitsForTheLastAttempt(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var looked atomic.Int64 // when the log was first read, in Unix milliseconds
		var resumed atomic.Bool
		ctx, cancel := context.WithCancel(t.Context())
		s := openShop(t, sandbox.Options{}).stocked()
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case isLog(r) && resumed.Load():
				looked.CompareAndSwap(0, time.Now().UnixMilli())
			case isSend(r) && !resumed.Load():
				cancel()
				panic(http.ErrAbortHandler)
			}
			inner.ServeHTTP(w, r)
		})
		text, change := movementFile(1)
		plan, err := importer.Check(t.Context(), s.Env, options(s.File("rows.csv", text), stock.Adjust))
		must(t, err)
		got, err := plan.Run(ctx)
		if got == nil || got.Counts.InDoubt != 1 {
			t.Fatalf("got %v and %+v, want one row in doubt", err, got)
		}
		run, replay, err := s.Env.Store.Open(got.Run)
		must(t, err)
		last, sent := time.Now(), replay.Open[1]
		sent.At = last.Add(-time.Hour)
		must(t, run.Intend(sent))
		sent.At = last
		must(t, run.Intend(sent))
		must(t, run.Close())
		resumed.Store(true)
		_, err = s.Resume(got.Run)
		must(t, err)
		if early := last.Add(s.Env.Reader.Timeout()).UnixMilli() - looked.Load(); looked.Load() == 0 || early > 0 {
			t.Errorf("the log was read %d ms too early", early)
		}
		s.expect(change)
	})
}

// damage changes a line in the packed journal of a finished run.
func (s *shop) damage(run string) {
	s.T.Helper()
	path := filepath.Join(s.Env.Store.Dir, run, "journal.gz")
	packed, err := gzip.NewReader(strings.NewReader(read(s.T, path)))
	must(s.T, err)
	text, err := io.ReadAll(packed)
	must(s.T, err)
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err = z.Write(bytes.Replace(text, []byte("inv_"), []byte("inx_"), 1))
	must(s.T, err)
	must(s.T, z.Close())
	must(s.T, os.WriteFile(path, out.Bytes(), 0o600))
}

// A damaged journal is reported, and does not hide other runs.
func TestDamagedJournal(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{}).stocked()
		text, _ := movementFile(5)
		got, err := s.Run(options(s.File("rows.csv", text), stock.Adjust))
		must(t, err)
		s.damage(got.Run)
		runs, err := ledger.Runs(s.Env.Store)
		must(t, err)
		if len(runs) != 2 || runs[0].Damaged != nil || runs[1].Damaged == nil || runs[1].ID != got.Run {
			t.Errorf("got %+v, want two runs, the second one damaged", runs)
		}
		hint := "drop " + got.Run
		if text := runs[1].Damaged.Error(); text != "run "+got.Run+": line 1 of the journal is damaged: its checksum does not match" || failure.HintOf(runs[1].Damaged) != hint {
			t.Errorf("got %s, want %q", text, "run "+got.Run+": line 1 of the journal is damaged: its checksum does not match")
		}
		// Its movements in this store are unknown, so an adjust import stops.
		if _, err := s.Run(options(s.File("more.csv", text), stock.Adjust)); err == nil || failure.HintOf(err) != hint {
			t.Errorf("got %v, want the hint %q", err, hint)
		}
		// A create import needs no journal.
		create := options(s.File("opening.csv", opening(8)), stock.Create)
		create.IfExists = settle.Skip
		_, err = s.Run(create)
		must(t, err)
	})
}

// The log is searched for a row even if no row with its token in the same field was
// applied before: nothing suggests that the log would hide it.
func TestResumeSearchesForTheFirstTokenOfItsField(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var resumed atomic.Bool
		ctx, cancel := context.WithCancel(t.Context())
		s := openShop(t, sandbox.Options{}).stocked()
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			if isSend(r) && !resumed.Load() {
				body, err := io.ReadAll(r.Body)
				if err != nil || strings.Contains(string(body), "PO-1") {
					cancel()
					panic(http.ErrAbortHandler)
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
			}
			inner.ServeHTTP(w, r)
		})
		o := options(s.File("rows.csv", "productId,warehouseId,qty,action,reference\nprod_0001,ABJ-01,1,received,\nprod_0002,ABJ-01,1,received,PO-1\n"), stock.Adjust)
		o.Concurrency = 1
		plan, err := importer.Check(t.Context(), s.Env, o)
		must(t, err)
		got, err := plan.Run(ctx)
		if got == nil || got.Counts != (ledger.Counts{Applied: 1, InDoubt: 1}) {
			t.Fatalf("got %v and %+v, want one row applied and one in doubt", err, got)
		}
		resumed.Store(true)
		got, err = s.Resume(got.Run)
		must(t, err)
		if got.Counts != (ledger.Counts{Applied: 2}) {
			t.Errorf("got %+v, want %+v", got.Counts, ledger.Counts{Applied: 2})
		}
		s.expect(map[string]int64{"prod_0001@wh_def456": 1, "prod_0002@wh_def456": 1})
	})
}

// The quantity that --if-exists set sends may arrive after its process died, so the
// record is read only once it no longer can.
func TestResumeWaitsForRowsThatSetAQuantity(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var late func()
		s := openShop(t, sandbox.Options{}).stocked()
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPatch && late == nil {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				again := r.Clone(context.WithoutCancel(r.Context()))
				again.Body = io.NopCloser(bytes.NewReader(body))
				late = func() { inner.ServeHTTP(&deaf{http.Header{}}, again) }
				cancel()
				panic(http.ErrAbortHandler)
			}
			inner.ServeHTTP(w, r)
		})
		o := options(s.File("rows.csv", "productId,warehouseId,initialQty,location\nprod_0003,ABJ-01,10,A-3\n"), stock.Create)
		o.IfExists = settle.Set
		plan, err := importer.Check(t.Context(), s.Env, o)
		must(t, err)
		got, err := plan.Run(ctx)
		if got == nil || got.Counts != (ledger.Counts{Held: 1}) {
			t.Fatalf("got %v and %+v, want one row on hold", err, got)
		}
		s.forget(got.Run, "\theld\t")        // as if it had been killed instead
		s.Env.Note = func(string) { late() } // that it waits
		got, err = s.Resume(got.Run)
		must(t, err)
		if got.Counts.Already+got.Counts.Confirmed != 1 { // the record may look as if it had just been created
			t.Errorf("got %+v, want 1 row already there or confirmed", got.Counts)
		}
		s.expect(map[string]int64{"prod_0003@wh_def456": 7})
	})
}
