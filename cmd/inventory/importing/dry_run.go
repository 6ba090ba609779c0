package importing

import (
	"context"
	"iter"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/bulk"
	"github.com/bayworks/stockctl/internal/output"
)

// foretell shows what an import would do: the rows that would change something
// or be refused, or, for programs that read objects, the counts alone.
func foretell(ctx context.Context, o *importOptions, printer *output.Printer, p *bulk.Plan) error {
	would := map[string]int64{}
	changes := counted(p.Preview(ctx), would)
	var err error
	if printer.Structured() {
		for _, failed := range changes {
			err = failed
		}
		if err == nil {
			err = output.Value(printer, map[string]any{
				"file": o.bulk.File, "mode": o.bulk.Mode, "rows": p.Rows, "requests": p.Requests(), "would": would, "format": p.Verdict.String(),
			})
		}
	} else {
		err = output.List(printer, changeView(), changes)
	}
	if err != nil {
		return err
	}
	o.app.Note("dry run: %s; nothing was sent", wouldText(would))
	return nil
}

// counted counts every change, and hands on those that are worth a line.
func counted(all iter.Seq2[bulk.Change, error], would map[string]int64) iter.Seq2[bulk.Change, error] {
	return func(yield func(bulk.Change, error) bool) {
		for c, err := range all {
			if err == nil {
				would[c.Would]++
			}
			if c.Would != bulk.WouldKeep && !yield(c, err) {
				return
			}
		}
	}
}

func wouldText(would map[string]int64) string {
	var parts []string
	for _, one := range []struct{ word, says string }{
		{bulk.WouldCreate, "to create"},
		{bulk.WouldAdjust, "to adjust"},
		{bulk.WouldSet, "to set"},
		{bulk.WouldKeep, "already there"},
		{bulk.WouldDiffer, "in conflict"},
		{bulk.WouldRefuse, "to be refused"},
		{bulk.WouldSkip, "left out"},
		{bulk.WouldInvalid, "invalid"},
	} {
		if n := would[one.word]; n > 0 {
			parts = append(parts, humanize.Comma(n)+" "+one.says)
		}
	}
	return strings.Join(parts, ", ")
}

// changeView is how a row's prospects are shown.
func changeView() output.View[bulk.Change] {
	type column = output.Column[bulk.Change]
	return output.View[bulk.Change]{
		ID: func(c bulk.Change) string { return c.Record },
		Columns: []column{
			{Name: "line", Title: "LINE", Keep: true, Value: func(c bulk.Change) any { return c.Line }},
			{Name: "record", Title: "RECORD", Keep: true, Value: func(c bulk.Change) any { return c.Record }},
			{Name: "would", Title: "WOULD", Keep: true, Mark: changeMark, Value: func(c bulk.Change) any { return c.Would }},
			{Name: "from", Title: "ON HAND", Keep: true, Value: func(c bulk.Change) any { return c.From }},
			{Name: "to", Title: "TO", Keep: true, Value: func(c bulk.Change) any { return c.To }},
			{Name: "why", Title: "WHY", Value: func(c bulk.Change) any { return c.Why }},
		},
	}
}

func changeMark(c bulk.Change) output.Mark {
	switch c.Would {
	case bulk.WouldCreate, bulk.WouldAdjust, bulk.WouldSet:
		return output.MarkOK
	case bulk.WouldSkip:
		return output.MarkDim
	}
	return output.MarkLow
}
