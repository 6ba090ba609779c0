package counting

import (
	"cmp"
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
)

// storedOptions contains the app and the arguments of list, show and forget.
type storedOptions struct {
	app *app.App
	id  string
}

// storedCount is a count on this machine.
type storedCount struct {
	ID            string       `json:"id"`
	Source        string       `json:"source"`
	Profile       string       `json:"profile"`
	BaseURL       string       `json:"baseUrl"`
	WarehouseID   string       `json:"warehouseId"`
	WarehouseCode string       `json:"warehouseCode"`
	Status        count.Status `json:"status"`
	Items         int          `json:"items"`
	Scans         int64        `json:"scans"`
	Started       time.Time    `json:"started"`
	Finished      *time.Time   `json:"finished"`
	Undone        *time.Time   `json:"undone"` // when everything that it adjusted was undone
}

func newListCmd(a *app.App, run func(context.Context, *storedOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the counts on this machine",
		Long: `List the counts on this machine, oldest first. Finished ones are removed after
30 days.

A count is "counting" until its variance is confirmed, then "agreed" until the
outcome of all its movements is known, and then "finished". It is "running"
while a process is working on it.` + cli.ExitCodes(
			"0  listed, even if there are none or one is damaged",
			"3  the state folder cannot be read",
		),
		Example: "  stockctl inventory count list",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), &storedOptions{app: a}) },
	}
}

func runList(_ context.Context, opts *storedOptions) error {
	printer, err := app.ListPrinterFor(opts.app, storedView())
	if err != nil {
		return err
	}
	kept, err := store(opts.app)
	if err != nil {
		return err
	}
	list, err := kept.List()
	opts.app.Warn(err)
	if len(list) == 0 && err == nil {
		opts.app.Note("no counts")
	}
	rows := make([]storedCount, len(list))
	for i, s := range list {
		rows[i] = storedCount{
			ID: s.ID, Source: s.Source, Profile: s.Profile, BaseURL: s.BaseURL, WarehouseID: s.Warehouse, WarehouseCode: s.Place,
			Status: s.Status, Items: s.Items, Scans: s.Scans, Started: s.Started, Finished: s.Finished, Undone: s.Undone,
		}
	}
	if err := output.List(printer, storedView(), output.Items(rows)); err != nil {
		return err
	}
	opts.app.Footer(len(rows), 0, "counts")
	return nil
}

func storedView() output.View[storedCount] {
	type column = output.Column[storedCount]
	return output.View[storedCount]{
		ID: func(c storedCount) string { return c.ID },
		Columns: []column{
			{Name: "id", Title: "COUNT", Keep: true, Value: func(c storedCount) any { return c.ID }},
			{Name: "source", Title: "SOURCE", Value: func(c storedCount) any { return c.Source }},
			{Name: "warehouseCode", Title: "WAREHOUSE", Keep: true, Value: func(c storedCount) any { return cmp.Or(c.WarehouseCode, c.WarehouseID) }},
			{Name: "items", Title: "ITEMS", Keep: true, Value: func(c storedCount) any { return int64(c.Items) }},
			{Name: "scans", Title: "SCANS", Wide: true, Value: func(c storedCount) any { return c.Scans }},
			{Name: "status", Title: "STATUS", Keep: true, Mark: storedMark, Value: func(c storedCount) any { return c.Status }},
			{Name: "profile", Title: "PROFILE", Spare: 1, Value: func(c storedCount) any { return c.Profile }},
			{Name: "started", Title: "STARTED", Keep: true, Value: func(c storedCount) any { return c.Started }},
			{Name: "finished", Title: "FINISHED", Wide: true, Value: func(c storedCount) any { return c.Finished }},
			{Name: "undone", Title: "UNDONE", Wide: true, Value: func(c storedCount) any { return c.Undone }},
		},
	}
}

func storedMark(c storedCount) output.Mark {
	switch c.Status {
	case count.Finished:
		return output.MarkDim
	case count.Running:
		return output.MarkOK
	}
	return output.MarkLow
}

func newShowCmd(a *app.App, run func(context.Context, *storedOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "show SESSION",
		Short: "Show what was counted, and the result",
		Long: `Show the lines of a count on this machine, even while it is running. Until the
variance is confirmed, the counts are compared with the stock at the time when
counting began. Nothing is sent.` + cli.ExitCodes(
			"0  shown",
			"6  no such count",
		),
		Example:           "  stockctl inventory count show 01KAQ6X0G0V7TQ3M",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: storedCounts(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd.Context(), &storedOptions{app: a, id: args[0]})
		},
	}
}

func runShow(ctx context.Context, opts *storedOptions) error {
	printer, err := app.ListPrinterFor(opts.app, varianceView())
	if err != nil {
		return err
	}
	kept, err := store(opts.app)
	if err != nil {
		return err
	}
	s, err := kept.Inspect(opts.id)
	if err != nil {
		return err
	}
	c := &counting{countOptions: &countOptions{app: opts.app}}
	cfg, err := opts.app.Config()
	if err != nil {
		return err
	}
	if s.BaseURL == unfinished.Owner(cfg) { // the names of a different store would be wrong
		if c.names, err = opts.app.Names(ctx); err != nil {
			return err
		}
	}
	opts.app.Note("count %s %s, %s: %s, %s", s.ID, about(s.Head), s.Status, failure.Count(s.Items, "item", "items"), failure.Count(s.Scans, "scan", "scans"))
	switch {
	case s.Undoing:
		opts.app.Note("its undo is not finished: continue with `stockctl inventory count undo %s`", s.ID)
	case s.Undone != nil:
		opts.app.Note("it was undone on %s", s.Undone.Local().Format("2006-01-02 15:04"))
	}
	return output.List(printer, varianceView(), output.Items(c.named(ctx, s.Lines)))
}

func newForgetCmd(a *app.App, run func(context.Context, *storedOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "forget SESSION",
		Short: "Remove a count",
		Long: `Remove a count from this machine. It can then no longer be resumed. Stock does
not change. If the outcome of a movement is unknown, it stays unknown: check
with "count show" first.` + cli.ExitCodes(
			"0  removed",
			"2  the count is not finished or cannot be read, and there is no terminal to\n     prompt on: add --yes",
			"6  no such count",
		),
		Example:           "  stockctl inventory count forget 01KAQ6X0G0V7TQ3M",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: storedCounts(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd.Context(), &storedOptions{app: a, id: args[0]})
		},
	}
}

// runForget deletes a count. It asks first if the count is not finished, or cannot be read.
func runForget(ctx context.Context, opts *storedOptions) error {
	kept, err := store(opts.app)
	if err != nil {
		return err
	}
	h, damaged := kept.Head(opts.id)
	details := ""
	switch {
	case failure.KindOf(damaged) == failure.NotFound:
		return damaged
	case damaged == nil:
		details = " " + about(h)
	}
	if damaged != nil || h.Finished == nil {
		if err := unfinished.ConfirmForget(ctx, opts.app, "count", opts.id, details, damaged); err != nil {
			return err
		}
	}
	if err := kept.Forget(opts.id); err != nil {
		return err
	}
	opts.app.Note("forgot count %s", opts.id)
	return nil
}

// about describes a count: what it is of and when it began.
func about(h count.Head) string {
	where := cmp.Or(h.Place, h.Warehouse)
	if where != "" {
		where = " of " + where
	}
	return "(" + h.Source + where + ", started " + h.Started.Local().Format("2006-01-02 15:04") + ")"
}

// warehouseName returns the name of a warehouse in a count's header; "" if there is none.
func warehouseName(w api.Warehouse) string {
	if w.ID == "" {
		return ""
	}
	return lookup.Label(w)
}

// warnOfUnfinished warns of unfinished counts of the same warehouse: a second count would
// adjust the same stock.
func (c *counting) warnOfUnfinished(in api.Warehouse) {
	open, err := c.store.Unfinished()
	if err != nil {
		return // a count that cannot be read cannot be resumed
	}
	for _, h := range open {
		if h.BaseURL == c.env.BaseURL && h.Warehouse == in.ID {
			c.app.Note("warning: count %s %s is unfinished: `stockctl inventory count resume %s` continues it, `stockctl inventory count forget %s` removes it",
				h.ID, about(h), h.ID, h.ID)
		}
	}
}

// storedCounts completes the id of any count.
func storedCounts(a *app.App) cobra.CompletionFunc {
	return unfinished.Complete(func() (out []cobra.Completion, err error) {
		kept, err := store(a)
		if err != nil {
			return nil, err
		}
		list, err := kept.List()
		for _, s := range list {
			out = append(out, cobra.CompletionWithDesc(s.ID, s.Source+", "+s.Status))
		}
		return out, err
	})
}
