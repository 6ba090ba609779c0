package ledger_test

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// A plain success has no code or message.
func TestAPlainSuccessHasNoMessage(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for mode, write := range map[stock.Mode]ledger.Write{stock.Create: create("prod_new", 3), stock.Adjust: move(1, "a"), stock.Set: set(7, 120)} {
			s, h := openShop(t, sandbox.Options{}), listener()
			s.send(mode, one(), h, write)
			if h.ended[1] != (ledger.Outcome{State: journal.Applied}) {
				t.Errorf("%s: got %+v, want it applied without a message", mode, h.ended[1])
			}
		}
	})
}

// fullDisk is an observer that cannot record that a row was not attempted.
type fullDisk struct {
	*heard
	err error
}

func (f fullDisk) NotAttempted(*ledger.Write, ledger.Outcome) error { return f.err }

// A row behind one on hold is reported as not attempted. If that cannot be written, the
// account says so.
func TestARowBehindOneOnHoldIsReported(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		errFull := errors.New("the disk is full")
		for _, full := range []bool{false, true} {
			s := openShop(t, sandbox.Options{})
			inner := s.Web.Sandbox
			var sends atomic.Int64
			s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case isSend(r):
					sends.Add(1)
					panic(http.ErrAbortHandler)
				case isLog(r) && sends.Load() > 0:
					w.WriteHeader(http.StatusBadRequest)
				default:
					inner.ServeHTTP(w, r)
				}
			})
			h := listener()
			observer := ledger.Observer(h)
			if full {
				observer = fullDisk{h, errFull}
			}
			run := s.begin(stock.Adjust, one(), move(1, "a"), move(2, "b"))
			got, err := run.Send(t.Context(), observer)
			must(t, err)
			must(t, run.Close())
			if got.Counts != (ledger.Counts{Held: 1, NotAttempted: 1}) || sends.Load() != 1 || errors.Is(got.Fault, errFull) != full {
				t.Errorf("disk full %t: %+v after it was sent %d times, %v", full, got.Counts, sends.Load(), got.Fault)
			}
			if want := (ledger.Outcome{State: journal.NotAttempted, Message: "not attempted (line 2 held)"}); !full && h.left[2] != want {
				t.Errorf("got the rows that were not attempted %+v, want %+v for row 2", h.left, want)
			}
		}
	})
}

// A movement that was found in the log counts as applied, so a 403 after it refuses
// only its own row.
func TestAForbiddenRowAfterAConfirmedOne(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		inner := s.Web.Sandbox
		s.answers(func(w http.ResponseWriter, r *http.Request, n int64) bool {
			if n == 1 {
				inner.ServeHTTP(&deaf{http.Header{}}, r)
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(http.StatusForbidden)
			return true
		})
		if got := s.send(stock.Adjust, one(), listener(), move(1, "a"), move(2, "b")); got.Counts != (ledger.Counts{Confirmed: 1, Rejected: 1}) {
			t.Errorf("got %+v, want %+v", got.Counts, ledger.Counts{Confirmed: 1, Rejected: 1})
		}
	})
}

// A row in set mode has drifted if the quantity afterwards is not the wanted one,
// unless only a difference was to be sent.
func TestWhichRowsHaveDrifted(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			want, baseline int64
			moved          ledger.IfMoved
			onHand         int64
			drifted        int64
		}{
			"no baseline":          {want: 130, onHand: 131, drifted: 1},
			"baseline, as wanted":  {want: 130, baseline: 119, moved: ledger.MovedApply, onHand: 131, drifted: 1},
			"baseline, difference": {want: 130, baseline: 110, moved: ledger.MovedDelta, onHand: 140},
		} {
			s := openShop(t, sandbox.Options{})
			w := set(c.want, 119) // there are 120
			w.HasBaseline, w.Baseline = c.baseline != 0, c.baseline
			o := one()
			o.IfMoved = c.moved
			got := s.send(stock.Set, o, listener(), w)
			if onHand := s.Stock()["prod_abc123@wh_abc123"]; got.Counts.Applied != 1 || got.Drifted != c.drifted || onHand != c.onHand {
				t.Errorf("%s: %+v, %d drifted, on hand %d", name, got.Counts, got.Drifted, onHand)
			}
		}
	})
}

// A resumed run searches the log for rows that were applied before its plan was made,
// but not for rows that are not to be sent.
func TestWhatALogSaysOfDecidedRows(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		decided := func(w ledger.Write, state journal.State) ledger.Write {
			w.Decided = &ledger.Outcome{State: state}
			return w
		}
		run := s.begin(stock.Adjust, one(), decided(move(1, "a"), journal.Already), decided(move(2, "b"), journal.Skipped), decided(move(3, "c"), journal.Already))
		must(t, run.Close())
		for qty, tag := range map[int64]string{1: "aaaaaaaaaaaa", 2: "baaaaaaaaaaa"} {
			_, err := s.Env.Writer.Adjust(t.Context(), "inv_xyz789", api.Adjustment{Qty: qty, Action: api.ActionAdjusted, Reference: tokenOf(tag)})
			must(t, err)
		}
		got := s.resume(run.ID())
		if got.Counts != (ledger.Counts{Confirmed: 1, Skipped: 1, Already: 1}) {
			t.Errorf("got %+v, want %+v", got.Counts, ledger.Counts{Confirmed: 1, Skipped: 1, Already: 1})
		}
	})
}

// The log is compared with the difference that an earlier session sent.
func TestALostRowOfSetModeIsFoundByItsDifference(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		inner := s.Web.Sandbox
		var calm atomic.Bool
		s.answers(func(_ http.ResponseWriter, r *http.Request, _ int64) bool {
			if calm.Load() {
				return false
			}
			inner.ServeHTTP(&deaf{http.Header{}}, r)
			cancel()
			panic(http.ErrAbortHandler)
		})
		id := s.sendRows(ctx, stock.Set, set(100, 120))
		calm.Store(true)
		s.expectRows(id, "1/2 inv_xyz789 inv_xyz789: inDoubt , -20 bbbbbbbbbbbb")
		got := s.resume(id)
		if onHand := s.Stock()["prod_abc123@wh_abc123"]; got.Counts != (ledger.Counts{Confirmed: 1}) || onHand != 100 {
			t.Errorf("%+v, on hand %d", got.Counts, onHand)
		}
	})
}

// The journal numbers the attempts of a row across sessions.
func TestAttemptsAreNumbered(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		var first atomic.Bool
		first.Store(true)
		s.answers(func(http.ResponseWriter, *http.Request, int64) bool {
			if first.Load() {
				cancel()
			}
			panic(http.ErrAbortHandler)
		})
		id := s.sendRows(ctx, stock.Adjust, move(1, "a"))
		first.Store(false)
		got := s.resume(id)
		attempt := 0
		_, err := s.Env.Store.Visit(id, func(i journal.Intent, _ journal.Outcome) { attempt = i.Attempt })
		must(t, err)
		if attempt != 6 || got.Counts != (ledger.Counts{Rejected: 1}) {
			t.Errorf("the last of 6 sendings has number %d: %+v", attempt, got.Counts)
		}
	})
}

// A stopped run is not finished, and has ended only the rows with a final state.
func TestAStoppedRunIsNotFinished(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		ctx := s.cutsTheSecond()
		run := s.begin(stock.Adjust, one(), move(1, "a"), move(2, "b"), move(3, "c"))
		got, err := run.Send(ctx)
		must(t, err)
		must(t, run.Close())
		if got.Counts != (ledger.Counts{Applied: 1, InDoubt: 1, NotAttempted: 1}) || got.Finished || got.Ended != 1 || run.Head().Finished != nil {
			t.Errorf("%+v, finished at %v", got, run.Head().Finished)
		}
	})
}

// A row that is refused when it is first sent is not in doubt, so nothing is waited for.
func TestTheRefusalOfAFirstAttemptIsFinal(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s, h := openShop(t, sandbox.Options{}), listener()
		began := time.Now()
		got := s.send(stock.Adjust, one(), h, move(-1000, "a"))
		if took := time.Since(began); got.Counts != (ledger.Counts{Rejected: 1}) || h.ended[1].Code != "negative_stock" || took >= s.Env.Writer.Timeout() {
			t.Errorf("%+v after %s, heard %+v", got.Counts, took, h.ended[1])
		}
	})
}

// A row in flight that the log does not contain is sent again only if the log shows the
// tokens of rows that were applied.
func TestALogWithoutTokensProvesNothing(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		ctx := s.cutsTheSecond()
		id := s.sendRows(ctx, stock.Adjust, move(3, "a"), move(4, "b"))
		s.rewritesLog(strings.NewReplacer(`"sc1-`, `"xxx-`))
		h := listener()
		got := s.resume(id, h)
		if want := "the movement log does not return tokens, so it is unknown whether it was applied"; got.Counts != (ledger.Counts{Applied: 1, Held: 1}) || h.ended[2].Message != want {
			t.Errorf("got the counts %+v and the outcomes %+v, want row 2 on hold: %s", got.Counts, h.ended, want)
		}
	})
}

// An API may ask for the maximum wait, but not for more.
func TestAnAPIThatAsksForTheLongestWait(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		s.answers(func(w http.ResponseWriter, _ *http.Request, n int64) bool {
			if n > 1 {
				return false
			}
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		})
		if got := s.send(stock.Adjust, one(), listener(), move(1, "a")); got.Counts != (ledger.Counts{Applied: 1}) {
			t.Errorf("%+v, stopped by %v", got.Counts, got.Stopped)
		}
	})
}

// An API that asks for a wait longer than the maximum ends the run immediately.
func TestAnAPIThatAsksToWaitTooLong(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		s.answers(func(w http.ResponseWriter, _ *http.Request, _ int64) bool {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		})
		began := time.Now()
		got := s.send(stock.Adjust, one(), listener(), move(1, "a"))
		if failure.KindOf(got.Stopped) != failure.Unavailable || got.Counts != (ledger.Counts{NotAttempted: 1}) || time.Since(began) > time.Minute {
			t.Errorf("%+v, stopped by %v", got.Counts, got.Stopped)
		}
	})
}

// A given concurrency is used from the start. Otherwise it is found while sending.
func TestConcurrency(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for concurrency, want := range map[int]func(width int) bool{
			7: func(width int) bool { return width == 7 }, 0: func(width int) bool { return width < 32 },
		} {
			s := openShop(t, sandbox.Options{})
			o := one()
			o.Concurrency = concurrency
			if got := s.send(stock.Adjust, o, listener(), move(1, "a")); !want(got.Pace.Width) {
				t.Errorf("asked for %d: %+v", concurrency, got.Pace)
			}
		}
	})
}

// Rows that no encoder writes are rejected, even if their checksum matches.
func TestRowsThatNoEncoderWrites(t *testing.T) {
	for _, rows := range []string{
		"", "\x80", "\x00\x80", "\x00\x01\x80", "\x00\x01\x02\x00\x00\x01\x02\x7fx", "\x00\x01\x02\x00\x00\x01\x09", "\x00\x01\x02\x00\x00\x01\x03",
		"\x00\x01\x02\x00\x00\x01\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
	} {
		text := []byte("stockctl plan 2 adjust\n")
		head := binary.LittleEndian.AppendUint32(nil, uint32(len(rows)))
		head = binary.LittleEndian.AppendUint32(head, 1)
		sum := crc32.Checksum(append(append([]byte{}, head...), rows...), crc32.MakeTable(crc32.Castagnoli))
		text = append(append(text, binary.LittleEndian.AppendUint32(head, sum)...), rows...)
		path := filepath.Join(t.TempDir(), "plan")
		must(t, os.WriteFile(path, text, 0o600))
		p := ledger.Plan{Path: path, Sealed: ledger.Sealed{Mode: stock.Adjust, Rows: 1}}
		err := p.Each(func(w *ledger.Write) error {
			t.Errorf("%q: read %+v", rows, *w)
			return nil
		})
		if err == nil || !strings.HasPrefix(err.Error(), "reading the plan: ") {
			t.Errorf("%q: got %v, want it to begin with %q", rows, err, "reading the plan: ")
		}
	}
}
