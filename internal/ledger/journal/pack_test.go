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

// The journal of a finished run is compressed and has the same content. The run cannot
// be opened any more.
func TestAFinishedJournalIsPacked(t *testing.T) {
	s, r := begun(t)
	const rows = 1000
	for row := int64(1); row <= rows; row++ {
		must(t, r.Intend(journal.Intent{Row: row, Attempt: 1, At: time.UnixMilli(row), Token: "sc1-aaaaaa-abcdefghijkl", Record: "inv_1", Qty: row}))
		must(t, r.End(journal.Outcome{Row: row, State: journal.Applied}, true))
	}
	must(t, r.End(journal.Outcome{Row: rows + 1, State: journal.Rejected, Code: "x", Message: "no"}, false))
	before, err := r.Reread()
	must(t, err)
	must(t, r.Change(func(h *journal.Head) { h.Finished = &time.Time{} }), r.Close())
	dir := filepath.Join(s.Dir, r.ID())
	var names []string
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != "head journal.gz lock" {
		t.Errorf("the folder contains %s", got)
	}
	if info, err := os.Stat(filepath.Join(dir, "journal.gz")); err != nil || info.Size() > 40*rows || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v and %v, want a private file of at most 40 bytes per row", info, err)
	}
	visited := 0
	after, err := s.Visit(r.ID(), func(i journal.Intent, o journal.Outcome) {
		visited++
		if o.State == journal.Rejected { // not sent
			i.Row = rows + 1 - i.Row
		}
		if i.Row != int64(visited) || o.Row != i.Row || (o.State == journal.Applied) != (visited <= rows) {
			t.Errorf("%d: %+v, %+v", visited, i, o)
		}
	})
	must(t, err)
	if after.Stats != before.Stats || visited != rows+1 || after.Good != before.Good {
		t.Errorf("%d rows visited, %v, not %v", visited, after.Stats, before.Stats)
	}
	info, err := s.Inspect(r.ID())
	must(t, err)
	if info.Stats != before.Stats || info.Busy {
		t.Errorf("got %+v, want the states %v of a run that is not busy", info, before.Stats)
	}
	if _, _, err := s.Open(r.ID()); failure.KindOf(err) != failure.Usage || err.Error() != "run "+r.ID()+" is finished: there is nothing left to do" {
		t.Errorf("got %v, want %q", err, "run "+r.ID()+" is finished: there is nothing left to do")
	}
	must(t, s.Forget(r.ID()))
}

// The remains of a process that died before its run began are removed once they are old
// and no process is working on them.
func TestLeftoversAreRemoved(t *testing.T) {
	s := journal.Store{Dir: filepath.Join(t.TempDir(), "imports")}
	now := time.Now()
	id := func(n int) string { return journal.NewID(now.Add(time.Duration(n) * time.Second)) }
	dead, busy, young := id(1), id(2), id(3)
	for _, one := range []string{dead, young} {
		must(t, os.MkdirAll(filepath.Join(s.Dir, one), 0o700), os.WriteFile(filepath.Join(s.Dir, one, "plan-1"), nil, 0o600))
	}
	held, err := s.Reserve(busy)
	must(t, err)
	must(t, os.MkdirAll(filepath.Join(s.Dir, "claims"), 0o700))
	for _, name := range []string{dead, busy, "claims"} {
		must(t, os.Chtimes(filepath.Join(s.Dir, name), now, now.Add(-2*time.Hour)))
	}
	must(t, s.Prune(now, nil))
	for name, want := range map[string]bool{dead: false, busy: true, young: true, "claims": true} {
		if _, err := os.Stat(filepath.Join(s.Dir, name)); (err == nil) != want {
			t.Errorf("%s: got %v, want that it exists: %t", name, err, want)
		}
	}
	must(t, held.Discard())
}
