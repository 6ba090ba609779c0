package workdir_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/workdir"
)

type errand struct {
	ID    string     `json:"id"`
	What  string     `json:"what"`
	Ended *time.Time `json:"ended,omitempty"`
}

func (e errand) Identity() (string, *time.Time) { return e.ID, e.Ended }

func errands(t *testing.T) workdir.Store[errand] {
	t.Helper()
	return workdir.Store[errand]{Dir: filepath.Join(t.TempDir(), "errands"), Kind: workdir.Kind[errand]{
		Name: "errand", IsID: func(id string) bool { return strings.HasPrefix(id, "e-") }, Older: "errand.json", Damaged: "drop %s",
		Missing: func(id string) error { return failure.New(failure.NotFound, "no errand %q", id) },
		Check: func(e *errand) error {
			if e.What == "" {
				return errors.New("it says nothing")
			}
			return nil
		},
	}}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// begin begins an errand, and releases it.
func begin(t *testing.T, s workdir.Store[errand], id string, ended *time.Time) {
	t.Helper()
	f, err := s.New(id)
	must(t, err)
	must(t, f.Save(errand{id, "post", ended}), f.Release())
}

func ids(t *testing.T, s workdir.Store[errand]) string {
	t.Helper()
	list, err := s.IDs()
	must(t, err)
	return strings.Join(list, " ")
}

func TestOneProcessAtATime(t *testing.T) {
	s := errands(t)
	f, err := s.New("e-1")
	must(t, err, f.Save(errand{ID: "e-1", What: "post"}))
	_, again := s.New("e-1")
	_, _, open := s.Open("e-1")
	for what, err := range map[string]error{"New": again, "Open": open, "Forget": s.Forget("e-1")} {
		if failure.KindOf(err) != failure.Usage || err.Error() != "errand e-1 is in use by another process" {
			t.Errorf("%s: got %v, want %q", what, err, "errand e-1 is in use by another process")
		}
	}
	if busy, err := s.Busy("e-1"); !busy || err != nil {
		t.Errorf("busy %t, %v", busy, err)
	}
	must(t, f.Release())
	if busy, err := s.Busy("e-1"); busy || err != nil {
		t.Errorf("released: busy %t, %v", busy, err)
	}
	f, head, err := s.Open("e-1")
	must(t, err)
	if head.What != "post" {
		t.Errorf("got %+v, want post", head)
	}
	must(t, f.Discard())
	if _, err := os.Stat(f.Dir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("discarded, but the folder still exists: %v", err)
	}
}

// The head is read under the lock: another process may have changed it until then.
func TestOpenReadsTheHeadUnderTheLock(t *testing.T) {
	s := errands(t)
	begin(t, s, "e-1", nil)
	reads := 0
	s.Kind.Check = func(*errand) error {
		reads++
		if busy, err := s.Busy("e-1"); !busy || err != nil {
			t.Errorf("the head is read while the errand is busy %t, %v", busy, err)
		}
		return nil
	}
	f, _, err := s.Open("e-1")
	must(t, err, f.Release())
	if reads != 1 {
		t.Errorf("the head was read %d times", reads)
	}
}

// Only one process at a time can claim a name, which is free again when given back.
func TestAClaimIsForOne(t *testing.T) {
	s := errands(t)
	giveBack, taken, err := s.Claim("nightly")
	must(t, err)
	if !taken {
		t.Fatal("a free name was refused")
	}
	if _, taken, err := s.Claim("nightly"); taken || err != nil {
		t.Errorf("given twice: %t, %v", taken, err)
	}
	other, taken, err := s.Claim("hourly")
	if !taken || err != nil {
		t.Errorf("another name: %t, %v", taken, err)
	}
	must(t, giveBack(), other())
	if giveBack, taken, err = s.Claim("nightly"); !taken || err != nil {
		t.Fatalf("released, but not free: %t, %v", taken, err)
	}
	must(t, giveBack())
	if got := ids(t, s); got != "" {
		t.Errorf("claims are listed as work: %s", got)
	}
}

// Work that does not exist or has not begun cannot be opened, read or forgotten; a
// path is not a valid name.
func TestMissingWork(t *testing.T) {
	s := errands(t)
	f, err := s.New("e-1")
	must(t, err)
	begin(t, s, "e-2", nil)
	for _, id := range []string{"e-1", "e-9", "../errands/e-2", "other", ""} {
		_, head := s.Head(id)
		_, _, open := s.Open(id)
		_, _, look := s.Inspect(id)
		for what, err := range map[string]error{"Head": head, "Open": open, "Inspect": look, "Forget": s.Forget(id)} {
			if failure.KindOf(err) != failure.NotFound {
				t.Errorf("%s of %q: got %v", what, id, err)
			}
		}
	}
	if got := ids(t, s); got != "e-2" {
		t.Errorf("got %s, want e-2", got)
	}
	if look, head, err := s.Inspect("e-2"); err != nil || head.What != "post" || look.Dir() != filepath.Join(s.Dir, "e-2") {
		t.Errorf("got %+v and the error %v, want post, in its folder", head, err)
	}
	must(t, f.Release())
}

// A head of an older version is read; the next one that is written replaces it.
func TestReadsHeadsOfThePreviousVersion(t *testing.T) {
	s := errands(t)
	dir := filepath.Join(s.Dir, "e-1")
	must(t, os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "errand.json"), []byte(`{"id":"e-1","what":"bank"}`), 0o600))
	f, head, err := s.Open("e-1")
	must(t, err)
	if head.What != "bank" {
		t.Errorf("got %+v, want bank", head)
	}
	head.What = "post"
	must(t, f.Save(head), f.Release())
	if _, err := os.Stat(filepath.Join(dir, "errand.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old head is left: %v", err)
	}
	if head, err := s.Head("e-1"); err != nil || head.What != "post" {
		t.Errorf("got %+v and the error %v, want post", head, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "head"))
	must(t, err)
	if want := `c17b4d8e {"id":"e-1","what":"post"}` + "\n"; string(text) != want {
		t.Errorf("got %q, want %q", text, want)
	}
	must(t, s.Forget("e-1"))
}

// A head that was changed by anything else is not trusted. It hides no other, can be
// forgotten, and is the error if nothing else is unfinished.
func TestADamagedHead(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"changed":   {strings.Replace(string(workdir.Seal(nil, []byte(`{"id":"e-1","what":"post"}`))), "post", "bank", 1), "its checksum does not match"},
		"empty":     {"", "its checksum does not match"},
		"not JSON":  {string(workdir.Seal(nil, []byte(`{`))), "unexpected end of JSON input"},
		"another's": {string(workdir.Seal(nil, []byte(`{"id":"e-2","what":"post"}`))), `it is the head of "e-2"`},
		"no good":   {string(workdir.Seal(nil, []byte(`{"id":"e-1"}`))), "it says nothing"},
	} {
		s := errands(t)
		begin(t, s, "e-1", nil)
		path := filepath.Join(s.Dir, "e-1", "head")
		must(t, os.WriteFile(path, []byte(c.text), 0o600))
		says := "errand e-1: " + path + " is damaged: " + c.says
		head, err := s.Head("e-1")
		if err == nil || err.Error() != says || failure.HintOf(err) != "drop e-1" || head != (errand{}) {
			t.Errorf("%s: got %+v, %v (%s), want %s", name, head, err, failure.HintOf(err), says)
		}
		if _, _, err := s.Open("e-1"); err == nil || err.Error() != says {
			t.Errorf("%s: opened: %v", name, err)
		}
		if list, err := s.Unfinished(); len(list) != 0 || err == nil || err.Error() != says {
			t.Errorf("%s: unfinished: %v, %v", name, list, err)
		}
		begin(t, s, "e-2", nil)
		if list, err := s.Unfinished(); err != nil || len(list) != 1 || list[0].ID != "e-2" {
			t.Errorf("%s: unfinished: %v, %v", name, list, err)
		}
		must(t, s.Prune(time.Now().AddDate(9, 0, 0), nil), s.Forget("e-1"))
		if got := ids(t, s); got != "e-2" {
			t.Errorf("%s: left: %s", name, got)
		}
	}
}

// Finished work is removed when it is old. Work that is unfinished, in use, or kept
// for longer stays.
func TestPrune(t *testing.T) {
	s := errands(t)
	now := time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	ended := func(ago time.Duration) *time.Time { at := now.Add(-ago); return &at }
	begin(t, s, "e-young", ended(workdir.Finished))
	begin(t, s, "e-old", ended(workdir.Finished+1))
	begin(t, s, "e-unfinished", nil)
	begin(t, s, "e-wanted", ended(2*workdir.Finished))
	begin(t, s, "e-busy", ended(2*workdir.Finished))
	busy, _, err := s.Open("e-busy")
	must(t, err)
	must(t, s.Prune(now, func(e errand) time.Duration {
		if e.ID == "e-wanted" {
			return 2 * workdir.Finished
		}
		return 0
	}))
	if got := ids(t, s); got != "e-busy e-unfinished e-wanted e-young" {
		t.Errorf("got %s, want everything but what has finished long ago", got)
	}
	must(t, busy.Release(), s.Prune(now, nil))
	if got := ids(t, s); got != "e-unfinished e-young" {
		t.Errorf("got %s, want only what is unfinished or young", got)
	}
	if open, err := s.Unfinished(); err != nil || len(open) != 1 || open[0].ID != "e-unfinished" {
		t.Errorf("unfinished: %v, %v", open, err)
	}
}

// What remains of a process that died before its work began is removed after an hour,
// unless another process uses it. Other files stay.
func TestPruneOfWhatNeverBegan(t *testing.T) {
	s := errands(t)
	now := time.Now()
	for _, name := range []string{"e-dead", "e-young", "e-busy", "claims"} {
		must(t, os.MkdirAll(filepath.Join(s.Dir, name), 0o700))
	}
	busy, err := s.New("e-busy")
	must(t, err)
	for name, age := range map[string]time.Duration{"e-dead": time.Hour, "e-young": time.Hour - time.Minute, "e-busy": 2 * time.Hour, "claims": 2 * time.Hour} {
		must(t, os.Chtimes(filepath.Join(s.Dir, name), now, now.Add(-age)))
	}
	must(t, s.Prune(now, nil))
	entries, err := os.ReadDir(s.Dir)
	must(t, err)
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if !slices.Equal(left, []string{"claims", "e-busy", "e-young"}) {
		t.Errorf("got %v, want claims, e-busy and e-young", left)
	}
	must(t, busy.Discard())
}

// A folder that cannot be locked is not removed, and is an error; the others are still
// removed.
func TestWhatCannotBeRemovedIsAnError(t *testing.T) {
	s := errands(t)
	long := time.Unix(0, 0)
	for _, id := range []string{"e-1", "e-2", "e-3"} {
		begin(t, s, id, &long)
	}
	lock := filepath.Join(s.Dir, "e-2", "lock")
	must(t, os.Remove(lock), os.Mkdir(lock, 0o700))
	busy, unlocked := s.Busy("e-2")
	for what, err := range map[string]error{"Prune": s.Prune(time.Now(), nil), "Forget": s.Forget("e-2"), "Busy": unlocked} {
		if err == nil || !strings.HasPrefix(err.Error(), "locking errand e-2: ") || failure.KindOf(err) != failure.Unexpected {
			t.Errorf("%s: got %v, want it to begin with %q", what, err, "locking errand e-2: ")
		}
	}
	if got := ids(t, s); got != "e-2" || busy {
		t.Errorf("left: %s, busy %t", got, busy)
	}
	blocked := errands(t)
	must(t, os.WriteFile(blocked.Dir, nil, 0o600))
	_, list := blocked.IDs()
	_, begun := blocked.New("e-1")
	_, _, claimed := blocked.Claim("nightly")
	for what, err := range map[string]error{
		"listing the errands: ": list, "creating the folder of the errand: ": begun, "creating the folder for claims: ": claimed,
	} {
		if err == nil || !strings.HasPrefix(err.Error(), what) {
			t.Errorf("got %v, want %s", err, what)
		}
	}
}

// A hint need not name the work.
func TestADamagedHeadWithoutAName(t *testing.T) {
	s := errands(t)
	s.Kind.Damaged = "ask someone"
	begin(t, s, "e-1", nil)
	must(t, os.WriteFile(filepath.Join(s.Dir, "e-1", "head"), nil, 0o600))
	if _, err := s.Head("e-1"); failure.HintOf(err) != "ask someone" {
		t.Errorf("hint %q", failure.HintOf(err))
	}
}
