package ledger_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/importer/importertest"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

const copied = "the text of the rows\n"

// saveWrites saves a plan of writes, and returns the file and the id of its run.
func (s *shop) saveWrites(mode stock.Mode, writes ...ledger.Write) (path, id string) {
	s.T.Helper()
	return s.saveWith(copied, `{"a":1}`, mode, writes...)
}

// saveWith does the same with a copy of the input, and with what a resume is given back.
func (s *shop) saveWith(text, input string, mode stock.Mode, writes ...ledger.Write) (path, id string) {
	s.T.Helper()
	id = journal.NewID(time.Now())
	dir := s.T.TempDir()
	plan, err := ledger.NewPlan(filepath.Join(dir, "plan-1"), mode)
	must(s.T, err)
	for i := range writes {
		writes[i].N, writes[i].Line = int64(i+1), i+2
		must(s.T, plan.Add(&writes[i]))
	}
	closed, err := plan.Close()
	must(s.T, err)
	file, err := os.Create(filepath.Join(dir, "input"))
	must(s.T, err)
	_, err = file.WriteString(text)
	must(s.T, err)
	path = filepath.Join(dir, "a.plan")
	must(s.T, ledger.SavePlan(s.T.Context(), s.Env.Env, id, ledger.Draft{
		File: "writes.csv", Digest: "d", ImportID: "test", Tenant: "tnt_sandbox", Lookback: time.Hour,
		Plan: closed, Needs: []*os.File{file}, Input: json.RawMessage(input), Options: one(),
	}, path))
	must(s.T, file.Close())
	return path, id
}

// A saved plan keeps the head, the plan, the options and the copy of the input. When it
// is sent later, it is sent as reviewed.
func TestASavedPlanIsKeptUnchanged(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		writes := []ledger.Write{set(100, 120), set(90, 120)}
		path, id := s.saveWrites(stock.Set, writes...)
		if !ledger.IsSaved([]byte(read(t, path))) || ledger.IsSaved([]byte("stockctl saved")) {
			t.Error("a saved plan was not recognised by its first bytes")
		}
		saved, err := ledger.OpenSaved(path)
		must(t, err)
		want := one()
		want.Reviewed = true
		h := saved.Head
		if h.ID != id || h.File != "writes.csv" || h.Digest != "d" || h.Mode != "set" || h.ImportID != "test" || h.Tenant != "tnt_sandbox" ||
			h.Lookback != time.Hour || h.Rows != 2 || h.Profile != "test" || h.BaseURL != importertest.URL || h.Timeout != time.Second || string(h.Input) != `{"a":1}` {
			t.Errorf("the head is %+v", h)
		}
		if saved.Options != want || saved.Plan.Rows != 2 || saved.Plan.Mode != stock.Set || saved.Mark.Newest == "" || saved.Name != path {
			t.Errorf("got %+v, %+v, %+v of %s", saved.Options, saved.Plan, saved.Mark, saved.Name)
		}
		folder, err := s.Env.Store.Reserve(id)
		must(t, err)
		plan, text, err := saved.Unpack(folder.Dir())
		must(t, err)
		_, err = text.Seek(0, io.SeekStart)
		must(t, err)
		if all, err := io.ReadAll(text); err != nil || string(all) != copied || filepath.Base(text.Name()) != ledger.CopyName {
			t.Errorf("the copy is %q: %v", all, err)
		}
		i := 0
		must(t, plan.Each(func(w *ledger.Write) error {
			if !reflect.DeepEqual(*w, writes[i]) {
				t.Errorf("row %d is %+v, want %+v", i, *w, writes[i])
			}
			i++
			return nil
		}))
		run, err := ledger.Begin(t.Context(), s.Env.Env, ledger.Draft{Folder: folder, File: "a.plan", ImportID: "test", Tenant: "tnt_sandbox", Plan: plan, Needs: []*os.File{text}, Options: saved.Options})
		must(t, err)
		must(t, saved.Close())
		run.Use(func(*ledger.Write) (int64, error) { return 119, nil })
		heard := listener()
		got, err := run.Send(t.Context(), heard)
		must(t, err)
		must(t, run.Close())
		if says := "on hand is 119; it was 120 when the plan was saved, which asks for 100"; got.Counts != (ledger.Counts{Conflict: 2}) || heard.ended[1].Message != says || heard.ended[1].Code != "moved" {
			t.Errorf("got %+v, %+v, want %+v", got.Counts, heard.ended, ledger.Counts{Conflict: 2})
		}
	})
}

// The head of a saved plan may be long, and the copy of the input empty.
func TestASavedPlanWithALongHeadAndNoCopy(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	input := `"` + strings.Repeat("a", 200_000) + `"`
	path, _ := s.saveWith("", input, stock.Create, create("prod_new", 1))
	saved, err := ledger.OpenSaved(path)
	must(t, err)
	_, text, err := saved.Unpack(t.TempDir())
	must(t, err)
	if info, err := text.Stat(); err != nil || info.Size() != 0 || string(saved.Head.Input) != input {
		t.Errorf("the copy is %+v (%v), the input has %d bytes", info, err, len(saved.Head.Input))
	}
	must(t, text.Close())
	must(t, saved.Close())
}

// A saved plan of which the rows are not those of its seal is not unpacked.
func TestASavedPlanWithTheRowsOfAnother(t *testing.T) {
	s := openShop(t, sandbox.Options{})
	path, _ := s.saveWrites(stock.Create, create("prod_new", 1))
	text := []byte(read(t, path))
	must(t, os.WriteFile(path, resealed(text, `"sha256":"`, `"sha256":"0`), 0o600))
	saved, err := ledger.OpenSaved(path)
	must(t, err)
	_, file, err := saved.Unpack(t.TempDir())
	if err == nil || err.Error() != "the plan is not the one that was sealed" {
		t.Errorf("got %v, want %q", err, "the plan is not the one that was sealed")
	}
	if err := file.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the copy was left open: %v", err)
	}
	must(t, saved.Close())
}

// resealed changes the text of a saved plan, and its checksum with it.
func resealed(text []byte, old, with string) []byte {
	b := bytes.Replace(text[:len(text)-65], []byte(old), []byte(with), 1)
	return fmt.Appendf(b, "%x\n", sha256.Sum256(b))
}

// A saved plan is for one API address and one store.
func TestASavedPlanIsForOneStore(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		path, _ := s.saveWrites(stock.Create, create("prod_new", 1))
		saved, err := ledger.OpenSaved(path)
		must(t, err)
		must(t, saved.Close())
		here, elsewhere, storeless := s.Env.Env, s.Env.Env, *saved
		elsewhere.BaseURL, elsewhere.Profile = "http://127.0.0.1:1", "other"
		storeless.Head.Tenant = ""
		renamed := s.Env.Env
		renamed.Profile = "other"
		store, address := path+" is for another store", path+" is for "+importertest.URL+", not http://127.0.0.1:1"
		for name, c := range map[string]struct {
			saved  *ledger.Saved
			env    ledger.Env
			tenant string
			want   string
		}{
			"the same":              {saved, here, "tnt_sandbox", ""},
			"another profile":       {saved, renamed, "tnt_sandbox", ""},
			"another store":         {saved, here, "tnt_2", store},
			"no store any more":     {saved, here, "", store},
			"another address":       {saved, elsewhere, "tnt_sandbox", address},
			"no store":              {&storeless, here, "", ""},
			"no store, by now one":  {&storeless, here, "tnt_2", store},
			"no store, by any name": {&storeless, renamed, "", store},
		} {
			err := c.saved.For(c.env, c.tenant)
			if c.want == "" && err == nil {
				continue
			}
			if err == nil || err.Error() != c.want || failure.HintOf(err) != "it was saved with `--profile test`" {
				t.Errorf("%s: got %v (%s)", name, err, failure.HintOf(err))
			}
		}
	})
}

// A file that was cut, changed, or written by another version is refused before any of
// it is used.
func TestADamagedSavedPlanIsRefused(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		path, _ := s.saveWrites(stock.Create, create("prod_new", 1), create("prod_newer", 2))
		text := []byte(read(t, path))
		const magic = "stockctl saved plan 1\n"
		damaged := map[string][]byte{
			"empty": nil, "cut": text[:len(text)-1], "longer": append(bytes.Clone(text), '\n'), "only a beginning": []byte(magic), "no line": []byte(magic[:len(magic)-1]),
			"a long line":          append([]byte(magic), bytes.Repeat([]byte("x"), 9<<20)...),
			"no number":            resealed(text, "plan 1\n", "plan x\n"),
			"another version":      resealed(text, "plan 1\n", "plan 2\n"),
			"another kind of file": resealed(text, "stockctl", "Stockctl"),
			"no JSON":              resealed(text, "\n{", "\n["),
			"a negative copy":      resealed(text, `"copy":`, `"copy":-`),
			"a negative plan":      resealed(text, `"size":`, `"size":-`),
			"an id that is none":   resealed(text, `"id":"0`, `"id":"/`),
			"a plan of one more":   resealed(text, `"rows":2,"size"`, `"rows":3,"size"`),
		}
		for i := 0; i < len(text); i += 5 {
			bad := bytes.Clone(text)
			bad[i] ^= 1 << (i % 8)
			damaged[fmt.Sprint("bit ", i)] = bad
		}
		must(t, os.WriteFile(path, resealed(text, "writes.csv", "others.csv"), 0o600))
		whole, err := ledger.OpenSaved(path)
		must(t, err)
		must(t, whole.Close())
		for name, b := range damaged {
			must(t, os.WriteFile(path, b, 0o600))
			want := path + " is incomplete, or was changed after it was saved: nothing was sent"
			switch {
			case !ledger.IsSaved(b):
				want = path + " is not a saved plan"
			case name == "another version":
				want = path + " has version 2 of the format, and this stockctl reads version 1"
			}
			saved, err := ledger.OpenSaved(path)
			if name == "a plan of one more" { // only detected when the rows are read
				must(t, err)
				must(t, saved.Close())
				continue
			}
			if failure.KindOf(err) != failure.Usage || err.Error() != want && !strings.Contains(err.Error(), "has version ") {
				t.Errorf("%s: got %v, want %+v", name, err, want)
			}
		}
		if _, err := ledger.OpenSaved(t.TempDir()); failure.KindOf(err) != failure.Usage || !strings.Contains(err.Error(), "is not a regular file") {
			t.Errorf("a folder: got %v", err)
		}
		if _, err := ledger.OpenSaved(path + "x"); failure.KindOf(err) != failure.Usage {
			t.Errorf("no file: got %v", err)
		}
	})
}
