package ledger

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

// recorder is a disk that records each call before it is made, and fails at one.
type recorder struct {
	t     *testing.T
	run   string // the folder of the run
	calls []string
	fails string // the call that fails
}

var errDisk = errors.New("input/output error")

// call records a call. A run with a head could be resumed, so there must be none yet.
func (r *recorder) call(what string, path ...string) error {
	for i := range path {
		rel, err := filepath.Rel(filepath.Dir(r.run), path[i])
		if err != nil {
			r.t.Error(err)
		}
		path[i] = strings.Replace(filepath.ToSlash(rel), filepath.Base(r.run), "RUN", 1)
	}
	if _, err := os.Stat(filepath.Join(r.run, "head")); !errors.Is(err, fs.ErrNotExist) {
		r.t.Errorf("%s %s: the run has a head already: %v", what, path, err)
	}
	call := what + " " + strings.Join(path, " ")
	r.calls = append(r.calls, call)
	if call == r.fails {
		return errDisk
	}
	return nil
}

func (r *recorder) disk() disk {
	real := realDisk()
	return disk{
		sync:       func(f *os.File) error { return errors.Join(r.call("sync", f.Name()), real.sync(f)) },
		syncFolder: func(dir string) error { return errors.Join(r.call("folder", dir), real.syncFolder(dir)) },
		rename: func(from, to string) error {
			if err := r.call("rename", from, to); err != nil {
				return err
			}
			return real.rename(from, to)
		},
	}
}

// draft returns a plan of one create with a copy of its input, and a disk that records
// what is done with them.
func draft(t *testing.T) (Env, Draft, *recorder) {
	t.Helper()
	client, err := api.New(api.Options{BaseURL: "http://127.0.0.1:1", Auth: fakeshop.Account{}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	env := Env{Reader: client, Writer: client, Store: journal.Store{Dir: filepath.Join(t.TempDir(), "runs")}, Now: time.Now}
	d, err := Build(env, stock.Create, func(add func(*Write) error) error {
		return add(&Write{N: 1, Key: stock.Key{Address: stock.Address{Product: "p", Warehouse: "w"}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(d.Folder.Dir(), CopyName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	d.Needs = []*os.File{file}
	return env, d, &recorder{t: t, run: d.Folder.Dir()}
}

// wantedCalls is what must be on disk before a run gets its head.
func wantedCalls() []string {
	return []string{"sync RUN/input", "sync RUN/plan-1", "rename RUN/plan-1 RUN/plan", "folder RUN", "folder ."}
}

// The plan and what it needs are on disk, under their final names, before the run has a
// head. The head is what makes a run that can be sent.
func TestThePlanIsOnDiskBeforeItsHead(t *testing.T) {
	env, d, r := draft(t)
	run, err := begin(t.Context(), env, d, r.disk())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.calls, wantedCalls()) {
		t.Errorf("the disk saw %q", r.calls)
	}
	head, err := env.Store.Head(run.ID())
	if err != nil || head.Plan == nil || run.Plan().Path != filepath.Join(run.Dir(), PlanName) {
		t.Errorf("got %+v and %v, want a head with a plan in the folder of the run", head, err)
	}
	if err := errors.Join(run.Plan().Check(), run.Close()); err != nil {
		t.Error(err)
	}
}

// A plan that could not be saved to disk has no head, so it is never sent.
func TestAPlanThatIsNotOnDiskIsNotSent(t *testing.T) {
	for i, call := range wantedCalls() {
		env, d, r := draft(t)
		r.fails = call
		run, err := begin(t.Context(), env, d, r.disk())
		if run != nil || !errors.Is(err, errDisk) || !strings.HasPrefix(err.Error(), "sealing the plan: ") {
			t.Errorf("%s: got %v, %v", call, run, err)
		}
		if i < 3 && len(r.calls) != i+1 { // both folders are tried
			t.Errorf("%s failed, and the disk saw %q", call, r.calls)
		}
		if ids, err := env.Store.IDs(); err != nil || len(ids) != 0 {
			t.Errorf("%s: there are runs: %v, %v", call, ids, err)
		}
	}
}
