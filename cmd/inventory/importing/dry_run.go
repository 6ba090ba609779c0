package importing

import (
	"context"
	"iter"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/output"
)

// showDryRun shows what an import would do: the rows that would change something or be
// refused. With --save-plan, it saves the plan first.
func showDryRun(ctx context.Context, o *importOptions, printer *output.Printer, p *importer.Plan) error {
	if o.savePlan != "" {
		if err := p.Save(ctx, o.savePlan); err != nil {
			return err
		}
	}
	would := map[string]int64{}
	changes := counted(reported(o.importing.Report, p.Preview(ctx)), would)
	list := dryRunResult{
		File: o.importing.File, Mode: p.Mode(), Rows: p.Rows, Requests: p.Requests(),
		Would: would, Format: p.Dialect.String(), Report: o.importing.Report, SavedPlan: o.savePlan,
	}
	whole := strings.HasSuffix(o.importing.Report, ".json")
	err := error(nil)
	if printer.Structured() || whole {
		err = list.gather(changes)
		changes = output.Items(list.Changes)
	}
	if err == nil && whole {
		err = writeJSON(o.importing.Report, list)
	}
	switch {
	case err != nil:
	case printer.Structured():
		err = output.Value(printer, list)
	default:
		if printer.ForPeople() {
			changes = called(ctx, o.app, changes)
		}
		err = output.List(printer, changeView(), changes)
	}
	if err != nil {
		return err
	}
	if list.LeftOut > 0 {
		o.app.Note("%s more: --report FILE.jsonl has every row", failure.Count(list.LeftOut, "row", "rows"))
	}
	if o.savePlan == "" {
		o.app.Note("dry run: %s; nothing was sent", wouldText(would))
		return nil
	}
	o.app.Note("saved in %s: %s; nothing was sent", o.savePlan, wouldText(would))
	o.app.Note("send it with `stockctl inventory import apply %s`", failure.Arg(o.savePlan))
	return nil
}

// counted counts every change, and yields the ones to show.
func counted(all iter.Seq2[importer.Change, error], would map[string]int64) iter.Seq2[importer.Change, error] {
	return func(yield func(importer.Change, error) bool) {
		for c, err := range all {
			if err == nil {
				would[c.Would]++
			}
			if c.Would != importer.WouldKeep && !yield(c, err) {
				return
			}
		}
	}
}

// called adds the names of records to changes.
func called(ctx context.Context, a *app.App, all iter.Seq2[importer.Change, error]) iter.Seq2[importer.Change, error] {
	return func(yield func(importer.Change, error) bool) {
		names, failed := a.Names(ctx)
		for c, err := range all {
			if k := c.Key; failed == nil && k.Product != "" {
				c.Record = names.Label(ctx, api.Record{ID: k.Record, ProductID: k.Product, SKUID: k.SKU, WarehouseID: k.Warehouse})
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

func wouldText(would map[string]int64) string {
	var parts []string
	for _, one := range []struct{ word, says string }{
		{importer.WouldCreate, "to create"},
		{importer.WouldAdjust, "to adjust"},
		{importer.WouldSet, "to set"},
		{importer.WouldKeep, "already there"},
		{importer.WouldDiffer, "in conflict"},
		{importer.WouldRefuse, "to be refused"},
		{importer.WouldDoubt, "doubtful"},
		{importer.WouldSkip, "left out"},
		{importer.WouldInvalid, "invalid"},
	} {
		if n := would[one.word]; n > 0 {
			parts = append(parts, humanize.Comma(n)+" "+one.says)
		}
	}
	return strings.Join(parts, ", ")
}

// changeView shows what would happen to a row.
func changeView() output.View[importer.Change] {
	type column = output.Column[importer.Change]
	return output.View[importer.Change]{
		ID: func(c importer.Change) string { return c.Record },
		Columns: []column{
			{Name: "line", Title: "LINE", Keep: true, Value: func(c importer.Change) any { return c.Line }},
			{Name: "record", Title: "RECORD", Keep: true, Value: func(c importer.Change) any { return c.Record }},
			{Name: "would", Title: "WOULD", Keep: true, Mark: changeMark, Value: func(c importer.Change) any { return c.Would }},
			{Name: "from", Title: "ON HAND", Keep: true, Value: func(c importer.Change) any { return c.From }},
			{Name: "to", Title: "TO", Keep: true, Value: func(c importer.Change) any { return c.To }},
			{Name: "why", Title: "WHY", Value: func(c importer.Change) any { return c.Why }},
		},
	}
}

func changeMark(c importer.Change) output.Mark {
	switch c.Would {
	case importer.WouldCreate, importer.WouldAdjust, importer.WouldSet:
		return output.MarkOK
	case importer.WouldSkip:
		return output.MarkDim
	}
	return output.MarkLow
}
