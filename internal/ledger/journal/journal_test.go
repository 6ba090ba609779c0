package journal

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/workdir"
)

func at(ms int64) time.Time { return time.UnixMilli(ms) }

func started(t *testing.T) (Store, *Run) {
	t.Helper()
	s := Store{Dir: filepath.Join(t.TempDir(), "imports"), GiveUp: "drop %s"}
	r, err := s.Create(Head{ID: NewID(at(1764000000000)), File: "stock.csv", Mode: "adjust"})
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestLinesSurviveTheProcess(t *testing.T) {
	s, r := started(t)
	sent := Intent{Row: 2, Line: 3, Attempt: 2, At: at(5), First: at(3), Token: "sc1-abcdef-abcdefghijkl", Record: "inv\t\"1\n", Qty: -3}
	must(t,
		r.Intend(Intent{Row: 1, Line: 2, Attempt: 1, At: at(4)}), r.End(Outcome{1, Applied, "", ""}, true),
		r.Intend(Intent{Row: 2, Line: 3, Attempt: 1, At: at(3)}), r.Intend(sent),
		r.Intend(Intent{Row: 3, Line: 4, Attempt: 1, At: at(6)}), r.End(Outcome{3, Held, "mismatch", "found with\nanother"}, true),
		r.End(Outcome{4, Invalid, "", ""}, true),
	)
	// The process is killed here without closing anything. That also releases the lock.
	must(t, r.folder.Release())
	again, replay, err := s.Open(r.ID())
	must(t, err)
	if diff := cmp.Diff(map[int64]Intent{2: sent, 3: {Row: 3, Line: 4, Attempt: 1, At: at(6), First: at(6)}}, replay.Open); diff != "" {
		t.Error(diff)
	}
	want := Stats{}
	want[Applied], want[Held], want[Invalid] = 1, 1, 1
	if replay.Stats != want || !replay.Done.Has(1) || replay.Done.Has(2) || replay.Done.Has(3) || !replay.Done.Has(4) || !replay.Held[3] {
		t.Errorf("got %s, %v", replay.Stats, replay.Done)
	}
	must(t, again.End(Outcome{3, Confirmed, "", ""}, true), again.Close())
	info, err := s.Inspect(r.ID())
	must(t, err)
	if info.Stats[Held] != 0 || info.Stats[Confirmed] != 1 || info.Open != 1 || info.Busy {
		t.Errorf("got %+v, want 1 row confirmed, 1 open and none on hold", info)
	}
}

// A row is sent as soon as its intent is written. By then the file must contain the
// intent, whoever wrote it, and every outcome put before it.
func TestAnIntentIsWrittenBeforeItsRowIsSent(t *testing.T) {
	s, r := started(t)
	var senders sync.WaitGroup
	for sender := range int64(8) {
		senders.Go(func() {
			for row := sender*100 + 1; row <= sender*100+100; row++ {
				if err := r.Intend(Intent{Row: row, Attempt: 1, At: at(1)}); err != nil {
					t.Error(err)
				}
				seen, err := s.Replay(r.ID())
				if err != nil {
					t.Error(err)
					return
				}
				if _, open := seen.Open[row]; !open || row%100 != 1 && !seen.Done.Has(row-1) {
					t.Errorf("row %d: its intent, or the end of the row before, is not in the file", row)
				}
				if err := r.End(Outcome{Row: row, State: Applied}, true); err != nil {
					t.Error(err)
				}
			}
		})
	}
	senders.Wait()
	again, err := r.Reread()
	must(t, err)
	if again.Stats[Applied] != 800 || again.Done.Len() != 800 {
		t.Errorf("got %s, want 800 rows applied", again.Stats)
	}
	must(t, r.Close())
}

// An outcome is written immediately, except for a plain success, which may wait until
// the run is closed.
func TestOnlyAPlainSuccessMayWait(t *testing.T) {
	s, r := started(t)
	want := Stats{}
	for row, o := range []Outcome{{State: Rejected}, {State: Applied, Code: "drifted"}, {State: Confirmed}, {State: Already}, {State: Applied}} {
		o.Row = int64(row + 1)
		want[o.State]++
		must(t, r.End(o, row < 4))
		seen, err := s.Replay(r.ID())
		must(t, err)
		if seen.Stats != want {
			t.Errorf("after %+v: %s in the file, want %s", o, seen.Stats, want)
		}
	}
	want[Applied]++
	must(t, r.End(Outcome{Row: 6, State: Applied}, true), r.Close())
	if seen, err := s.Replay(r.ID()); err != nil || seen.Stats != want {
		t.Errorf("closed: %s in the file, want %s: %v", seen.Stats, want, err)
	}
}

func TestNothingIsWrittenAfterAFailure(t *testing.T) {
	_, r := started(t)
	must(t, r.End(Outcome{Row: 1, State: Applied}, true), r.file.Close())
	first := r.Intend(Intent{Row: 2})
	if first == nil || !strings.HasPrefix(first.Error(), "writing the journal: ") {
		t.Fatalf("got %v, want it to begin with %q", first, "writing the journal: ")
	}
	for name, err := range map[string]error{"Intend": r.Intend(Intent{Row: 3}), "End": r.End(Outcome{Row: 1, State: Applied}, true)} {
		if !errors.Is(err, first) {
			t.Errorf("%s: got %v, want %v", name, err, first)
		}
	}
	if _, err := r.Reread(); !errors.Is(err, first) {
		t.Errorf("Reread: got %v, want %v", err, first)
	}
	if err := r.Close(); errors.Is(err, first) || !errors.Is(err, os.ErrClosed) {
		t.Errorf("Close: got %v, want only that the file is closed", err)
	}
}

// A success may wait until the run is closed. If it cannot be written then, Close
// reports it.
func TestCloseReportsANewFailure(t *testing.T) {
	_, r := started(t)
	must(t, r.End(Outcome{Row: 1, State: Applied}, true), r.file.Close())
	if err := r.Close(); err == nil || !strings.HasPrefix(err.Error(), "writing the journal: ") {
		t.Errorf("got %v, want it to begin with %q", err, "writing the journal: ")
	}
}

func TestModesOfFiles(t *testing.T) {
	s, r := started(t)
	must(t, r.Close())
	for name, want := range map[string]os.FileMode{
		s.Dir: 0o700, r.Dir(): 0o700, r.folder.Path("head"): 0o600, filepath.Join(r.Dir(), linesName): 0o600, r.folder.Path("lock"): 0o600,
	} {
		stat, err := os.Stat(name)
		must(t, err)
		if got := stat.Mode().Perm(); got != want {
			t.Errorf("%s is %o, want %o", filepath.Base(name), got, want)
		}
	}
}

func TestOneProcessAtATime(t *testing.T) {
	s, r := started(t)
	_, _, err := s.Open(r.ID())
	if failure.KindOf(err) != failure.Usage || err.Error() != "run "+r.ID()+" is in use by another process" {
		t.Errorf("got %v, want %q", err, "run "+r.ID()+" is in use by another process")
	}
	if err := s.Forget(r.ID()); failure.KindOf(err) != failure.Usage {
		t.Errorf("a run in use was forgotten: %v", err)
	}
	info, err := s.Inspect(r.ID())
	must(t, err)
	if !info.Busy {
		t.Error("a run in use must be busy")
	}
	must(t, r.Close(), s.Forget(r.ID()))
	if _, err := s.Inspect(r.ID()); failure.KindOf(err) != failure.NotFound {
		t.Errorf("got %v, want the kind %s", err, failure.NotFound)
	}
	if _, err := s.Inspect("../" + r.ID()); failure.KindOf(err) != failure.NotFound {
		t.Errorf("a path was accepted as a run: %v", err)
	}
}

// A kill may cut the journal anywhere. What is left is read up to its last complete
// line, and the next run appends there.
func TestTornAnywhere(t *testing.T) {
	s, r := started(t)
	must(t, r.Intend(Intent{Row: 1, At: at(1)}), r.End(Outcome{1, Applied, "", ""}, true), r.Intend(Intent{Row: 2, At: at(2)}), r.Close())
	name := filepath.Join(r.Dir(), linesName)
	whole, err := os.ReadFile(name)
	must(t, err)
	for size := range len(whole) + 1 {
		must(t, os.WriteFile(name, whole[:size], 0o600))
		again, replay, err := s.Open(r.ID())
		if err != nil {
			t.Fatalf("cut at %d: %v", size, err)
		}
		if lines := bytes.Count(whole[:size], []byte{'\n'}); int64(lines) != replay.Stats.Sum()+int64(len(replay.Open))+replay.Stats[Applied] {
			t.Errorf("cut at %d: %d lines, but %s and %d open", size, lines, replay.Stats, len(replay.Open))
		}
		must(t, again.End(Outcome{9, Skipped, "", ""}, true), again.Close())
		after, err := s.Replay(r.ID())
		if err != nil || after.Stats[Skipped] != 1 {
			t.Errorf("cut at %d: the line written after it is lost: %v", size, err)
		}
	}
}

func TestDamageStops(t *testing.T) {
	lines := []string{
		string(workdir.Seal(nil, Intent{Row: 1, At: at(1)}.append(nil))),
		string(workdir.Seal(nil, Outcome{1, Applied, "", ""}.append(nil))),
	}
	for name, test := range map[string]struct{ text, want string }{
		"bit":       {strings.Replace(lines[0], "i\t1", "i\t3", 1) + lines[1], "line 1 of the journal is damaged: its checksum does not match"},
		"last bit":  {lines[0] + strings.Replace(lines[1], "o\t1", "o\t3", 1), ""},
		"twice":     {lines[0] + lines[1] + lines[1], "line 3 of the journal is damaged: row 1 has two outcomes"},
		"sent late": {lines[0] + lines[1] + lines[0], "line 3 of the journal is damaged: row 1 was sent after its end"},
		"unknown":   {string(workdir.Seal(nil, []byte("x\t1"))) + lines[0], "line 1 of the journal is damaged: is not a line of a journal"},
		"endless":   {strings.Repeat("x", workdir.MaxLine*3) + "\n" + lines[0], "line 1 of the journal is damaged: its checksum does not match"},
		"torn long": {lines[0] + strings.Repeat("x", workdir.MaxLine*3), ""},
	} {
		_, err := read(strings.NewReader(test.text))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestNoRowIsCountedTwiceOrLost(t *testing.T) {
	var counted, written Stats
	counted[Applied], counted[NotAttempted] = 2, 1
	written[Applied] = 2
	must(t, counted.Check(3, written))
	if err := counted.Check(4, written); err == nil || err.Error() != "4 rows were read, but 3 have a state (applied 2, notAttempted 1)" {
		t.Errorf("got %v, want %q", err, "4 rows were read, but 3 have a state (applied 2, notAttempted 1)")
	}
	written[Applied], written[Rejected] = 1, 1
	if err := counted.Check(3, written); err == nil || err.Error() != "2 rows are counted as applied, but the journal has 1" {
		t.Errorf("got %v, want %q", err, "2 rows are counted as applied, but the journal has 1")
	}
}

func TestRangesAreASet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var r Ranges
	want := map[int64]bool{}
	for range 4000 {
		row := random.Int64N(2000)
		if r.Add(row) == want[row] {
			t.Fatalf("Add(%d) returns the wrong value", row)
		}
		want[row] = true
	}
	for row := int64(-1); row <= 2000; row++ {
		if r.Has(row) != want[row] {
			t.Errorf("Has(%d) = %v", row, r.Has(row))
		}
	}
	if r.Len() != int64(len(want)) {
		t.Errorf("Len = %d, want %d", r.Len(), len(want))
	}
	var flat Ranges
	for block := int64(0); block < 1_000_000; block += 64 {
		for _, i := range random.Perm(64) {
			flat.Add(block + int64(i) + 1)
		}
	}
	if len(flat.spans) != 1 || flat.Len() != 1_000_000 {
		t.Errorf("a million rows that ended nearly in order take %d spans", len(flat.spans))
	}
}

// A finished run is removed once it is older than finished work is kept, and older than
// its lookback.
func TestPrune(t *testing.T) {
	s, r := started(t)
	const month = 30 * 24 * time.Hour
	end := at(1000)
	left := func(now time.Time, longer time.Duration) int {
		must(t, s.Prune(now, func(Head) time.Duration { return longer }))
		ids, err := s.IDs()
		must(t, err)
		return len(ids)
	}
	must(t, r.Close())
	if left(time.Now(), 0) != 1 {
		t.Error("an unfinished run must stay")
	}
	again, _, err := s.Open(r.ID())
	must(t, err, again.Change(func(h *Head) { h.Finished = &end }), again.Close())
	for _, stays := range []struct{ after, longer time.Duration }{{month, 0}, {month, time.Second}, {month + 1, month + 1}} {
		if left(end.Add(stays.after), stays.longer) != 1 {
			t.Errorf("a run finished %s ago must stay, looked back to %s", stays.after, stays.longer)
		}
	}
	if left(end.Add(month+1), time.Second) != 0 {
		t.Error("a run finished before must go")
	}
}

func FuzzRead(f *testing.F) {
	line := workdir.Seal(nil, Intent{Row: 1, Line: 2, At: at(1), Token: "t"}.append(nil))
	f.Add(line)
	f.Add(workdir.Seal(line, Outcome{1, Rejected, "X", "no"}.append(nil)))
	f.Fuzz(func(t *testing.T, text []byte) {
		replay, err := read(bytes.NewReader(text))
		if err != nil {
			return
		}
		if replay.Good > int64(len(text)) || replay.Good > 0 && text[replay.Good-1] != '\n' {
			t.Errorf("good up to %d of %d", replay.Good, len(text))
		}
		again, err := read(io.LimitReader(bytes.NewReader(text), replay.Good))
		if err != nil || !cmp.Equal(again.Open, replay.Open) || again.Stats != replay.Stats {
			t.Errorf("the good part reads differently: %v", err)
		}
	})
}

func FuzzLines(f *testing.F) {
	f.Add(int64(1), "sc1-a", "inv_1", "CODE", "text\x00\n\t")
	f.Fuzz(func(t *testing.T, row int64, token, record, code, message string) {
		if row < 1 {
			return
		}
		i := Intent{Row: row, Line: 7, Attempt: 2, At: at(9), Token: token, Record: record, Qty: -1}
		o := Outcome{row, Held, code, message}
		for _, sealed := range [][]byte{workdir.Seal(nil, i.append(nil)), workdir.Seal(nil, o.append(nil))} {
			text, whole := workdir.Unseal(bytes.TrimSuffix(sealed, []byte{'\n'}))
			got, err := parse(text)
			if !whole || err != nil || bytes.Count(sealed, []byte{'\n'}) != 1 {
				t.Fatalf("%q: %v", sealed, err)
			}
			if e, ok := got.(Intent); ok && strings.ToValidUTF8(token+record, "") == token+record && e != i {
				t.Errorf("got %+v, want %+v", e, i)
			}
		}
	})
}
