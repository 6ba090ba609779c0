package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// postedCount posts a count that takes 20 of prod_abc123 away, and returns its id and folder.
func postedCount(t *testing.T, u *user) (id, dir string) {
	t.Helper()
	file := u.file(t, "count.csv", "productId,countedQty\nprod_abc123,100\n")
	if code, out, errOut := u.run(t, t.Context(), "inventory", "count", file, "--warehouse", "LGS-01"); code != 0 {
		t.Fatalf("exit %d, want 0\n%s%s", code, out, errOut)
	}
	_, id, _ = u.run(t, t.Context(), "inventory", "count", "list", "-o", "id")
	id = strings.TrimSpace(id)
	return id, filepath.Join(u.home, "state", "counts", id)
}

// only returns the only file that a pattern matches.
func only(t *testing.T, pattern ...string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(pattern...))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v: %v, %v", pattern, found, err)
	}
	return found[0]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A count that adjusted something, and whose run is lost, did not adjust nothing.
func TestUndoOfACountWithoutItsRun(t *testing.T) {
	for name, lose := range map[string]func(t *testing.T, dir string){
		"the head of the run": func(t *testing.T, dir string) { must(t, os.Remove(only(t, dir, "runs", "*", "head"))) },
		"the run":             func(t *testing.T, dir string) { must(t, os.RemoveAll(only(t, dir, "runs", "*"))) },
		"all runs":            func(t *testing.T, dir string) { must(t, os.RemoveAll(filepath.Join(dir, "runs"))) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, u := newShop(t)
			id, dir := postedCount(t, u)
			lose(t, dir)
			code, out, errOut := u.run(t, t.Context(), "inventory", "count", "undo", id)
			want := "error: count " + id + ": it is not known what it adjusted, because its run is missing\n" +
				"hint: see its movements with `stockctl inventory logs --action adjusted --since "
			if code != 1 || !strings.Contains(errOut, want) {
				t.Errorf("exit %d, want 1\n%s%s\nwant %q in it", code, out, errOut, want)
			}
			if now := server.stock(t); now["prod_abc123@wh_abc123"] != 100 {
				t.Errorf("the store has %v", now)
			}
		})
	}
	// A count that found nothing to adjust has no run, and says so.
	_, u := newShop(t)
	file := u.file(t, "count.csv", "productId,countedQty\nprod_abc123,120\n")
	_, _, _ = u.run(t, t.Context(), "inventory", "count", file, "--warehouse", "LGS-01")
	_, id, _ := u.run(t, t.Context(), "inventory", "count", "list", "-o", "id")
	if code, out, errOut := u.run(t, t.Context(), "inventory", "count", "undo", strings.TrimSpace(id)); code != 0 || !strings.Contains(errOut, "adjusted nothing: there is nothing to undo") {
		t.Errorf("exit %d, want 0\n%s%s", code, out, errOut)
	}
}

// What cannot be read can be forgotten, as its hint says.
func TestForgetWhatIsDamaged(t *testing.T) {
	damage := func(t *testing.T, file string) { must(t, os.WriteFile(file, []byte("x"), 0o600)) }
	for name, test := range map[string]struct {
		verb  string
		start func(t *testing.T, u *user) string // returns the id of what it damaged
		read  string                             // the command that names the cure
	}{
		"the head of a count": {"count", func(t *testing.T, u *user) string {
			id, dir := postedCount(t, u)
			damage(t, filepath.Join(dir, "head"))
			return id
		}, "undo"},
		"the steps of a count": {"count", func(t *testing.T, u *user) string {
			id, dir := postedCount(t, u)
			damage(t, filepath.Join(dir, "steps.jsonl"))
			must(t, os.WriteFile(filepath.Join(dir, "steps.jsonl"), []byte("x\ny\n"), 0o600))
			return id
		}, "show"},
		"the head of an import": {"import", func(t *testing.T, u *user) string {
			return imported(t, u, func(dir string) { damage(t, filepath.Join(dir, "head")) })
		}, "undo"},
		"the journal of an import": {"import", func(t *testing.T, u *user) string {
			return imported(t, u, func(dir string) {
				must(t, os.RemoveAll(only(t, dir, "journal*")))
				must(t, os.WriteFile(filepath.Join(dir, "journal"), []byte("x\ny\n"), 0o600))
			})
		}, "undo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, u := newShop(t)
			id := test.start(t, u)
			code, out, errOut := u.run(t, t.Context(), "inventory", test.verb, test.read, id)
			if forget := "`stockctl inventory " + test.verb + " forget " + id + "`"; code != 1 || !strings.Contains(errOut, forget) {
				t.Errorf("%s: exit %d, want 1\n%s%s\nwant %q in it", test.read, code, out, errOut, forget)
			}
			if name != "the steps of a count" { // its head says that it is finished
				code, _, errOut = u.run(t, t.Context(), "inventory", test.verb, "forget", id)
				if code != 2 || !strings.Contains(errOut, id+" cannot be read, and there is no terminal to prompt on\nhint: add --yes\n") {
					t.Errorf("forget: exit %d, want 2\n%s", code, errOut)
				}
			}
			if code, _, errOut = u.run(t, t.Context(), "inventory", test.verb, "forget", id, "--yes"); code != 0 {
				t.Errorf("forget --yes: exit %d, want 0\n%s", code, errOut)
			}
			if code, _, errOut = u.run(t, t.Context(), "inventory", test.verb, "forget", id, "--yes"); code != 6 {
				t.Errorf("forget again: exit %d, want 6\n%s", code, errOut)
			}
		})
	}
}

// imported imports a file, damages its run, and returns its id.
func imported(t *testing.T, u *user, damage func(dir string)) string {
	t.Helper()
	file := u.file(t, "rows.csv", "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n")
	if code, out, errOut := u.run(t, t.Context(), "inventory", "import", file); code != 0 {
		t.Fatalf("exit %d, want 0\n%s%s", code, out, errOut)
	}
	dir := filepath.Dir(only(t, u.home, "state", "imports", "*", "head"))
	damage(dir)
	return filepath.Base(dir)
}
