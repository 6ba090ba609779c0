package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// heard is an observer that records its calls.
type heard struct {
	mu      sync.Mutex
	ended   map[int64]ledger.Outcome
	left    map[int64]ledger.Outcome
	fails   error // what Ended returns
	once    bool
	doubted []int64
}

func listener() *heard {
	return &heard{ended: map[int64]ledger.Outcome{}, left: map[int64]ledger.Outcome{}}
}

func (h *heard) Ended(w *ledger.Write, o ledger.Outcome) error {
	if !h.mu.TryLock() {
		return errors.New("two at a time")
	}
	defer h.mu.Unlock()
	h.ended[w.N] = o
	return h.fails
}

func (h *heard) NotAttempted(w *ledger.Write, o ledger.Outcome) error {
	h.left[w.N] = o
	return nil
}

func (h *heard) Doubted(w *ledger.Write) { h.doubted = append(h.doubted, w.N) }

func (h *heard) Once() bool { return h.once }

// begin seals a plan of writes, which it numbers.
func (s *shop) begin(mode stock.Mode, o ledger.Options, writes ...ledger.Write) *ledger.Run {
	s.T.Helper()
	folder, err := s.Env.Store.Reserve(journal.NewID(time.Now()))
	must(s.T, err)
	plan, err := ledger.NewPlan(filepath.Join(folder.Dir(), "plan-1"), mode)
	must(s.T, err)
	for i := range writes {
		writes[i].N, writes[i].Line = int64(i+1), i+2
		must(s.T, plan.Add(&writes[i]))
	}
	whole, err := plan.Close()
	must(s.T, err)
	run, err := ledger.Begin(s.T.Context(), s.Env.Env, ledger.Draft{
		Folder: folder, File: "writes", ImportID: "test", Tenant: "tnt_sandbox", Plan: whole, Options: o,
	})
	must(s.T, err)
	return run
}

// send sends a plan of writes and returns the result.
func (s *shop) send(mode stock.Mode, o ledger.Options, h *heard, writes ...ledger.Write) *ledger.Result {
	s.T.Helper()
	run := s.begin(mode, o, writes...)
	got, err := run.Send(s.T.Context(), h)
	must(s.T, err)
	must(s.T, run.Close())
	return got
}

// answers lets a function answer the writes until it returns false.
func (s *shop) answers(answer func(w http.ResponseWriter, r *http.Request, n int64) bool) {
	inner, sends := s.Web.Sandbox, new(atomic.Int64)
	s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
		if isSend(r) && answer(w, r, sends.Add(1)) {
			return
		}
		inner.ServeHTTP(w, r)
	})
}

func move(qty int64, tag string) ledger.Write {
	return ledger.Write{
		Key: stock.Key{Record: "inv_xyz789"}, Record: "inv_xyz789", Tag: tag + strings.Repeat("a", 12-len(tag)), Occurrence: 1,
		Change: api.Adjustment{Qty: qty, Action: "ADJUSTED"},
	}
}

func create(product string, qty int64) ledger.Write {
	key := stock.Key{Address: stock.Address{Product: product, Warehouse: "wh_abc123"}}
	return ledger.Write{Key: key, Create: api.CreateRecord{ProductID: product, WarehouseID: key.Warehouse, InitialQty: &qty}}
}

func set(want, seen int64) ledger.Write {
	return ledger.Write{Key: stock.Key{Record: "inv_xyz789"}, Record: "inv_xyz789", Want: want, Seen: seen, Tag: "bbbbbbbbbbbb"}
}

func one() ledger.Options { return ledger.Options{IfExists: settle.Same, Concurrency: 1} }

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []ledger.Options{{}, {Concurrency: ledger.MaxWorkers}, {Rate: 0.5}} {
		must(t, o.Check())
	}
	for want, o := range map[string]ledger.Options{
		"--concurrency must be auto or 1 to 256, not 257": {Concurrency: 257},
		"--concurrency must be auto or 1 to 256, not -1":  {Concurrency: -1},
		"--rate must be 0 or more requests a second":      {Rate: -1},
	} {
		if err := o.Check(); failure.KindOf(err) != failure.Usage || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for text, want := range map[string]ledger.Limit{"0": {Set: true}, "7": {Rows: 7, Set: true}, "0%": {Set: true}, "2.5%": {Percent: 2.5, Set: true}, "100%": {Percent: 100, Set: true}} {
		if got, err := ledger.ParseLimit(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "-1", "x", "101%", "-1%", "NaN%", "%"} {
		if _, err := ledger.ParseLimit(text); failure.KindOf(err) != failure.Usage || !strings.HasPrefix(err.Error(), "--max-errors must be a number of rows such as 100, or a share such as 5%, not ") {
			t.Errorf("%q: got %v, want it to begin with %q", text, err, "--max-errors must be a number of rows such as 100, or a share such as 5%, not ")
		}
	}
}

// A run stops at the first error over the limit, given as a number or a share.
func TestLimitOfErrors(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for _, c := range []struct {
			limit    ledger.Limit
			rejected int64
		}{
			{ledger.Limit{}, 10},
			{ledger.Limit{Set: true}, 1},
			{ledger.Limit{Rows: 2, Set: true}, 3},
			{ledger.Limit{Percent: 20, Set: true}, 3},
			{ledger.Limit{Percent: 100, Set: true}, 10},
		} {
			s := openShop(t, sandbox.Options{})
			var writes []ledger.Write
			for i := range 10 {
				writes = append(writes, move(-1000, string(rune('a'+i))))
			}
			o := one()
			o.MaxErrors = c.limit
			got := s.send(stock.Adjust, o, listener(), writes...)
			if got.Counts != (ledger.Counts{Rejected: c.rejected, NotAttempted: 10 - c.rejected}) || (got.Stopped != nil) != (c.rejected < 10) {
				t.Errorf("%+v: %+v, %v", c.limit, got.Counts, got.Stopped)
			}
			if got.Stopped != nil && !errors.Is(got.Stopped, ledger.ErrTooMany) {
				t.Errorf("stopped by %v", got.Stopped)
			}
		}
	})
}

// An observer that cannot write stops the run: nothing more is sent, the row stays
// open, and the account is reported as unreliable.
func TestAnObserverThatFailsStopsTheRun(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		h := listener()
		h.fails = errors.New("the disk is full")
		got := s.send(stock.Adjust, one(), h, move(1, "a"), move(1, "b"), move(1, "c"))
		if got.Counts != (ledger.Counts{InDoubt: 1, NotAttempted: 2}) || !errors.Is(got.Fault, h.fails) || !errors.Is(got.Stopped, h.fails) || got.Finished {
			t.Errorf("got %+v, want %+v", got, ledger.Counts{InDoubt: 1, NotAttempted: 2})
		}
		if onHand := s.Stock()["prod_abc123@wh_abc123"]; onHand != 121 {
			t.Errorf("on hand is %d: more than one was sent", onHand)
		}
	})
}

// Writes that were decided when the plan was made are not sent. They get their outcomes
// immediately.
func TestDecidedWritesAreNotSent(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		s.answers(func(_ http.ResponseWriter, _ *http.Request, n int64) bool {
			if n > 1 {
				t.Error("more than one was sent")
			}
			return false
		})
		var writes []ledger.Write
		states := []journal.State{journal.Invalid, journal.Skipped, journal.Already}
		for i, state := range states {
			w := move(5, string(rune('d'+i)))
			w.Decided = &ledger.Outcome{State: state, Code: "c", Message: "m"}
			writes = append(writes, w)
		}
		h := listener()
		got := s.send(stock.Adjust, one(), h, append(writes, move(1, "a"))...)
		if got.Counts != (ledger.Counts{Invalid: 1, Skipped: 1, Already: 1, Applied: 1}) || !got.Finished || got.Ended != 4 {
			t.Errorf("got %+v, want %+v", got, ledger.Counts{Invalid: 1, Skipped: 1, Already: 1, Applied: 1})
		}
		for i, state := range states {
			if h.ended[int64(i+1)] != (ledger.Outcome{State: state, Code: "c", Message: "m"}) {
				t.Errorf("%s: got %+v, want its state, code and message", state, h.ended[int64(i+1)])
			}
		}
	})
}

// If the plan is damaged while it is being sent, the run stops there, and every row is
// accounted for.
func TestAPlanThatIsDamagedWhileItIsSent(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		const rows = 9000 // more than one block
		var writes []ledger.Write
		for i := range rows {
			w := create(fmt.Sprint("prod_", i), 1)
			w.Decided = &ledger.Outcome{State: journal.Skipped, Message: strings.Repeat("m", i%50)}
			writes = append(writes, w)
		}
		run := s.begin(stock.Create, one(), writes...)
		text, err := os.ReadFile(run.Plan().Path)
		must(t, err)
		text[len(text)-1] ^= 1
		must(t, os.WriteFile(run.Plan().Path, text, 0o600))
		got, err := run.Send(t.Context(), listener())
		must(t, err)
		must(t, run.Close())
		if got.Unread == nil || !strings.HasPrefix(got.Unread.Error(), "reading the plan: the checksum of the rows after ") || got.Finished {
			t.Errorf("got %v, want it to begin with %q", got.Unread, "reading the plan: the checksum of the rows after ")
		}
		if c := got.Counts; c.Skipped == 0 || c.NotAttempted == 0 || c.Skipped+c.NotAttempted != rows {
			t.Errorf("got %+v, want %d rows skipped or not attempted, and some of each", c, rows)
		}
		if _, err := ledger.Reopen(s.Env.Env, run.ID()); err == nil || !strings.Contains(err.Error(), "the plan is not the one that was sealed") {
			t.Errorf("resuming with a changed plan: got %v, want that it is not the one that was sealed", err)
		}
	})
}

// A create without a response is sent five times, and then ends as not applied if the
// record does not exist.
func TestACreateThatIsAlwaysLost(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var sends atomic.Int64
		s := openShop(t, sandbox.Options{})
		s.answers(func(w http.ResponseWriter, _ *http.Request, n int64) bool {
			sends.Store(n)
			w.WriteHeader(http.StatusInternalServerError)
			return true
		})
		h := listener()
		got := s.send(stock.Create, one(), h, create("prod_new", 1))
		if got.Counts != (ledger.Counts{Rejected: 1}) || sends.Load() != 5 {
			t.Errorf("%d sendings: %+v", sends.Load(), got)
		}
		if o := h.ended[1]; o.Code != "unavailable" || !strings.HasPrefix(o.Message, "sent 5 times and not applied: ") {
			t.Errorf("got the outcome %+v, want unavailable after 5 attempts", o)
		}
	})
}

// The policy decides about a record that exists.
func TestWhatExists(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for _, c := range []struct {
			policy settle.Policy
			qty    int64
			counts ledger.Counts
			code   string
			onHand int64
		}{
			{settle.Fail, 120, ledger.Counts{Rejected: 1}, "already_exists", 120},
			{settle.Fail, 7, ledger.Counts{Rejected: 1}, "already_exists", 120},
			{settle.Same, 120, ledger.Counts{Already: 1}, "", 120},
			{settle.Same, 7, ledger.Counts{Conflict: 1}, "already_exists", 120},
			{settle.Skip, 7, ledger.Counts{Already: 1}, "", 120},
			{settle.Set, 120, ledger.Counts{Already: 1}, "", 120},
			{settle.Set, 7, ledger.Counts{Applied: 1}, "set", 7},
		} {
			s := openShop(t, sandbox.Options{})
			h, o := listener(), one()
			o.IfExists = c.policy
			got := s.send(stock.Create, o, h, create("prod_abc123", c.qty))
			if got.Counts != c.counts || h.ended[1].Code != c.code || s.Stock()["prod_abc123@wh_abc123"] != c.onHand {
				t.Errorf("%s %d: %+v, %+v, on hand %d", c.policy, c.qty, got.Counts, h.ended[1], s.Stock()["prod_abc123@wh_abc123"])
			}
		}
	})
}

// Policies that do not need the details accept a record that exists but cannot be read.
// The others send the create again to learn more, and finally give up.
func TestWhatExistsButCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		policy settle.Policy
		fails  int64 // how many of the reads fail
		counts ledger.Counts
		code   string
		sends  int64
	}{
		{settle.Fail, 99, ledger.Counts{Rejected: 1}, "duplicate", 1},
		{settle.Skip, 99, ledger.Counts{Already: 1}, "", 1},
		{settle.Same, 1, ledger.Counts{Already: 1}, "", 2},
		{settle.Set, 1, ledger.Counts{Already: 1}, "", 2},
		{settle.Same, 99, ledger.Counts{Rejected: 1}, "duplicate", 6},
	} {
		instantly(t, fmt.Sprint(c.policy, c.fails), func(t *testing.T) {
			s := openShop(t, sandbox.Options{})
			var reads, sends atomic.Int64
			inner := s.Web.Sandbox
			s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case isSend(r):
					sends.Add(1)
				case sends.Load() > 0 && r.Method == http.MethodGet && reads.Add(1) <= c.fails:
					w.WriteHeader(http.StatusBadRequest)
					return
				}
				inner.ServeHTTP(w, r)
			})
			h, o := listener(), one()
			o.IfExists = c.policy
			got := s.send(stock.Create, o, h, create("prod_abc123", 120))
			if got.Counts != c.counts || h.ended[1].Code != c.code || sends.Load() != c.sends {
				t.Errorf("%+v after it was sent %d times, %+v", got.Counts, sends.Load(), h.ended[1])
			}
		})
	}
}

// A create that is refused after a lost response may have been refused because of
// what was lost, so the refusal settles nothing.
func TestACreateRefusedAfterALostResponse(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var sends atomic.Int64
		s := openShop(t, sandbox.Options{})
		s.answers(func(w http.ResponseWriter, _ *http.Request, n int64) bool {
			sends.Store(n)
			if n == 1 {
				w.WriteHeader(http.StatusInternalServerError)
			} else {
				w.WriteHeader(http.StatusUnprocessableEntity)
			}
			return true
		})
		h := listener()
		got := s.send(stock.Create, one(), h, create("prod_new", 1))
		if got.Counts != (ledger.Counts{Rejected: 1}) || sends.Load() != 5 {
			t.Errorf("%d sendings: %+v, heard %+v", sends.Load(), got.Counts, h.ended[1])
		}
	})
}

// A 403 after a row was applied refuses only its own row. Before that it stops the run
// and refuses none.
func TestAForbiddenRow(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for nth, want := range map[int64]ledger.Counts{1: {NotAttempted: 3}, 2: {Applied: 2, Rejected: 1}} {
			s := openShop(t, sandbox.Options{})
			s.answers(func(w http.ResponseWriter, _ *http.Request, n int64) bool {
				if n != nth {
					return false
				}
				w.WriteHeader(http.StatusForbidden)
				return true
			})
			if got := s.send(stock.Adjust, one(), listener(), move(1, "a"), move(1, "b"), move(1, "c")); got.Counts != want {
				t.Errorf("at write %d: %+v", nth, got)
			}
		}
	})
}

// In set mode, the difference of a row that was lost and not applied is computed again
// from the current record.
func TestALostRowOfSetModeIsComputedAgain(t *testing.T) {
	address := func(w ledger.Write) ledger.Write {
		w.Key = stock.Key{Address: stock.Address{Product: "prod_abc123", Warehouse: "wh_abc123"}}
		return w
	}
	for name, c := range map[string]struct {
		write  ledger.Write
		moves  int64 // what others move in the meantime
		counts ledger.Counts
		sends  int64
	}{
		"by id":        {set(100, 120), -5, ledger.Counts{Applied: 1}, 2},
		"by address":   {address(set(100, 120)), -5, ledger.Counts{Applied: 1}, 2},
		"nothing left": {set(100, 121), -20, ledger.Counts{Already: 1}, 1},
	} {
		instantly(t, name, func(t *testing.T) {
			var sends atomic.Int64
			s := openShop(t, sandbox.Options{})
			inner := s.Web.Sandbox
			s.answers(func(_ http.ResponseWriter, r *http.Request, n int64) bool {
				sends.Store(n)
				if n > 1 {
					return false
				}
				body := fmt.Sprintf(`{"qty":%d,"action":"ADJUSTED"}`, c.moves)
				other := r.Clone(t.Context())
				other.Body, other.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
				inner.ServeHTTP(&deaf{http.Header{}}, other)
				panic(http.ErrAbortHandler)
			})
			got := s.send(stock.Set, one(), listener(), c.write)
			if got.Counts != c.counts || sends.Load() != c.sends || s.Stock()["prod_abc123@wh_abc123"] != 100 {
				t.Errorf("sent %d times, %+v, on hand %d", sends.Load(), got.Counts, s.Stock()["prod_abc123@wh_abc123"])
			}
		})
	}
}

// A row is not sent again if its record cannot be read again, because the difference to
// send is unknown.
func TestALostRowThatCannotBeReadAgain(t *testing.T) {
	for name, key := range map[string]stock.Key{
		"by id": {Record: "inv_xyz789"}, "by address": {Address: stock.Address{Product: "prod_abc123", Warehouse: "wh_abc123"}},
	} {
		instantly(t, name, func(t *testing.T) {
			var sends atomic.Int64
			s := openShop(t, sandbox.Options{})
			s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case isSend(r):
					sends.Add(1)
					panic(http.ErrAbortHandler)
				case sends.Load() > 0 && !isLog(r):
					w.WriteHeader(http.StatusBadRequest)
				default:
					s.Web.Sandbox.ServeHTTP(w, r)
				}
			})
			write, h := set(100, 120), listener()
			write.Key = key
			got := s.send(stock.Set, one(), h, write)
			if want := "not applied, and reading it again: the API refused the request (400)"; got.Counts != (ledger.Counts{Rejected: 1}) || sends.Load() != 1 || h.ended[1].Message != want {
				t.Errorf("%d sendings, %+v, heard %+v", sends.Load(), got.Counts, h.ended[1])
			}
		})
	}
}

// A movement without a response is sent five times, and then ends as not applied if the
// log does not show it.
func TestAMovementThatIsAlwaysLost(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		var sends atomic.Int64
		s := openShop(t, sandbox.Options{})
		s.answers(func(http.ResponseWriter, *http.Request, int64) bool {
			sends.Add(1)
			panic(http.ErrAbortHandler)
		})
		h := listener()
		got := s.send(stock.Adjust, one(), h, move(1, "a"))
		if got.Counts != (ledger.Counts{Rejected: 1}) || sends.Load() != 5 || !strings.HasPrefix(h.ended[1].Message, "sent 5 times and not applied: ") {
			t.Errorf("%d sendings, %+v, heard %+v", sends.Load(), got.Counts, h.ended[1])
		}
	})
}

// A row in set mode that already has its quantity sends nothing. If the response shows
// another quantity, the row has drifted.
func TestSetMode(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		h := listener()
		if got := s.send(stock.Set, one(), h, set(120, 120)); got.Counts != (ledger.Counts{Already: 1}) || got.Drifted != 0 {
			t.Errorf("got %+v, want %+v", got, ledger.Counts{Already: 1})
		}
		// The plan was made when there were 119.
		if got := s.send(stock.Set, one(), h, set(130, 119)); got.Counts != (ledger.Counts{Applied: 1}) || got.Drifted != 1 || h.ended[1].Code != "drifted" {
			t.Errorf("got %+v, %+v, want %+v", got, h.ended, ledger.Counts{Applied: 1})
		}
		// Newer figures take precedence over those in the plan. Without one, the reason
		// ends the row.
		for _, c := range []struct {
			onHand int64
			err    error
			counts ledger.Counts
		}{{131, nil, ledger.Counts{Applied: 1}}, {0, failure.New(failure.NotFound, "it is gone"), ledger.Counts{Rejected: 1}}} {
			run := s.begin(stock.Set, one(), set(140, 1))
			run.Use(func(*ledger.Write) (int64, error) { return c.onHand, c.err })
			got, err := run.Send(t.Context(), h)
			must(t, err)
			must(t, run.Close())
			if got.Counts != c.counts || got.Drifted != 0 {
				t.Errorf("got %+v, want %v", got, c.counts)
			}
		}
		if onHand := s.Stock()["prod_abc123@wh_abc123"]; onHand != 140 {
			t.Errorf("on hand is %d", onHand)
		}
	})
}

// Progress is reported during the run, and once at its end.
func TestProgressIsReported(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		shown := make(chan ledger.Progress, 100)
		s.Env.Show = func(p ledger.Progress) { shown <- p }
		s.answers(func(_ http.ResponseWriter, _ *http.Request, n int64) bool {
			for n == 2 { // the second waits until the first was reported
				if p := <-shown; p.Done == 1 {
					break
				}
			}
			return false
		})
		h := listener()
		h.once = true // each outcome is in the journal before the next row is sent
		s.send(stock.Adjust, one(), h, move(1, "a"), move(-1000, "b"), move(1, "c"))
		var last ledger.Progress
		for last = range shown {
			if last.Last {
				break
			}
		}
		if last.Done != 3 || last.Total != 3 || last.Refused != 1 || last.InDoubt != 0 || last.PerSecond <= 0 {
			t.Errorf("got %+v at the end, want 3 of 3 rows done and 1 refused", last)
		}
	})
}

// A reopened run knows what is done and what is left.
func TestAReopenedRun(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		o := one()
		o.MaxErrors = ledger.Limit{Set: true}
		run := s.begin(stock.Adjust, o, move(1, "a"), move(-1000, "b"), move(1, "c"))
		if run.Resumed() || run.Left() != 3 || run.Plan().Rows != 3 {
			t.Errorf("begun: %d left", run.Left())
		}
		_, err := run.Send(t.Context(), listener())
		must(t, err)
		must(t, run.Close())
		open, err := ledger.Unfinished(s.Env.Store)
		must(t, err)
		if len(open) != 1 || open[0].ID != run.ID() {
			t.Errorf("got the unfinished runs %+v, want only %s", open, run.ID())
		}
		again, err := ledger.Reopen(s.Env.Env, run.ID())
		must(t, err)
		if !again.Resumed() || again.Left() != 1 || !again.Done(&ledger.Write{N: 2}) || again.Done(&ledger.Write{N: 3}) {
			t.Errorf("%d left", again.Left())
		}
		if _, err := ledger.Reopen(s.Env.Env, run.ID()); failure.KindOf(err) != failure.Usage || err.Error() != "run "+run.ID()+" is in use by another process" {
			t.Errorf("in a second process: %v", err)
		}
		h := listener()
		got, err := again.Send(t.Context(), h)
		must(t, err)
		must(t, again.Close())
		if got.Counts != (ledger.Counts{Applied: 2, Rejected: 1}) || got.Ended != 1 || len(h.ended) != 1 || !got.Finished {
			t.Errorf("got %+v, heard %v", got, h.ended)
		}
	})
}

// If a resumed run finds a token on a movement with another quantity, that does not
// prove that its row was applied. The row is on hold with a reason.
func TestATokenOnAnotherMovement(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		inner := s.Web.Sandbox
		ctx, cancel := context.WithCancel(t.Context())
		s.answers(func(_ http.ResponseWriter, r *http.Request, _ int64) bool {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			body = bytes.Replace(body, []byte(`"qty":-3`), []byte(`"qty":-4`), 1)
			other := r.Clone(t.Context())
			other.Body, other.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			inner.ServeHTTP(&deaf{http.Header{}}, other)
			cancel()
			panic(http.ErrAbortHandler)
		})
		run := s.begin(stock.Adjust, one(), move(-3, "a"))
		h := listener()
		got, err := run.Send(ctx, h)
		must(t, err)
		must(t, run.Close())
		if got.Counts != (ledger.Counts{InDoubt: 1}) || !slices.Equal(h.doubted, []int64{1}) || s.Stock()["prod_abc123@wh_abc123"] != 116 {
			t.Fatalf("%+v, on hand %d", got.Counts, s.Stock()["prod_abc123@wh_abc123"])
		}
		h = listener()
		got = s.resume(run.ID(), h)
		if got.Counts != (ledger.Counts{Held: 1}) || h.ended[1].Code != "mismatch" {
			t.Errorf("got the counts %+v and the outcome %+v, want one row on hold as a mismatch", got.Counts, h.ended[1])
		}
	})
}
