package journal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func begun(t *testing.T) (journal.Store, *journal.Run) {
	t.Helper()
	s := journal.Store{Dir: filepath.Join(t.TempDir(), "imports"), GiveUp: "drop %s"}
	r, err := s.Create(journal.Head{ID: journal.NewID(time.UnixMilli(1764000000000)), File: "stock.csv", Mode: "adjust"})
	must(t, err)
	return s, r
}

// A movement that was sent more than once is remembered by its token, so that the audit
// counts it in the log. A create has no token, and a movement that was sent once needs
// no audit.
func TestMovementsThatWereSentAgainAreRemembered(t *testing.T) {
	s, r := begun(t)
	at := time.UnixMilli(5)
	must(t,
		r.Intend(journal.Intent{Row: 1, Attempt: 1, At: at, Token: "sc1-once"}),
		r.Intend(journal.Intent{Row: 2, Attempt: 1, At: at, Token: "sc1-twice"}),
		r.Intend(journal.Intent{Row: 2, Attempt: 2, At: at, Token: "sc1-twice", Record: "inv_2", Qty: -3}),
		r.Intend(journal.Intent{Row: 3, Attempt: 1, At: at}), r.Intend(journal.Intent{Row: 3, Attempt: 2, At: at}),
		r.End(journal.Outcome{Row: 2, State: journal.Applied}, false), r.Close(),
	)
	got, err := s.Replay(r.ID())
	must(t, err)
	again, there := got.Resent["sc1-twice"]
	if len(got.Resent) != 1 || !there || again.Row != 2 || again.Record != "inv_2" || again.Qty != -3 {
		t.Errorf("got %+v, want only the movement of row 2", got.Resent)
	}
	if got.LastIntent != 3 || len(got.Open) != 2 {
		t.Errorf("last intent %d, open %v", got.LastIntent, got.Open)
	}
}

// Undo reverses, and reports count, only what the API did: rows that are applied or
// confirmed.
func TestWhichRowsAreApplied(t *testing.T) {
	s, r := begun(t)
	for state := journal.Applied; state <= journal.Held; state++ {
		must(t, r.Intend(journal.Intent{Row: int64(state) + 1, Attempt: 1}), r.End(journal.Outcome{Row: int64(state) + 1, State: state}, false))
	}
	must(t, r.Close())
	got, err := s.Replay(r.ID())
	must(t, err)
	for state := journal.Applied; state <= journal.Held; state++ {
		row := int64(state) + 1
		applied := state == journal.Applied || state == journal.Confirmed
		if got.Applied.Has(row) != applied || got.Done.Has(row) != (state != journal.Held) || got.Held[row] != (state == journal.Held) {
			t.Errorf("%s: applied %t, done %t, held %t", state, got.Applied.Has(row), got.Done.Has(row), got.Held[row])
		}
		if got.Stats[state] != 1 {
			t.Errorf("%s: %d rows", state, got.Stats[state])
		}
	}
}

// Existing journals contain the names of states, so they never change. The states from
// Held on are not final.
func TestTheStatesNeverChange(t *testing.T) {
	names := "applied confirmed already skipped rejected conflict invalid held notAttempted inDoubt"
	for i, name := range strings.Fields(names) {
		state := journal.State(i)
		if state.String() != name || state.Final() != (i < 7) {
			t.Errorf("state %d is %s, final %t; want %s", i, state, state.Final(), name)
		}
	}
	if last := journal.State(10); last.String() != "unknown" || last.Final() {
		t.Errorf("a state beyond the last is %s, final %t", last, last.Final())
	}
}

// The counts of all states in the journal are compared, including held rows. Those that
// exist only in this session are not in it.
func TestTheCountOfEachStateIsChecked(t *testing.T) {
	for state := journal.Applied; state <= journal.InDoubt; state++ {
		var counted, kept journal.Stats
		counted[state] = 1
		if err := counted.Check(1, counted); err != nil {
			t.Errorf("%s, counted in both places: got %v", state, err)
		}
		err := counted.Check(1, kept)
		inJournal := state <= journal.Held
		if want := "1 rows are counted as " + state.String() + ", but the journal has 0"; inJournal != (err != nil) || err != nil && err.Error() != want {
			t.Errorf("%s: got %v, want %s if the journal must have the state", state, err, want)
		}
		if err := counted.Check(2, counted); err == nil {
			t.Errorf("%s: a row is missing, and nothing reports it", state)
		}
	}
}

// A line is written only if it can be read again, up to the maximum length.
func TestALineThatIsTooLongIsRefused(t *testing.T) {
	s, r := begun(t)
	fits, longest := 0, 0
	for size := 64<<10 - 64; size <= 64<<10; size++ {
		err := r.End(journal.Outcome{Row: int64(size), State: journal.Rejected, Message: strings.Repeat("x", size)}, false)
		switch {
		case err == nil:
			fits, longest = fits+1, size
		case err.Error() != "writing the journal: a line would be too long to be read again":
			t.Fatal(err)
		}
	}
	must(t, r.Close())
	got, err := s.Replay(r.ID())
	must(t, err)
	// 32 bytes of the line are not the message.
	if longest != 64<<10-32 || got.Stats[journal.Rejected] != int64(fits) {
		t.Errorf("%d lines were written, %d read", fits, got.Stats[journal.Rejected])
	}
	stat, err := os.Stat(filepath.Join(r.Dir(), "journal"))
	must(t, err)
	if got.Good != stat.Size() {
		t.Errorf("%d of %d bytes are good", got.Good, stat.Size())
	}
}

// A head that was changed by anything else is not trusted, and the hint says what to
// do.
func TestADamagedHeadIsNotTrusted(t *testing.T) {
	s, r := begun(t)
	must(t, r.Change(func(h *journal.Head) { h.Rows = 7 }), r.Close())
	head, err := s.Head(r.ID())
	if err != nil || head.Rows != 7 || head.File != "stock.csv" || head.Mode != "adjust" {
		t.Fatalf("got %+v and the error %v, want the head of an adjust run of 7 rows of stock.csv", head, err)
	}
	name := filepath.Join(r.Dir(), "head")
	text, err := os.ReadFile(name)
	must(t, err, os.WriteFile(name, []byte(strings.Replace(string(text), "stock.csv", "other.csv", 1)), 0o600))
	says := "run " + r.ID() + ": " + name + " is damaged: its checksum does not match"
	head, err = s.Head(r.ID())
	if err == nil || err.Error() != says || head.File != "" || failure.HintOf(err) != "drop "+r.ID() {
		t.Errorf("got %+v, %v (%s)", head, err, failure.HintOf(err))
	}
	for what, err := range map[string]error{"Inspect": second(s.Inspect(r.ID())), "Open": third(s.Open(r.ID()))} {
		if err == nil || !strings.HasSuffix(err.Error(), "is damaged: its checksum does not match") {
			t.Errorf("%s: got %v, want a checksum that does not match", what, err)
		}
	}
	must(t, s.Forget(r.ID()))
	for what, err := range map[string]error{"Head": second(s.Head(r.ID())), "Open": third(s.Open(r.ID())), "Forget": s.Forget(r.ID())} {
		if failure.KindOf(err) != failure.NotFound || failure.HintOf(err) != "see `stockctl inventory import runs`" {
			t.Errorf("%s of a removed entry: %v", what, err)
		}
	}
}

func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

// Prune leaves an old run alone while someone has it open, and removes the others.
func TestPruneLeavesARunAtWorkAlone(t *testing.T) {
	s, busy := begun(t)
	end := time.UnixMilli(1000)
	must(t, busy.Change(func(h *journal.Head) { h.Finished = &end }))
	idle, err := s.Create(journal.Head{ID: journal.NewID(time.UnixMilli(1764000001000))})
	must(t, err, idle.Change(func(h *journal.Head) { h.Finished = &end }), idle.Close())
	must(t, s.Prune(time.Now(), nil))
	if ids, err := s.IDs(); err != nil || len(ids) != 1 || ids[0] != busy.ID() {
		t.Errorf("got the runs %v and %v, want only %s", ids, err, busy.ID())
	}
	must(t, busy.Close(), s.Prune(time.Now(), nil))
	if ids, err := s.IDs(); err != nil || len(ids) != 0 {
		t.Errorf("got the runs %v and %v, want none", ids, err)
	}
}

// A run that is missing is called an import only where the runs are imports.
func TestMissingRun(t *testing.T) {
	id := journal.NewID(time.Now())
	for _, test := range []struct {
		store      journal.Store
		want, hint string
	}{
		{journal.Store{}, `no import run "` + id + `"`, "see `stockctl inventory import runs`"},
		{
			journal.Store{Of: "count 01KAQ6X0G0V7TQ3M", GiveUp: "forget it"},
			"count 01KAQ6X0G0V7TQ3M: its run " + id + " is missing", "forget it",
		},
	} {
		test.store.Dir = t.TempDir()
		_, err := test.store.Head(id)
		if err == nil || err.Error() != test.want || failure.HintOf(err) != test.hint || failure.KindOf(err) != failure.NotFound {
			t.Errorf("%v, %q", err, failure.HintOf(err))
		}
	}
}
