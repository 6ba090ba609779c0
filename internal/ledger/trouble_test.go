package ledger_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
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

func isLog(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/inventory/logs") }
func isSend(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/v1/inventory") && r.Method != http.MethodGet
}

// A write that is applied after the log was searched for it is not sent again, because
// the search waits for the longest time that a request may take.
func TestLateWrite(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var late sync.Once
		searched := make(chan struct{})
		var doubt atomic.Bool
		s := openShop(t, sandbox.Options{}).stocked()
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			mine := false
			if isSend(r) {
				late.Do(func() { mine = true })
			}
			switch {
			case mine:
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				doubt.Store(true)
				go func() {
					<-searched
					again := r.Clone(context.WithoutCancel(r.Context()))
					again.Body = io.NopCloser(strings.NewReader(string(body)))
					inner.ServeHTTP(&deaf{http.Header{}}, again)
				}()
				panic(http.ErrAbortHandler)
			case isLog(r) && doubt.Swap(false):
				inner.ServeHTTP(w, r)
				close(searched)
			default:
				inner.ServeHTTP(w, r)
			}
		})
		text, change := movementFile(10)
		got, err := s.Run(options(s.File("late.csv", text), stock.Adjust))
		must(t, err)
		if want := (ledger.Counts{Applied: 9, Confirmed: 1}); got.Counts != want || len(got.Doubled) > 0 {
			t.Errorf("got %+v, want %+v", got, want)
		}
		s.expect(change)
	})
}

// If the log hides references, it does not show whether a movement was applied: rows in
// doubt are held, and nothing is applied twice.
func TestLogWithoutTokens(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var cut atomic.Int64
		var calm atomic.Bool
		s := openShop(t, sandbox.Options{}).stocked()
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case calm.Load():
				inner.ServeHTTP(w, r)
			case isLog(r):
				rec := httptest.NewRecorder()
				inner.ServeHTTP(rec, r)
				fmt.Fprint(w, strings.ReplaceAll(rec.Body.String(), `"sc1-`, `"xxx-`))
			case isSend(r) && cut.Add(1) == 3: // applied without a response
				inner.ServeHTTP(&deaf{http.Header{}}, r)
				panic(http.ErrAbortHandler)
			default:
				inner.ServeHTTP(w, r)
			}
		})
		file := s.File("rows.csv", "productId,warehouseId,qty,action\nprod_0001,ABJ-01,1,adjusted\nprod_0002,ABJ-01,1,received\nprod_0003,ABJ-01,1,received\nprod_0003,ABJ-01,2,received\n")
		o := options(file, stock.Adjust)
		o.Concurrency = 1
		got, err := s.Run(o)
		if failure.KindOf(err) != failure.OutcomeUnknown || err.Error() != "1 of 4 rows are on hold: it is unknown whether they were applied" {
			t.Errorf("got %v, want %q", err, "1 of 4 rows are on hold: it is unknown whether they were applied")
		}
		if want := (ledger.Counts{Applied: 2, Held: 1, NotAttempted: 1}); got.Counts != want || got.Finished {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if len(got.Remarks) != 1 || got.Remarks[0] != "the movement log does not show the reference of a movement: rows in doubt could not be settled" {
			t.Errorf("got the remarks %q, want one about references that the log does not show", got.Remarks)
		}
		if text := read(t, got.Held); !strings.Contains(text, ",prod_0003,ABJ-01,1,received\n") {
			t.Errorf("the held file is\n%s", text)
		}
		// The log still hides tokens, so what it does not show may have been applied.
		got, err = s.Resume(got.Run)
		if want := (ledger.Counts{Applied: 2, Held: 1, NotAttempted: 1}); failure.KindOf(err) != failure.OutcomeUnknown || got.Counts != want {
			t.Fatalf("got %+v and the error %v, want %+v", got, err, want)
		}
		// The log shows tokens again, so the run is settled and continues.
		calm.Store(true)
		got, err = s.Resume(got.Run)
		must(t, err)
		if want := (ledger.Counts{Applied: 3, Confirmed: 1}); got.Counts != want || !got.Finished {
			t.Errorf("got %+v, want %+v", got, want)
		}
		s.expect(map[string]int64{"prod_0001@wh_def456": 1, "prod_0002@wh_def456": 1, "prod_0003@wh_def456": 3})
	})
}

// The same from the first row on: no applied movement shows whether the log returns
// tokens, and an entry without one may be the row's own.
func TestLogWithoutTokensFromTheStart(t *testing.T) {
	for name, leavesOut := range map[string]string{
		"references": `"reference":"sc1-[^"]*"`, "references and records": `"reference":"sc1-[^"]*"|"inventoryId":"[^"]*"`,
	} {
		instantly(t, name, func(t *testing.T) {
			var sends atomic.Int64
			s := openShop(t, sandbox.Options{}).stocked()
			inner := s.Web.Sandbox
			left := regexp.MustCompile(leavesOut)
			s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case isLog(r):
					rec := httptest.NewRecorder()
					inner.ServeHTTP(rec, r)
					fmt.Fprint(w, left.ReplaceAllStringFunc(rec.Body.String(), func(field string) string { return `"x` + field[1:] }))
				case isSend(r) && sends.Add(1) == 1: // applied without a response
					inner.ServeHTTP(&deaf{http.Header{}}, r)
					panic(http.ErrAbortHandler)
				default:
					inner.ServeHTTP(w, r)
				}
			})
			got, err := s.Run(options(s.File("rows.csv", "productId,warehouseId,qty,action\nprod_0001,ABJ-01,9,received\n"), stock.Adjust))
			for range 2 {
				if want := (ledger.Counts{Held: 1}); failure.KindOf(err) != failure.OutcomeUnknown || got.Counts != want || sends.Load() != 1 {
					t.Fatalf("%d sendings: %+v, %v", sends.Load(), got, err)
				}
				if text := read(t, got.Held); !strings.Contains(text, "contains a similar movement without a token") {
					t.Errorf("the held file is\n%s", text)
				}
				got, err = s.Resume(got.Run)
			}
			s.expect(map[string]int64{"prod_0001@wh_def456": 9})
		})
	}
}

// The log may change too fast to be read, or a response may be unusable. It is read
// again for a while.
func TestLogThatIsReadAgain(t *testing.T) {
	for name, spoilt := range map[string]int64{"for a while": 3, "for good": 1 << 40} {
		instantly(t, name, func(t *testing.T) {
			var sends, left atomic.Int64
			s := openShop(t, sandbox.Options{}).stocked()
			inner := s.Web.Sandbox
			s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case isLog(r) && left.Add(-1) >= 0:
					fmt.Fprint(w, `{"status":true,"data":{"content":[],"page":0,"limit":50,"totalElements":9}}`)
				case isSend(r) && sends.Add(1) == 1: // applied without a response
					inner.ServeHTTP(&deaf{http.Header{}}, r)
					left.Store(spoilt)
					panic(http.ErrAbortHandler)
				default:
					inner.ServeHTTP(w, r)
				}
			})
			got, err := s.Run(options(s.File("rows.csv", "productId,warehouseId,qty,action\nprod_0001,ABJ-01,9,received\n"), stock.Adjust))
			want := ledger.Counts{Confirmed: 1}
			if spoilt > 3 {
				want = ledger.Counts{Held: 1}
			}
			if got == nil || got.Counts != want {
				t.Errorf("got %+v and the error %v, want %+v", got, err, want)
			}
			s.expect(map[string]int64{"prod_0001@wh_def456": 9})
		})
	}
}

// A refused row goes to the rejects file, which can be imported once it is fixed.
func TestRejectsAreFixed(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{}).stocked()
		file := s.File("sales.csv", "\ufeffproductId;warehouseId;qty;action;shelf\r\nprod_0006;ABJ-01;-2;sold;\"a;b\"\r\nprod_0001;ABJ-01;-9;sold;c\r\nprod_0001;ABJ-01;-1;sold;d\r\n")
		o := options(file, stock.Adjust)
		o.IgnoreUnknown = true
		got, err := s.Run(o)
		if failure.KindOf(err) != failure.Partial || err.Error() != "1 of 3 rows were not imported" || failure.HintOf(err) != "fix "+got.Rejects+" and import that" {
			t.Errorf("got %v (%s), want %q", err, failure.HintOf(err), "1 of 3 rows were not imported")
		}
		if want := (ledger.Counts{Applied: 2, Rejected: 1}); got.Counts != want {
			t.Errorf("got %+v, want %+v", got.Counts, want)
		}
		text := read(t, got.Rejects)
		want := "\ufeff_line;_n;_state;_code;_error;_raw;productId;warehouseId;qty;action;shelf\n3;1:"
		if got.Rejects != filepath.Join(s.Dir, "sales.rejects.csv") || !strings.HasPrefix(text, want) ||
			!strings.Contains(text, ";rejected;negative_stock;") || !strings.HasSuffix(text, ";prod_0001;ABJ-01;-9;sold;c\r\n") {
			t.Errorf("%s is\n%q", got.Rejects, text)
		}
		must(t, os.WriteFile(got.Rejects, []byte(strings.Replace(text, ";-9;sold;", ";+5;returned;", 1)), 0o600))
		o.File = got.Rejects
		got, err = s.Run(o)
		must(t, err)
		if want := (ledger.Counts{Applied: 1}); got.Counts != want {
			t.Errorf("got %+v, want %+v", got.Counts, want)
		}
		s.expect(map[string]int64{"prod_0006@wh_def456": -2, "prod_0001@wh_def456": 4})
	})
}

// Without permission to write, no row is used up.
func TestNoPermission(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		account := sandbox.DefaultAccount()
		account.Permissions = []string{"can_read_inventory"}
		s := openShop(t, sandbox.Options{Account: account})
		got, err := s.Run(options(s.File("opening.csv", opening(50)), stock.Create))
		if failure.KindOf(err) != failure.Permission {
			t.Errorf("got %v, want the kind %s", err, failure.Permission)
		}
		if want := (ledger.Counts{NotAttempted: 50}); got.Counts != want {
			t.Errorf("got %+v, want %+v", got.Counts, want)
		}
	})
}

// The run waits as a busy API asks, and still completes.
func TestRateLimit(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var refused atomic.Int64
		s := openShop(t, sandbox.Options{})
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			if isSend(r) && refused.Add(1)%7 == 0 {
				w.Header().Set("Retry-After", "0.01")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			inner.ServeHTTP(w, r)
		})
		got, err := s.Run(options(s.File("opening.csv", opening(100)), stock.Create))
		must(t, err)
		// On a slow machine a response may come too late.
		if got.Counts.Applied+got.Counts.Confirmed != 100 {
			t.Errorf("got %+v, want 100 rows applied or confirmed", got.Counts)
		}
	})
}

// An API that stops responding ends the run, which can be resumed.
func TestAPIStopsResponding(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var sends atomic.Int64
		var away atomic.Bool
		s := openShop(t, sandbox.Options{})
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			if isSend(r) && sends.Add(1) == 20 {
				away.Store(true)
			}
			if away.Load() {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			inner.ServeHTTP(w, r)
		})
		s.Env.MaxWait = 1
		got, err := s.Run(options(s.File("opening.csv", opening(100)), stock.Create))
		if failure.KindOf(err) != failure.Unavailable || got.Counts.NotAttempted+got.Counts.InDoubt < 70 {
			t.Errorf("got %v and %+v, want unavailable, with 70 rows or more not sent or in doubt", err, got)
		}
		away.Store(false)
		s.Env.MaxWait = 1e12
		got, err = s.Resume(got.Run)
		must(t, err)
		if c := got.Counts; c.Applied+c.Confirmed+c.Already != 100 {
			t.Errorf("got %+v, want 100 rows applied, confirmed or already there", c)
		}
	})
}

func TestMaxErrors(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{}).stocked()
		o := options(s.File("opening.csv", opening(200)), stock.Create)
		o.IfExists, o.Concurrency = settle.Fail, 1
		o.MaxErrors = ledger.Limit{Rows: 3, Set: true}
		got, err := s.Run(o)
		if failure.KindOf(err) != failure.Partial || err.Error() != "4 of 200 rows were refused: --max-errors stopped the run" {
			t.Errorf("got %v, want %q", err, "4 of 200 rows were refused: --max-errors stopped the run")
		}
		if want := (ledger.Counts{Rejected: 4, NotAttempted: 196}); got.Counts != want {
			t.Errorf("got %+v, want %+v", got.Counts, want)
		}
	})
}

// What was checked is sent, even if the file changes afterwards. A file that changes
// while it is being read is not sent at all.
func TestFileChanges(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		file := s.File("opening.csv", opening(50))
		plan, err := importer.Check(t.Context(), s.Env, options(file, stock.Create))
		must(t, err)
		must(t, os.WriteFile(file, []byte(strings.ReplaceAll(opening(60), ",A-", ",B-")), 0o600))
		got, err := plan.Run(t.Context())
		must(t, err)
		if got.Counts.Applied != 50 {
			t.Errorf("got %+v, want 50 rows applied", got.Counts)
		}
		for r, err := range s.Env.Reader.Records().All(t.Context()) {
			must(t, err)
			if r.Location != nil && strings.HasPrefix(*r.Location, "B-") && strings.HasPrefix(r.ProductID, "prod_00") {
				t.Errorf("%s has location %s, which was not checked", r.ProductID, *r.Location)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(s.Env.Store.Dir, got.Run, "input*")); left != nil {
			t.Errorf("the run has ended, but there is %s", left)
		}
	})
}

// A file that changes while it is being read is not sent, because it may be incomplete.
func TestFileChangesWhileItIsRead(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var file string
		s := openShop(t, sandbox.Options{})
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/warehouses") { // the first row needs its warehouse
				must(t, os.WriteFile(file, []byte(opening(51)), 0o600))
			}
			inner.ServeHTTP(w, r)
		})
		file = s.File("opening.csv", opening(50))
		_, err := importer.Check(t.Context(), s.Env, options(file, stock.Create))
		if failure.KindOf(err) != failure.Usage || err.Error() != "the file changed while it was being read: nothing was sent" {
			t.Errorf("got %v, want %q", err, "the file changed while it was being read: nothing was sent")
		}
		if left, _ := os.ReadDir(s.Env.Store.Dir); len(left) != 0 {
			t.Errorf("the folder of the runs has %v, want it empty", left)
		}
	})
}

// If the rejects file cannot be written, that is reported before the first row is
// sent, and no run is left behind.
func TestRejectsCannotBeWritten(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		before := len(s.Stock())
		o := options(s.File("opening.csv", opening(5)), stock.Create)
		o.Rejects = filepath.Join(s.Dir, "nowhere", "rejects.csv")
		_, err := s.Run(o)
		if failure.KindOf(err) != failure.Usage || !strings.HasPrefix(err.Error(), "--rejects: open ") {
			t.Errorf("got %v, want it to begin with %q", err, "--rejects: open ")
		}
		if runs, _ := ledger.Runs(s.Env.Store); len(runs) != 0 || len(s.Stock()) != before {
			t.Errorf("a run that sent nothing is kept: %v", runs)
		}
	})
}

// The refusal of a row that was sent before may be a consequence of its own success: a
// very late write makes the second attempt fail, and is found in the log.
func TestRefusalOfASecondAttempt(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var sends atomic.Int64
		var first []byte
		s := openShop(t, sandbox.Options{}).stocked()
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			if isSend(r) {
				switch sends.Add(1) {
				case 1:
					var err error
					if first, err = io.ReadAll(r.Body); err != nil {
						t.Error(err)
					}
					panic(http.ErrAbortHandler)
				case 2:
					late := r.Clone(context.WithoutCancel(r.Context()))
					late.Body = io.NopCloser(strings.NewReader(string(first)))
					inner.ServeHTTP(&deaf{http.Header{}}, late)
				}
			}
			inner.ServeHTTP(w, r)
		})
		got, err := s.Run(options(s.File("rows.csv", "productId,warehouseId,qty,action\nprod_0006,ABJ-01,-4,sold\n"), stock.Adjust))
		must(t, err)
		if want := (ledger.Counts{Confirmed: 1}); got.Counts != want || sends.Load() != 2 {
			t.Errorf("%d sendings: %+v", sends.Load(), got)
		}
		s.expect(map[string]int64{"prod_0006@wh_def456": -4})
	})
}

// The same holds if an earlier session sent the row: a write that arrives even after the
// resumed run has read the log makes the next attempt fail.
func TestRefusalAfterAnEarlierSession(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		run := s.begin(stock.Adjust, one(), move(-100, "a"))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var first []byte
		inner := s.Web.Sandbox
		s.answers(func(_ http.ResponseWriter, r *http.Request, n int64) bool {
			switch n {
			case 1:
				var err error
				if first, err = io.ReadAll(r.Body); err != nil {
					t.Error(err)
				}
				cancel()
				panic(http.ErrAbortHandler)
			case 2:
				late := r.Clone(context.WithoutCancel(r.Context()))
				late.Body = io.NopCloser(strings.NewReader(string(first)))
				inner.ServeHTTP(&deaf{http.Header{}}, late)
			}
			return false
		})
		got, err := run.Send(ctx)
		must(t, err)
		must(t, run.Close())
		if want := (ledger.Counts{InDoubt: 1}); got.Counts != want {
			t.Fatalf("stopped with %+v", got.Counts)
		}
		s.Env.Now = func() time.Time { return time.Now().Add(time.Hour) } // nothing is waited for
		got = s.resume(run.ID())
		if want := (ledger.Counts{Confirmed: 1}); got.Counts != want || s.Stock()["prod_abc123@wh_abc123"] != 20 {
			t.Errorf("resumed with %+v, stock %v", got.Counts, s.Stock())
		}
	})
}

// deaf is a response writer that discards everything.
type deaf struct{ header http.Header }

func (d *deaf) Header() http.Header         { return d.header }
func (d *deaf) Write(b []byte) (int, error) { return len(b), nil }
func (d *deaf) WriteHeader(int)             {}

// Two processes cannot import the same file concurrently, because neither would know of
// the other's rows.
func TestOneImportAtATime(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{}).stocked()
		text, _ := movementFile(10)
		file := s.File("rows.csv", text)
		first, err := importer.Check(t.Context(), s.Env, options(file, stock.Adjust))
		must(t, err)
		_, err = importer.Check(t.Context(), s.Env, options(file, stock.Adjust))
		if failure.KindOf(err) != failure.Usage || err.Error() != "another process is importing "+file+" now" {
			t.Errorf("got %v, want %q", err, "another process is importing "+file+" now")
		}
		shard := options(file, stock.Adjust)
		shard.Shard = stock.Shard{I: 0, N: 2}
		other, err := importer.Check(t.Context(), s.Env, shard)
		must(t, err)
		must(t, other.Close())
		must(t, first.Close())
		again, err := importer.Check(t.Context(), s.Env, options(file, stock.Adjust))
		must(t, err)
		must(t, again.Close())
	})
}

// An import with a user-given id that also ran elsewhere is detected.
func TestSameNameElsewhere(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{}).stocked()
		text, _ := movementFile(10)
		o := options(s.File("rows.csv", text), stock.Adjust)
		o.ImportID = "night-1"
		here, err := importer.Check(t.Context(), s.Env, o)
		must(t, err)
		elsewhere := s.Env
		elsewhere.Store.Dir += "-elsewhere"
		there, err := importer.Check(t.Context(), elsewhere, o)
		must(t, err)
		_, err = there.Run(t.Context())
		must(t, err)
		got, err := here.Run(t.Context())
		if failure.KindOf(err) != failure.OutcomeUnknown || len(got.Doubled) != 10 {
			t.Errorf("got %v and %+v, want 10 rows applied twice", err, got)
		}
	})
}

// A journal is kept as long as anyone may compare with it.
func TestPruneKeepsRunsWithinTheLookback(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{}).stocked()
		text, _ := movementFile(3)
		o := options(s.File("rows.csv", text), stock.Adjust)
		o.Lookback = 60 * 24 * time.Hour
		_, err := s.Run(o)
		must(t, err)
		count := func() int {
			runs, err := ledger.Runs(s.Env.Store)
			must(t, err)
			return len(runs)
		}
		now := time.Now()
		for _, step := range []struct{ days, left int }{{29, 2}, {59, 1}, {61, 0}} {
			must(t, ledger.Prune(s.Env.Store, now.AddDate(0, 0, step.days), time.Second))
			if n := count(); n != step.left {
				t.Errorf("after %d days %d journals are left, want %d", step.days, n, step.left)
			}
		}
	})
}

// A create that is given up is not reported as refused while its last attempt may still
// arrive.
func TestLateCreate(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var sends atomic.Int64
		s := openShop(t, sandbox.Options{})
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			if !isSend(r) {
				inner.ServeHTTP(w, r)
				return
			}
			if sends.Add(1) < 5 {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			time.AfterFunc(s.Env.Writer.Timeout()/2, func() {
				late := r.Clone(context.WithoutCancel(r.Context()))
				late.Body = io.NopCloser(strings.NewReader(string(body)))
				inner.ServeHTTP(&deaf{http.Header{}}, late)
			})
			panic(http.ErrAbortHandler)
		})
		got, err := s.Run(options(s.File("one.csv", opening(1)), stock.Create))
		must(t, err)
		if want := (ledger.Counts{Confirmed: 1}); got.Counts != want {
			t.Errorf("got %+v, want %+v", got.Counts, want)
		}
	})
}
