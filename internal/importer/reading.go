package importer

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/stock"
)

// copySize is the size of the write buffer for the copy.
const copySize = 256 << 10

// reading is the single pass over an input. It checks and counts each row, compares it
// with the others by its hash, and adds it to the plan.
type reading struct {
	plan   *Plan
	reader *intake.Reader
	parser *columns.Parser
	writer *rowWriter
	n      int64 // the number of the current row
}

// read reads the input, and copies its text to the plan's folder.
func (p *Plan) read(ctx context.Context) (r *reading, err error) {
	file, err := os.OpenFile(filepath.Join(p.dir, ledger.CopyName), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	p.copied = file
	into := bufio.NewWriterSize(file, copySize)
	r = &reading{plan: p}
	if r.reader, err = p.source.read(into); err != nil {
		return nil, err
	}
	r.parser = columns.NewParser(ctx, &p.options.Reading, p.names, r.reader)
	if err := p.header(r.parser); err != nil {
		return nil, err
	}
	out, err := p.newVersion()
	if err != nil {
		return nil, err
	}
	r.writer = newRowWriter(out, p.options.Mode)
	err = cmp.Or(r.rows(ctx), r.writer.close())
	written, closed := out.Close()
	if err := errors.Join(err, closed, into.Flush()); err != nil {
		return nil, err
	}
	p.writes, p.found, p.columns = written, r.reader.Header(), r.parser.Mapping
	p.Remarks = append(p.columns.Remarks(), r.parser.Remarks()...)
	wrong := &mistakes{source: p.source.name}
	wrong.add(0, r.parser.Warehouses()...)
	if err := wrong.err(); err != nil {
		return nil, err
	}
	return r, p.source.unchanged()
}

// header maps the columns. The error says why the table cannot be read.
func (p *Plan) header(parser *columns.Parser) error {
	problems, hint, err := parser.Header(p.source.name, p.Dialect)
	if err != nil {
		return err
	}
	wrong := &mistakes{source: p.source.name}
	for _, one := range problems {
		wrong.add(0, one)
	}
	if err = wrong.err(); err == nil || hint == "" {
		return err
	}
	return parser.Unfamiliar(failure.WithHint(err, "%s", hint))
}

// newVersion creates the next version of the plan, next to the previous one.
func (p *Plan) newVersion() (*ledger.PlanWriter, error) {
	p.version++
	mode := p.options.Mode
	switch mode {
	case stock.Count: // stored like a wanted quantity, but never sent
		mode = stock.Set
	case stock.Move: // stored like a movement, but never sent as one
		mode = stock.Adjust
	}
	return ledger.NewPlan(filepath.Join(p.dir, fmt.Sprintf("%s-%d", ledger.PlanName, p.version)), mode)
}

// rewrite writes the next version of the plan. It calls change for each row.
func (p *Plan) rewrite(change func(*ledger.Write) error) error {
	out, err := p.newVersion()
	if err != nil {
		return err
	}
	err = p.writes.Each(func(w *ledger.Write) error {
		if err := change(w); err != nil {
			return err
		}
		return out.Add(w)
	})
	written, closed := out.Close()
	if err := errors.Join(err, closed); err != nil {
		return err
	}
	old := p.writes.Path
	p.writes = written
	return os.Remove(old)
}

// rows reads every row.
func (r *reading) rows(ctx context.Context) error {
	for {
		if r.plan.Lines%1024 == 1023 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		raw, err := r.reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err == nil:
			r.plan.Lines++
			err = r.row(ctx, raw)
		default:
			err = r.unreadableRow(raw, err)
		}
		if err != nil {
			return err
		}
	}
}

// unreadableRow adds a row that cannot be read as invalid. Errors of any other kind end the
// reading.
func (r *reading) unreadableRow(raw *intake.Row, err error) error {
	var spoilt *intake.RowError
	if !errors.As(err, &spoilt) {
		return err
	}
	r.plan.Lines++
	*r.writer.current() = ledger.Write{Line: raw.Line}
	return r.addRow([]failure.Problem{spoilt.Problem()})
}

// row reads one row of the input, or each cell of a wide row.
func (r *reading) row(ctx context.Context, raw *intake.Row) error {
	problems := r.parser.Begin(raw)
	first, last := r.parser.Cells()
	for cell := first; cell <= last; cell++ {
		if cell > 0 && r.parser.Mapping.Groups[cell-1].Qty < 0 {
			continue // it has no column for a quantity
		}
		wrong, err := r.parser.Row(ctx, raw, cell, r.writer.current())
		if err != nil {
			return err
		}
		if err := r.addRow(append(problems, wrong...)); err != nil {
			return err
		}
		problems = nil
	}
	return nil
}

// addRow adds the current row to the plan if it belongs to this shard.
func (r *reading) addRow(problems []failure.Problem) error {
	p, w := r.plan, r.writer.current()
	r.n++
	w.N = r.n
	if !p.inScope(w, problems) {
		p.Outside++
		return nil
	}
	span := r.reader.Span()
	w.Source = ledger.Span{Offset: span.Offset, Length: span.Length, Column: span.Column}
	p.Rows++
	switch {
	case len(problems) > 0:
		p.wrong.add(w.N, problems...)
		w.Decided = invalid(problems...)
	case w.Decided != nil:
		p.LeftOut[w.Decided.Code]++
	case p.options.Mode == stock.Move:
		p.receivers = append(p.receivers, receiver{w.N, r.parser.Get(columns.FieldTo)})
	default:
		r.note(w)
	}
	return r.writer.add()
}

func (r *reading) note(w *ledger.Write) {
	if _, hasOther := otherName(w.Key); hasOther {
		r.plan.twoNames = true
	}
	if r.plan.options.Mode != stock.Create {
		r.plan.named(r.parser.Get(stock.ProductID))
	}
}

// inScope reports whether a row belongs to this shard. A row that names no record is
// assigned by its number.
func (p *Plan) inScope(w *ledger.Write, problems []failure.Problem) bool {
	switch {
	case p.options.Shard.Whole(): // saves composing the key as text
		return true
	case len(problems) > 0 || w.Decided != nil:
		return p.options.Shard.Has(fmt.Sprint("row ", w.N))
	}
	return p.options.Shard.Has(w.Key.Text())
}

// maxRow limits the size of a row that is read again.
const maxRow = 2 << 20

// reread reads a row's text from the copy once more, for its cells and the places of its
// fields.
func (p *Plan) reread(w *ledger.Write) (*intake.Reader, *intake.Row, error) {
	_, reader, raw, err := p.text(w)
	var torn *intake.RowError
	if errors.As(err, &torn) {
		err = nil
	}
	return reader, raw, err
}

// text does the same as reread. It also returns the text itself, and the error of a row
// that cannot be read.
func (p *Plan) text(w *ledger.Write) ([]byte, *intake.Reader, *intake.Row, error) {
	if w.Source.Length < 0 || w.Source.Length > maxRow {
		return nil, nil, nil, fmt.Errorf("row %d of the plan has no text in the copy of the input", w.N)
	}
	text := make([]byte, w.Source.Length)
	if _, err := p.copied.ReadAt(text, w.Source.Offset); err != nil {
		return nil, nil, nil, fmt.Errorf("reading row %d from the copy of the input: %w", w.N, err)
	}
	reader := intake.NewRowReader(text, p.Dialect, p.found, intake.Pos{File: p.name, Line: w.Line, Column: w.Source.Column})
	raw, err := reader.Next()
	var torn *intake.RowError
	if err != nil && !errors.As(err, &torn) {
		return nil, nil, nil, fmt.Errorf("reading row %d from the copy of the input: %w", w.N, err)
	}
	return text, reader, raw, err
}

// problem returns a mistake in a field of a row that was already read.
func (p *Plan) problem(w *ledger.Write, field, value, what string) (failure.Problem, error) {
	reader, raw, err := p.reread(w)
	if err != nil {
		return failure.Problem{}, err
	}
	parser := columns.NewParser(context.Background(), &p.options.Reading, p.names, reader)
	parser.Mapping = p.columns
	parser.Spread(raw, w.Cell)
	if value == "" {
		value = parser.Get(field)
	}
	return failure.Problem{Where: parser.Where(raw, field), Field: field, Value: value, What: what}, nil
}
