package ledger_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
	"github.com/bayworks/stockctl/internal/workdir"
)

// The intent of a write is on disk, for other processes to read, before the write
// arrives.
func TestAnIntentIsOnDiskBeforeItsWriteArrives(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for mode, write := range map[stock.Mode]ledger.Write{stock.Create: create("prod_new", 3), stock.Adjust: move(1, "a"), stock.Set: set(7, 120)} {
			s := openShop(t, sandbox.Options{})
			run := s.begin(mode, one(), write)
			arrived := 0
			s.answers(func(http.ResponseWriter, *http.Request, int64) bool {
				arrived++
				if info, err := s.Env.Store.Inspect(run.ID()); err != nil || info.Open != 1 {
					t.Errorf("%s: a write arrives, and %d intents are on disk: %v", mode, info.Open, err)
				}
				return false
			})
			got, err := run.Send(t.Context())
			must(t, err)
			must(t, run.Close())
			if arrived != 1 || got.Counts.Applied != 1 {
				t.Errorf("%s: %d arrived: %+v", mode, arrived, got.Counts)
			}
		}
	})
}

// meddler adds a line to the journal without the run's knowledge.
type meddler struct {
	*heard
	once sync.Once
	do   func() error
}

func (m *meddler) Ended(*ledger.Write, ledger.Outcome) (err error) {
	m.once.Do(func() { err = m.do() })
	return err
}

// The counted rows are compared with the journal on disk. If they differ, the account
// is not reliable and the run does not count as finished.
func TestTheAccountIsComparedWithTheJournal(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		for line, says := range map[string]string{
			"o\t9\tapplied\t\"\"\t\"\"":   "2 rows are counted as applied, but the journal has 3",
			"o\t9\trejected\t\"x\"\t\"\"": "0 rows are counted as rejected, but the journal has 1",
			"o\t9\tconfirmed\t\"\"\t\"\"": "0 rows are counted as confirmed, but the journal has 1",
			"o\t1\tapplied\t\"\"\t\"no\"": "line 3 of the journal is damaged: row 1 has two outcomes",
		} {
			s := openShop(t, sandbox.Options{})
			run := s.begin(stock.Adjust, one(), move(1, "a"), move(2, "b"))
			m := &meddler{heard: listener(), do: func() error {
				file, err := os.OpenFile(filepath.Join(run.Dir(), "journal"), os.O_WRONLY|os.O_APPEND, 0)
				if err != nil {
					return err
				}
				_, err = file.Write(workdir.Seal(nil, []byte(line)))
				return errors.Join(err, file.Close())
			}}
			got, err := run.Send(t.Context(), m)
			must(t, err)
			must(t, run.Close())
			if got.Fault == nil || !strings.Contains(got.Fault.Error(), says) || got.Finished || run.Head().Finished != nil {
				t.Errorf("%q: finished %t, fault %v, want %s", line, got.Finished, got.Fault, says)
			}
		}
	})
}

// Rows are counted when they are read from the plan and when they reach a state. A
// journal with an outcome for a row that the plan does not have makes a difference.
func TestTheRowsAreComparedWithTheirStates(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		run := s.begin(stock.Adjust, one(), move(1, "a"), move(2, "b"))
		must(t, run.Close())
		kept, _, err := s.Env.Store.Open(run.ID())
		must(t, err)
		must(t, kept.End(journal.Outcome{Row: 9, State: journal.Applied}, false))
		must(t, kept.Close())
		got := s.resume(run.ID(), listener())
		head, err := s.Env.Store.Head(run.ID())
		must(t, err)
		if says := "2 rows were read, but 3 have a state"; got.Fault == nil || !strings.Contains(got.Fault.Error(), says) || got.Finished || head.Finished != nil {
			t.Errorf("finished %t, fault %v, want %s", got.Finished, got.Fault, says)
		}
	})
}

// The audit also counts what an earlier session sent more than once.
func TestAMovementThatAnEarlierSessionSentTwiceIsNamed(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		run := s.begin(stock.Adjust, one(), move(5, "a"))
		must(t, run.Close())
		kept, _, err := s.Env.Store.Open(run.ID())
		must(t, err)
		token := tokenOf(move(5, "a").Tag)
		for attempt := range 2 {
			must(t, kept.Intend(journal.Intent{Row: 1, Line: 2, Attempt: attempt + 1, At: time.Now().Add(-time.Hour), Token: token, Record: "inv_xyz789", Qty: 5}))
			_, err := s.Env.Writer.Adjust(t.Context(), "inv_xyz789", api.Adjustment{Qty: 5, Action: api.ActionAdjusted, Reference: token})
			must(t, err)
		}
		must(t, kept.Close())
		got := s.resume(run.ID(), listener())
		want := ledger.Doubled{Line: 2, Record: "inv_xyz789", Token: token, Undo: "stockctl inventory adjust inv_xyz789 --qty=-5 --action adjusted --notes 'takes back " + token + "'"}
		if got.Counts != (ledger.Counts{Confirmed: 1}) || len(got.Doubled) != 1 || got.Doubled[0] != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

// A movement that arrives very late, after it was sent again, is in the log more than
// once. The account lists it with the command that reverses the surplus.
func TestAMovementThatWasAppliedMoreThanOnceIsNamed(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		var first string
		inner := s.Web.Sandbox
		s.answers(func(_ http.ResponseWriter, r *http.Request, n int64) bool {
			switch n {
			case 1:
				text, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				first = string(text)
				panic(http.ErrAbortHandler)
			case 2:
				for range 2 { // a proxy sends it once more
					late := r.Clone(context.WithoutCancel(r.Context()))
					late.Body = io.NopCloser(strings.NewReader(first))
					inner.ServeHTTP(&deaf{http.Header{}}, late)
				}
			}
			return false
		})
		got := s.send(stock.Adjust, one(), listener(), move(5, "a"))
		if got.Counts != (ledger.Counts{Applied: 1}) || len(got.Doubled) != 1 {
			t.Fatalf("got %+v, want %+v", got, ledger.Counts{Applied: 1})
		}
		d := got.Doubled[0]
		want := ledger.Doubled{Line: 2, Record: "inv_xyz789", Token: d.Token, Undo: "stockctl inventory adjust inv_xyz789 --qty=-10 --action adjusted --notes 'takes back " + d.Token + "'"}
		if d != want || !strings.HasPrefix(d.Token, "sc1-") || s.Stock()["prod_abc123@wh_abc123"] != 135 {
			t.Errorf("got %+v, want %+v, with %v", d, want, s.Stock())
		}
	})
}
