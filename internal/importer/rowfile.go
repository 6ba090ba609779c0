package importer

import (
	"cmp"
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
	"github.com/bayworks/stockctl/internal/rejects"
)

// rowFile writes rows in the format of the input: our columns come first, followed by the
// original record.
type rowFile struct {
	plan   *Plan
	file   *os.File
	out    *intake.Writer
	index  *rejects.Index // of the lines; nil: only this session writes the file
	format intake.Format
	own    []int  // our columns in the input, if it is such a file itself
	kept   []bool // by column: it is not one of ours
	follow bool   // the kept columns are contiguous and last
	count  int64
}

// openRows creates a new file: at the place the user named, next to the input, or in dir.
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
		file, err = createNew(filepath.Join(dir, what+extension(p.Dialect.Format)), 0o600)
	}
	if err != nil {
		return nil, failure.Usagef("--%s: %w", what, err)
	}
	return newRowFile(p, file), nil
}

// openRefused opens the rejects file of a run. A resumed run continues the file of its
// earlier session, unless that was changed since.
func openRefused(p *Plan, dir string, resumed bool) (*rowFile, error) {
	if resumed {
		if names := p.run.Head().Rejects; len(names) > 0 {
			c, err := rejects.Continue(dir, names[len(names)-1], func(n int64) bool { return p.run.Done(&ledger.Write{N: n}) })
			if err != nil {
				return nil, err
			}
			if c != nil {
				r := newRowFile(p, c.File)
				r.index, r.count = c.Index, c.Rows
				r.out.Resume()
				return r, nil
			}
		}
	}
	r, err := openRows(p, "rejects", p.options.Rejects, dir)
	if err != nil {
		return nil, err
	}
	if r.index, err = rejects.New(dir); err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func newRowFile(p *Plan, file *os.File) *rowFile {
	v := p.Dialect
	if v.Format == intake.JSON {
		v.Format = intake.JSONL // an unfinished list could not be read
	}
	r := &rowFile{plan: p, file: file, format: v.Format, kept: make([]bool, len(p.found)), follow: true}
	header := ownColumns()
	for i, column := range p.found {
		name := strings.TrimSpace(column)
		if strings.HasPrefix(name, "_") {
			r.own = append(r.own, i)
			r.follow = r.follow && len(r.own) == i+1
			continue
		}
		r.kept[i] = true
		if v.Format != intake.JSONL {
			header = append(header, column)
		}
	}
	r.out = intake.NewWriter(file, v, header)
	return r
}

// besideInput returns NAME.rejects.EXT next to the input or the saved plan. It is blank
// for standard input.
func (p *Plan) besideInput(what string) string {
	name := strings.TrimSuffix(cmp.Or(p.options.Beside, p.options.File), ".gz")
	if name == "-" {
		return ""
	}
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	part := ""
	if s := p.options.Shard; s.N > 0 {
		part = fmt.Sprintf(".%d-of-%d", s.I, s.N)
	}
	return stem + "." + what + part + extension(p.Dialect.Format)
}

func extension(f intake.Format) string {
	if f == intake.JSON {
		return ".jsonl"
	}
	return "." + string(f)
}

// createNew creates a file under the first free name: NAME, NAME-2, NAME-3 …
func createNew(name string, mode fs.FileMode) (*os.File, error) {
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 1; n < 10_000; n++ {
		try := name
		if n > 1 {
			try = stem + "-" + strconv.Itoa(n) + ext
		}
		file, err := os.OpenFile(try, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
	return nil, fmt.Errorf("%s and ten thousand names like it are taken", name)
}

// write adds a row. When it returns, the operating system has the row.
func (r *rowFile) write(w *ledger.Write, o ledger.Outcome) error {
	if r.count == 0 {
		if err := errors.Join(r.out.Start(), r.index.Add(0, r.file)); err != nil {
			return fmt.Errorf("writing %s: %w", r.file.Name(), err)
		}
	}
	r.count++
	if err := errors.Join(r.record(w, o), r.out.Flush(), r.index.Add(w.N, r.file)); err != nil {
		return fmt.Errorf("writing %s: %w", r.file.Name(), err)
	}
	return nil
}

// record writes our cells, followed by the original record.
func (r *rowFile) record(w *ledger.Write, o ledger.Outcome) error {
	text, reader, raw, err := r.plan.text(w)
	var torn *intake.RowError
	if err != nil && !errors.As(err, &torn) {
		return err
	}
	own := []string{strconv.Itoa(w.Line), occurrenceText(w), o.State.String(), o.Code, o.Message, ""}
	if torn != nil {
		own[len(own)-1] = r.unread(raw, text)
	}
	if r.format != intake.JSONL {
		for i, cell := range own {
			own[i] = intake.Harmless(cell)
		}
	}
	switch {
	case torn != nil && r.format == intake.JSONL:
		return r.out.Write(own)
	case torn != nil:
		return r.out.Write(append(own, make([]string, len(r.kept)-len(r.own))...))
	case r.format != intake.JSONL && w.Cell > 0: // a wide row: one line per refused cell
		return r.out.Write(append(own, r.cells(raw, w.Cell)...))
	case r.format != intake.JSONL && r.follow:
		return r.out.WriteBefore(own, reader.Record(text, len(r.own)))
	case r.format != intake.JSONL:
		return r.out.Write(append(own, r.cells(raw, w.Cell)...))
	case len(r.own) > 0 || r.plan.Dialect.Format == intake.JSON:
		if text, err = intake.Members(text, r.keeps); err != nil {
			return err
		}
	}
	return r.out.WriteBefore(own, text)
}

// unread returns the text of a record that cannot be read: the original text, which may
// already be in the _raw column of an earlier rejects file.
func (r *rowFile) unread(raw *intake.Row, text []byte) string {
	for _, i := range r.own {
		if strings.TrimSpace(r.plan.found[i]) == intake.RawColumn && i < len(raw.Cells) && raw.Cells[i] != "" {
			return intake.Plain(raw.Cells[i])
		}
	}
	return strings.TrimRight(string(text), "\r\n")
}

// keeps reports whether a member of an object is written.
func (r *rowFile) keeps(name string) bool { return !strings.HasPrefix(strings.TrimSpace(name), "_") }

// cells returns the kept cells of a row. In a wide row, those of its other warehouses are
// blank.
func (r *rowFile) cells(raw *intake.Row, cell int) []string {
	var out []string
	for i, kept := range r.kept {
		switch {
		case kept && i < len(raw.Cells) && r.plan.columns.About(i, cell):
			out = append(out, raw.Cells[i])
		case kept:
			out = append(out, "")
		}
	}
	return out
}

// name returns the file's name, or "" if it has no rows.
func (r *rowFile) name() string {
	if r.count == 0 {
		return ""
	}
	return r.file.Name()
}

// close closes the file, and removes it if it has no rows.
func (r *rowFile) close() error {
	err := errors.Join(r.file.Close(), r.index.Close())
	if r.count == 0 {
		err = errors.Join(err, os.Remove(r.file.Name()))
	}
	return err
}

// dropEmpty removes empty files of rows and their names, and the names of files that no
// longer exist.
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
