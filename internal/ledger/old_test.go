package ledger_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// The runs in testdata/before were started by the previous version, which was then
// killed. Each has four applied rows and one that was sent without an outcome.
const (
	oldAdjust  = "01M8J39DZJQE4JDW"
	oldCreate  = "01M8J39MFBXTR4H1"
	oldSet     = "01M8J39HHN3FHD73"
	oldBaseURL = "http://127.0.0.1:18431"
)

// openBefore returns a shop with the state folder of the previous version.
func openBefore(t *testing.T) *shop {
	s := openShop(t, sandbox.Options{})
	must(t, os.CopyFS(s.Env.Store.Dir, os.DirFS(filepath.Join("testdata", "before", "imports"))))
	s.Env.BaseURL = oldBaseURL
	return s
}

// move applies a movement as the previous version sent it.
func (s *shop) move(qty int64, token string) {
	s.T.Helper()
	change := api.Adjustment{Qty: qty, Action: "RECEIVED", Reference: token}
	if qty == 4 || qty == 2 { // the rows with their own reference
		change.Reference, change.Notes = "PO-"+string(rune('0'+qty)), "["+token+"]"
	}
	_, err := s.Env.Writer.Adjust(s.T.Context(), "inv_xyz789", change)
	must(s.T, err)
}

// An unfinished run of the previous version is settled by the log and closed. Importing
// its file again under the same id sends the remaining rows, once.
func TestOldRunIsClosedAndImportedAgain(t *testing.T) {
	for name, arrived := range map[string]bool{"its last row arrived": true, "its last row did not": false} {
		instantly(t, name, func(t *testing.T) {
			s := openBefore(t)
			before := s.Stock()["prod_abc123@wh_abc123"]
			s.move(1, "sc1-5aoh2k-nosotokm4urb")
			s.move(2, "sc1-5aoh2k-2ktqmlcvrebz")
			s.move(3, "sc1-5aoh2k-t54q2tjhrm7c")
			s.move(4, "sc1-5aoh2k-sfrsh4xewapo")
			applied, found, left := "4", "0", "4"
			if arrived {
				s.move(5, "sc1-5aoh2k-jxoe7lm4ezbu")
				applied, found, left = "5", "1", "3"
			}
			_, err := importer.Reopen(t.Context(), s.Env, oldAdjust)
			want := "run " + oldAdjust + " was started by an older version of stockctl and is closed: of 8 rows, " + applied + " were applied (" + found +
				" found in the movement log now), 0 already there, 0 refused, and " + left + " not sent"
			hint := "import the file again with `stockctl inventory import deliveries.csv --mode adjust --import-id night-1`: what was applied is not applied again"
			if failure.KindOf(err) != failure.Partial || err.Error() != want || failure.HintOf(err) != hint {
				t.Fatalf("got %v\n(%s)", err, failure.HintOf(err))
			}
			if _, err := importer.Reopen(t.Context(), s.Env, oldAdjust); err == nil || err.Error() != "run "+oldAdjust+" is finished: there is nothing left to do" {
				t.Errorf("resuming the closed run: got %v, want that it is finished", err)
			}
			o := options(s.File("deliveries.csv", read(t, filepath.Join("testdata", "before", "deliveries.csv"))), stock.Adjust)
			o.ImportID = "night-1"
			got, err := s.Run(o)
			must(t, err)
			n := int64(left[0] - '0')
			if got.Counts != (ledger.Counts{Applied: n, Already: 8 - n}) {
				t.Errorf("got %+v, want %+v", got.Counts, ledger.Counts{Applied: n, Already: 8 - n})
			}
			if after := s.Stock()["prod_abc123@wh_abc123"]; after != before+36 {
				t.Errorf("on hand is %d, want %d", after, before+36)
			}
		})
	}
}

// All rows of an old run may be in flight. Those in the log were applied, and the others
// were not.
func TestAnOldRunOfWhichNoRowIsKnownToBeApplied(t *testing.T) {
	for says, tokens := range map[string][]string{
		"0 were applied (0 found in the movement log now), 0 already there, 0 refused, and 8 not sent": nil,
		"3 were applied (3 found in the movement log now), 0 already there, 0 refused, and 5 not sent": {
			"sc1-5aoh2k-nosotokm4urb", "sc1-5aoh2k-2ktqmlcvrebz", "sc1-5aoh2k-t54q2tjhrm7c",
		},
	} {
		s := openBefore(t)
		s.forget(oldAdjust, "\tapplied\t")
		for i, token := range tokens {
			s.move(int64(i+1), token)
		}
		_, err := importer.Reopen(t.Context(), s.Env, oldAdjust)
		if failure.KindOf(err) != failure.Partial || !strings.HasSuffix(err.Error(), " is closed: of 8 rows, "+says) {
			t.Errorf("got %v, want %s", err, says)
		}
	}
}

// The files of runs in the other modes can simply be imported again.
func TestOldRunsOfOtherModesAreClosed(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openBefore(t)
		open, err := ledger.Unfinished(s.Env.Store)
		must(t, err)
		if len(open) != 3 {
			t.Fatalf("%d runs are unfinished", len(open))
		}
		for id, hint := range map[string]string{oldCreate: "opening.csv --mode create`", oldSet: "figures.csv --mode set`"} {
			if _, err := importer.Reopen(t.Context(), s.Env, id); failure.KindOf(err) != failure.Partial || !strings.Contains(failure.HintOf(err), "inventory import "+hint) {
				t.Errorf("%s: got %v (%s)", id, err, failure.HintOf(err))
			}
		}
		if open, err = ledger.Unfinished(s.Env.Store); err != nil || len(open) != 1 || open[0].ID != oldAdjust {
			t.Errorf("got the unfinished runs %v and %v, want only %s", open, err, oldAdjust)
		}
		// The run belongs to another store.
		s.Env.BaseURL = "http://127.0.0.1:1"
		if _, err := importer.Reopen(t.Context(), s.Env, oldAdjust); failure.KindOf(err) != failure.Usage || !strings.Contains(err.Error(), "is for "+oldBaseURL) {
			t.Errorf("got %v, want that the run is for %s", err, oldBaseURL)
		}
	})
}

// A row in flight of an old run is settled by the usual rules. If the log hides what
// was applied, or has the token with another record or quantity, the row stays
// undecided.
func TestAnOldRowThatTheLogCannotDecideIsHeld(t *testing.T) {
	for name, c := range map[string]struct {
		move   func(*shop)
		reason string
	}{
		"hidden": {func(*shop) {}, "the movement log does not return tokens, so it is unknown whether it was applied"},
		"another quantity": {
			func(s *shop) { s.move(6, "sc1-5aoh2k-jxoe7lm4ezbu") },
			"its token is in the movement log, but with record inv_xyz789 and quantity 6",
		},
	} {
		instantly(t, name, func(t *testing.T) {
			s := openBefore(t)
			c.move(s)
			_, err := importer.Reopen(t.Context(), s.Env, oldAdjust)
			if failure.KindOf(err) != failure.OutcomeUnknown || !strings.HasSuffix(err.Error(), "; for 1 of them it is unknown whether they were applied") {
				t.Errorf("got %v, want it to end with %q", err, "; for 1 of them it is unknown whether they were applied")
			}
			info, err := s.Env.Store.Inspect(oldAdjust)
			must(t, err)
			if info.Finished == nil || info.Stats[journal.Held] != 1 {
				t.Errorf("finished %v, %v", info.Finished, info.Stats)
			}
			why := ""
			_, err = s.Env.Store.Visit(oldAdjust, func(_ journal.Intent, o journal.Outcome) {
				if o.State == journal.Held {
					why = o.Message
				}
			})
			must(t, err)
			if why != c.reason {
				t.Errorf("it is held because %q, want %q", why, c.reason)
			}
		})
	}
}

// The last request of an old run may still arrive, so the log is read only when it no
// longer can.
func TestClosingAnOldRunWaitsForItsLastRow(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openBefore(t)
		for qty, token := range map[int64]string{1: "sc1-5aoh2k-nosotokm4urb", 2: "sc1-5aoh2k-2ktqmlcvrebz"} {
			s.move(qty, token)
		}
		replay, err := s.Env.Store.Replay(oldAdjust)
		must(t, err)
		head, err := s.Env.Store.Head(oldAdjust)
		must(t, err)
		var last time.Time
		for _, sent := range replay.Open {
			last = sent.At
		}
		s.Env.Now = func() time.Time { return last.Add(2*head.Timeout - 20*time.Millisecond) }
		waits := ""
		s.Env.Note = func(text string) {
			waits = text
			s.move(5, "sc1-5aoh2k-jxoe7lm4ezbu") // it arrives meanwhile
		}
		got, err := ledger.CloseOld(t.Context(), s.Env.Env, oldAdjust)
		must(t, err)
		if got.Found != 1 || waits != "waiting 1s for a row that may still arrive" {
			t.Errorf("found %d, %q", got.Found, waits)
		}
	})
}
