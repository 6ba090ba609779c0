package inventory

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/importing"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/settle"
)

// logsOptions is what `inventory logs` knows when it starts.
type logsOptions struct {
	app       *app.App
	product   string // PRODUCT[/SKU]
	record    string // an id or an address
	warehouse string
	action    string // upper case
	reference string
	run       string // an import on this machine; blank: any
	since     string
	limit     int
	all       bool
	follow    bool
	interval  time.Duration
}

func newLogsCmd(a *app.App, run func(context.Context, *logsOptions) error) *cobra.Command {
	opts := &logsOptions{app: a}
	cmd := &cobra.Command{
		Use:   "logs [RECORD]",
		Short: "Show stock movements",
		Long: `Show stock movements: what changed, why, by whom and when, in the order of the
API's log. The API cannot filter the log, so stockctl reads it page by page,
filters it, and reports how many movements it examined.

With --follow, the latest movements are shown, the newest last, and then each
new one as it appears, until Ctrl-C. --limit 0 shows only new ones. A failed
request is reported and retried for up to --max-wait.` + cli.ExitCodes(
			"0  shown, even if there are none",
			"2  a flag is wrong; with --follow, the format needs the whole list",
			"8  the API cannot be reached, or a page of the log cannot be read",
			"130  --follow was ended by Ctrl-C: everything found so far was shown",
		),
		Example: `  stockctl inventory logs --since 7d
  stockctl inventory logs TOTE-CANVAS@LGS-01
  stockctl inventory logs --product PHONE-RED-256 --action sold --all -o csv
  stockctl inventory logs --warehouse LGS-01 --since 12h
  stockctl inventory logs --reference PO-1042 -o json
  stockctl inventory logs --import 01KAQ6X0G0V7TQ3M --all
  stockctl inventory logs --follow --action sold -o jsonl`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: suggest.Records(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cli.Exclusive(cmd, "limit", "all"); err != nil {
				return err
			}
			if len(args) > 0 && opts.record != "" {
				return failure.Usagef("the record is given twice: as %s and with --record", args[0])
			}
			if len(args) > 0 {
				opts.record = args[0]
			}
			if opts.follow {
				if opts.limit < 0 {
					return failure.Usagef("--limit must be 0 or more with --follow, not %d", opts.limit)
				}
				if opts.interval < shortestInterval {
					return failure.Usagef("--interval must be %s or more, not %s", shortestInterval, opts.interval)
				}
			} else if cmd.Flags().Changed("interval") {
				return failure.Usagef("--interval requires --follow")
			}
			if err := cli.CheckLimit(opts.limit, "movement"); err != nil && !opts.follow {
				return err
			}
			opts.action = strings.ToUpper(opts.action)
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.product, "product", "", "only movements of this `item`: its id, code, barcode or name, or PRODUCT/SKU")
	flags.StringVar(&opts.record, "record", "", "only movements of this `record`: its id, or ITEM@WAREHOUSE")
	flags.StringVar(&opts.warehouse, "warehouse", "", "only movements in this `warehouse`: its id, code or name")
	flags.StringVar(&opts.action, "action", "", "only this `action`, in upper or lower case")
	flags.StringVar(&opts.reference, "reference", "", "only this `reference`, or the token at the start of the notes")
	flags.StringVar(&opts.run, "import", "", "only movements of this `run` of an import, or of an undo")
	flags.StringVar(&opts.since, "since", "", "only movements since this `time`: how long ago (12h, 90d or 8w), a date (2026-09-01) or RFC 3339")
	flags.IntVar(&opts.limit, "limit", defaultLimit, "show at most this `number` of movements")
	flags.BoolVar(&opts.all, "all", false, "show every movement")
	flags.BoolVar(&opts.follow, "follow", false, "keep running and show new movements as they come")
	flags.DurationVar(&opts.interval, "interval", defaultInterval, "with --follow, the `duration` between two requests, 1s or more")
	suggest.Flag(cmd, "import", importing.CompleteRuns(a))
	suggest.Flag(cmd, "product", suggest.Products(a))
	suggest.Flag(cmd, "record", suggest.RecordIDs(a))
	suggest.Flag(cmd, "warehouse", suggest.Warehouses(a))
	cli.CompleteValues(cmd, "action", loggedActions())
	return cmd
}

// loggedActions returns the actions that movements have.
func loggedActions() []string { return append(api.Actions(), api.ActionReserved, api.ActionReleased) }

func runLogs(ctx context.Context, opts *logsOptions) error {
	if near := failure.Nearest(opts.action, loggedActions()); len(near) > 0 && !slices.Contains(loggedActions(), opts.action) {
		opts.app.Note("no movement has the action %s: did you mean %s?", opts.action, near[0])
	}
	printing := app.ListPrinterFor[api.Movement]
	if opts.follow {
		printing = app.PrinterFor
	}
	printer, err := printing(opts.app, movementView())
	if err != nil {
		return err
	}
	since, err := cli.ParseSince(opts.since, opts.app.Now())
	if err != nil {
		return err
	}
	if opts.follow {
		return runFollow(ctx, opts, printer, since)
	}
	client, err := opts.app.API(ctx)
	if err != nil {
		return err
	}
	scan, err := newScan(ctx, opts, since, output.Shows(printer, movementView(), show.NameFields()...))
	if err != nil {
		return err
	}
	shown := output.Cut{Limit: opts.limit}
	if opts.all {
		shown.Limit = -1
	}
	if err := output.List(printer, movementView(), scan.named(ctx, output.Limited(&shown, scan.matching(ctx, client.Movements().All(ctx))))); err != nil {
		return err
	}
	opts.app.Advise()
	line := fmt.Sprintf("%d of %d movements examined", shown.Count, scan.count)
	if shown.More {
		line = fmt.Sprintf("only the first %d are shown: --all shows every movement", shown.Count)
	}
	opts.app.Note("%s", line)
	return nil
}

// scanned filters the log, counts what it examined, and names what it shows.
type scanned struct {
	opts   *logsOptions
	since  time.Time // zero: from the beginning
	names  *lookup.Names
	items  *lookup.Movements
	tokens map[string]bool // of the import given with --import
	fully  bool            // names are shown
	count  int
	failed error // of a filter that could not be decided
}

// newScan resolves the names in the filters.
func newScan(ctx context.Context, opts *logsOptions, since time.Time, fully bool) (*scanned, error) {
	names, err := opts.app.Names(ctx)
	if err != nil {
		return nil, err
	}
	s := &scanned{opts: opts, since: since, names: names, fully: fully}
	if opts.run != "" {
		if s.tokens, err = importing.Tokens(opts.app, opts.run); err != nil {
			return nil, err
		}
	}
	s.items, err = names.FilterMovements(ctx, opts.product, opts.record, opts.warehouse)
	return s, err
}

func (s *scanned) matching(ctx context.Context, log iter.Seq2[api.Movement, error]) iter.Seq2[api.Movement, error] {
	return func(yield func(api.Movement, error) bool) {
		for m, err := range log {
			if err == nil {
				s.count++
			}
			if (err != nil || s.match(ctx, m)) && !yield(m, err) {
				return
			}
		}
	}
}

// match reports whether a movement passes the filters. If that cannot be decided, it
// returns true, and the listing ends with an error: see named.
func (s *scanned) match(ctx context.Context, m api.Movement) bool {
	o := s.opts
	switch {
	case o.action != "" && strings.ToUpper(m.Action) != o.action,
		o.reference != "" && m.Reference != o.reference && !strings.HasPrefix(m.Notes, "["+o.reference+"]"),
		o.run != "" && !s.tokens[settle.TokenOf(m)],
		!s.since.IsZero() && m.Timestamp != nil && m.Timestamp.Before(s.since):
		return false
	}
	wanted, err := s.items.Match(ctx, m)
	if err != nil {
		s.failed = err
	}
	return wanted || err != nil
}

// named fills in the items and warehouses of movements.
func (s *scanned) named(ctx context.Context, log iter.Seq2[api.Movement, error]) iter.Seq2[api.Movement, error] {
	return func(yield func(api.Movement, error) bool) {
		for m, err := range log {
			if err == nil {
				err = s.failed
			}
			if err == nil && s.fully {
				err = s.names.NameMovement(ctx, &m)
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

func movementView() output.View[api.Movement] {
	type column = output.Column[api.Movement]
	return output.View[api.Movement]{
		ID: func(m api.Movement) string { return m.ID },
		People: []column{
			{Name: "timestamp", Width: 16, Title: "WHEN", Keep: true, Value: func(m api.Movement) any { return m.Timestamp.Shown() }},
			{Name: "product", Width: 10, Title: "PRODUCT", Value: func(m api.Movement) any { return show.Known(m.ProductName, m.ProductID) }},
			{Name: "sku", Width: 14, Title: "SKU", Keep: true, Value: func(m api.Movement) any { return m.SKUCode }},
			{Name: "warehouse", Width: 9, Title: "WAREHOUSE", Keep: true, Value: func(m api.Movement) any { return m.WarehouseCode }},
			{Name: "action", Width: 15, Title: "ACTION", Keep: true, Value: func(m api.Movement) any { return m.Action }},
			{Name: "qtyChange", Width: 6, Title: "CHANGE", Keep: true, Value: func(m api.Movement) any { return m.QtyChange }},
			{Name: "reference", Width: 16, Title: "REFERENCE", Spare: 1, Value: func(m api.Movement) any { return m.Reference }},
			{Name: "notes", Width: 30, Title: "NOTES", Spare: 2, Value: func(m api.Movement) any { return m.Notes }},
		},
		Columns: append([]column{
			{Name: "id", Title: "ID", Keep: true, Wide: true, Value: func(m api.Movement) any { return m.ID }},
			{Name: "timestamp", Title: "WHEN", Keep: true, Value: func(m api.Movement) any { return m.Timestamp.Shown() }},
			{Name: "productId", Title: "PRODUCT", Keep: true, Value: func(m api.Movement) any { return m.ProductID }},
			{Name: "inventoryId", Title: "RECORD", Keep: true, Wide: true, Value: func(m api.Movement) any { return m.InventoryID }},
			{Name: "action", Title: "ACTION", Keep: true, Value: func(m api.Movement) any { return m.Action }},
			{Name: "qtyChange", Title: "CHANGE", Keep: true, Value: func(m api.Movement) any { return m.QtyChange }},
			{Name: "reference", Title: "REFERENCE", Spare: 1, Value: func(m api.Movement) any { return m.Reference }},
			{Name: "notes", Title: "NOTES", Spare: 2, Value: func(m api.Movement) any { return m.Notes }},
			{Name: "adjustedBy", Title: "BY", Wide: true, Value: func(m api.Movement) any { return m.AdjustedBy }},
		}, show.Names(func(m api.Movement) api.Named { return m.Named })...),
	}
}
