package importing

import (
	"context"
	"iter"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/stock"
)

func newShowCmd(a *app.App, run func(context.Context, *runOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "show RUN",
		Short: "List the rows of an import and their states",
		Long: `List the rows of an import in the order of its file: the state of each, the
quantity that was sent, and why a row was not applied. "import status" counts them,
and "logs --import" shows the movements in the store.` + cli.ExitCodes(
			"0  shown",
			"2  the run was started by an older version of stockctl, which kept no plan",
			"6  no such run on this machine",
		),
		Example: `  stockctl inventory import show 01KAQ6X0G0V7TQ3M
  stockctl inventory import show 01KAQ6X0G0V7TQ3M -o jsonl`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: CompleteRuns(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd.Context(), &runOptions{app: a, run: args[0]})
		},
	}
}

// CompleteRuns completes the id of a run.
func CompleteRuns(a *app.App) cobra.CompletionFunc { return runNames(a, ledger.Runs) }

func runShow(ctx context.Context, opts *runOptions) error {
	printer, err := app.PrinterFor(opts.app, rowView())
	if err != nil {
		return err
	}
	store, err := sending.Store(opts.app)
	if err != nil {
		return err
	}
	rows := ledger.Rows(store, opts.run)
	if printer.ForPeople() {
		rows = labelled(ctx, opts.app, rows)
	}
	shown := output.Cut{Limit: -1}
	if err := output.List(printer, rowView(), output.Limited(&shown, rows)); err != nil {
		return err
	}
	opts.app.Footer(shown.Count, 0, "rows")
	return nil
}

// labelled adds the name of the record to each row.
func labelled(ctx context.Context, a *app.App, rows iter.Seq2[ledger.Row, error]) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		names, failed := a.Names(ctx)
		for r, err := range rows {
			if k := r.Key; failed == nil && k.Product != "" {
				r.Record = names.Label(ctx, api.Record{ID: r.ID, ProductID: k.Product, SKUID: k.SKU, WarehouseID: k.Warehouse})
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func rowView() output.View[ledger.Row] {
	type column = output.Column[ledger.Row]
	return output.View[ledger.Row]{
		ID: func(r ledger.Row) string { return r.ID },
		Columns: []column{
			{Name: "line", Title: "LINE", Keep: true, Value: func(r ledger.Row) any { return r.Line }},
			{Name: "record", Title: "RECORD", Keep: true, Value: func(r ledger.Row) any { return r.Record }},
			{Name: "state", Title: "STATE", Keep: true, Mark: rowMark, Value: func(r ledger.Row) any { return r.State }},
			{Name: "qty", Title: "QTY", Keep: true, Value: func(r ledger.Row) any { return r.Qty }},
			{Name: "code", Title: "CODE", Value: func(r ledger.Row) any { return r.Code }},
			{Name: "message", Title: "WHY", Spare: 1, Value: func(r ledger.Row) any { return r.Message }},
			{Name: "inventoryId", Title: "ID", Wide: true, Value: func(r ledger.Row) any { return r.ID }},
			{Name: "token", Title: "TOKEN", Wide: true, Value: func(r ledger.Row) any { return r.Token }},
		},
	}
}

func rowMark(r ledger.Row) output.Mark {
	switch r.State {
	case journal.Applied.String(), journal.Confirmed.String(), journal.Already.String():
		return output.MarkOK
	case journal.Skipped.String():
		return output.MarkDim
	}
	return output.MarkLow
}

// Tokens returns the tokens of the movements that a run on this machine sent to the store
// of the current profile.
func Tokens(a *app.App, run string) (map[string]bool, error) {
	store, err := sending.Store(a)
	if err != nil {
		return nil, err
	}
	head, err := store.Head(run)
	if err != nil {
		return nil, err
	}
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	if owner := unfinished.Owner(c); head.BaseURL != owner {
		return nil, failure.Usagef("run %s is for %s, not %s", run, head.BaseURL, owner).StartedWith(head.Profile)
	}
	if head.Mode == string(stock.Create) {
		a.Note("run %s created records: the log does not say which import a new record's first movement belongs to", run)
	}
	return ledger.Tokens(store, run)
}
