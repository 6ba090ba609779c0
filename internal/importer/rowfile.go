package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// rowFile takes rows in the form in which they were read.
type rowFile struct {
	plan   *Plan
	file   *os.File
	out    *intake.Writer
	header []string
	keep   []int // the columns of the input that are written
	count  int64
}

// openRows makes a file that was not there: at the place the user named, beside
// the input, or in dir.
func openRows(p *Plan, what, named, dir string) (*rowFile, error) {
	name := named
	if name == "" {
		name = p.besideInput(what)
	}
	var file *os.File
	err := fs.ErrNotExist
	if name != "" {
		file, err = createNew(name, 0o644)
	}
	if err != nil && named == "" {
		file, err = createNew(filepath.Join(dir, what+extension(p.Verdict.Format)), 0o600)
	}
	if err != nil {
		return nil, failure.Usagef("--%s: %w", what, err)
	}
	r := &rowFile{plan: p, file: file}
	for i, column := range p.found {
		if !strings.HasPrefix(strings.TrimSpace(column), "_") {
			r.header, r.keep = append(r.header, column), append(r.keep, i)
		}
	}
	v := p.Verdict
	if v.Format == intake.JSON {
		v.Format = intake.JSONL // a list could be read only once it is ended
	}
	r.header = append(r.header, ownColumns()...)
	r.out = intake.NewWriter(file, v, r.header)
	return r, nil
}

// besideInput is NAME.rejects.EXT beside the input; blank for standard input.
func (p *Plan) besideInput(what string) string {
	if p.options.File == "-" {
		return ""
	}
	name := strings.TrimSuffix(p.options.File, ".gz")
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	part := ""
	if s := p.options.Shard; s.N > 0 {
		part = fmt.Sprintf(".%d-of-%d", s.I, s.N)
	}
	return stem + "." + what + part + extension(p.Verdict.Format)
}

func extension(f intake.Format) string {
	if f == intake.JSON {
		return ".jsonl"
	}
	return "." + string(f)
}

// createNew makes a file under a name that is free: NAME, else NAME-2, NAME-3 …
func createNew(name string, mode fs.FileMode) (*os.File, error) {
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 1; n < 10_000; n++ {
		try := name
		if n > 1 {
			try = stem + "-" + strconv.Itoa(n) + ext
		}
		file, err := os.OpenFile(try, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
	return nil, fmt.Errorf("%s and ten thousand names like it are taken", name)
}

func (r *rowFile) write(w *ledger.Write, o ledger.Outcome) error {
	_, raw, err := r.plan.again(w)
	if err != nil {
		return err
	}
	cells := make([]string, 0, len(r.header))
	for _, i := range r.keep {
		cell := ""
		if i < len(raw.Cells) {
			cell = raw.Cells[i]
		}
		cells = append(cells, cell)
	}
	cells = append(cells, strconv.Itoa(w.Line), occurrenceText(w), o.State.String(), o.Code, o.Message)
	r.count++
	if err := errors.Join(r.out.Write(cells), r.out.Flush()); err != nil {
		return fmt.Errorf("writing %s: %w", r.file.Name(), err)
	}
	return nil
}

// name is the file's name once it holds a row.
func (r *rowFile) name() string {
	if r.count == 0 {
		return ""
	}
	return r.file.Name()
}

// close ends the file, and removes it when it holds nothing.
func (r *rowFile) close() error {
	err := r.file.Close()
	if r.count == 0 {
		err = errors.Join(err, os.Remove(r.file.Name()))
	}
	return err
}

// dropEmpty removes the files of rows that hold none, and their names; a name
// whose file is gone, too.
func dropEmpty(h *journal.Head) {
	empty := func(name string) bool {
		info, err := os.Stat(name)
		if err == nil && info.Size() == 0 {
			err = errors.Join(fs.ErrNotExist, os.Remove(name))
		}
		return errors.Is(err, fs.ErrNotExist)
	}
	h.Rejects = slices.DeleteFunc(slices.Clone(h.Rejects), empty)
	h.Holds = slices.DeleteFunc(slices.Clone(h.Holds), empty)
}

// withName adds a file's name to those of earlier sessions.
func withName(names []string, name string) []string {
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(slices.Clone(names), name)
}
