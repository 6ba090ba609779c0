package bulk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

// visitor takes one row. With problems the row cannot be sent.
type visitor func(v *visit) error

// visit is one row as a reading of the file hands it out. Only the row may be
// kept, and not in the first reading, which hands out the same one again.
type visit struct {
	row      *Row
	raw      *intake.Row
	parser   *parser
	problems []failure.Problem
}

func (v *visit) where(field string) string { return v.parser.where(v.raw, field) }

// each reads the table from its beginning. Rows of other shards are left out.
func (p *Plan) each(ctx context.Context, take visitor) error {
	reader, err := p.source.read()
	if err != nil {
		return err
	}
	first := !p.checked
	parser := newParser(&p.options, p.names, reader)
	if first { // only counted and held against each other
		parser.spare = new(Row)
	}
	if problems := parser.header(p.Verdict); len(problems) > 0 {
		header := &mistakes{source: p.source.name}
		for _, one := range problems {
			one.Where = cmp.Or(one.Where, p.source.name)
			header.add(one)
		}
		return header
	}
	for n := int64(1); ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		raw, err := reader.Next()
		var spoilt *intake.RowError
		switch {
		case errors.Is(err, io.EOF):
			p.found, p.Remarks = reader.Header(), parser.columns.remarks()
			return nil
		case errors.As(err, &spoilt):
			err = p.spoilt(raw, parser, spoilt, take)
		case err == nil:
			err = p.one(ctx, raw, parser, first, take)
		}
		if err != nil {
			return err
		}
	}
}

func (p *Plan) one(ctx context.Context, raw *intake.Row, parser *parser, first bool, take visitor) error {
	// Of another shard's rows it is not known which are invalid, nor whose they are.
	parser.trusted = !first && p.options.Shard.whole() && !p.invalid.Has(int64(raw.N))
	row, problems, err := parser.row(ctx, raw)
	if err != nil {
		return err
	}
	parser.visit = visit{row, raw, parser, problems}
	return p.scoped(&parser.visit, take)
}

// scoped hands a row on if it belongs to this shard.
func (p *Plan) scoped(v *visit, take visitor) error {
	if p.inScope(v.row, v.problems) {
		return take(v)
	}
	if !p.checked {
		p.Outside++
	}
	return nil
}

func (p *Plan) spoilt(raw *intake.Row, parser *parser, e *intake.RowError, take visitor) error {
	row := &Row{N: int64(raw.N), Line: raw.Line}
	return p.scoped(&visit{row, raw, parser, []failure.Problem{e.Problem()}}, take)
}

// inScope tells whether a row belongs to this shard. A row that names no record
// goes by its number.
func (p *Plan) inScope(row *Row, problems []failure.Problem) bool {
	switch {
	case p.options.Shard.whole(): // no key needs to be put in one piece
		return true
	case len(problems) > 0:
		return p.options.Shard.has(fmt.Sprint("row ", row.N))
	}
	return p.options.Shard.has(row.Key.text())
}
