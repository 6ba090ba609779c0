package transferring

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/transfer"
)

// listOptions contains the app and the flags of `inventory transfer list`.
type listOptions struct {
	app        *app.App
	unfinished bool
}

// storedTransfer is a transfer on this machine.
type storedTransfer struct {
	Reference string             `json:"reference"`
	Batch     *string            `json:"batch"` // the name of its file; null for a single transfer
	File      *string            `json:"file"`
	Line      *int               `json:"line"`
	ProductID string             `json:"productId"`
	SKUID     *string            `json:"skuId"`
	Item      string             `json:"item"`
	From      string             `json:"from"`
	To        string             `json:"to"`
	Qty       int64              `json:"qty"`
	State     transfer.MoveState `json:"state"`
	Profile   string             `json:"profile"`
	BaseURL   string             `json:"baseUrl"`
	Started   *time.Time         `json:"started"`
	Finished  *time.Time         `json:"finished"`
}

func newListCmd(a *app.App, run func(context.Context, *listOptions) error) *cobra.Command {
	opts := &listOptions{app: a}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the transfers on this machine",
		Long: `List the transfers on this machine, oldest first, including those from files.
Finished transfers are removed after 30 days; the movement log keeps all of them.

A transfer is "moved", "undone", "refused" or "not moved". It is "halfway" if the
stock left one warehouse and did not arrive, and "unknown" if a response was
lost: use "transfer resume" to complete it, or "transfer undo" to reverse it.` + cli.ExitCodes(
			"0  listed, even if there are none or one is damaged",
			"3  the state folder cannot be read",
		),
		Example: `  stockctl inventory transfer list
  stockctl inventory transfer list --unfinished -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), opts) },
	}
	cmd.Flags().BoolVar(&opts.unfinished, "unfinished", false, "only transfers that can be resumed")
	return cmd
}

func runList(_ context.Context, opts *listOptions) error {
	printer, err := app.ListPrinterFor(opts.app, keptView())
	if err != nil {
		return err
	}
	single, err := store(opts.app)
	if err != nil {
		return err
	}
	files, err := batches(opts.app)
	if err != nil {
		return err
	}
	list, err := transfer.List(single, files)
	opts.app.Warn(err)
	rows := []storedTransfer{}
	for _, k := range list {
		if !opts.unfinished || k.Unfinished {
			rows = append(rows, keptRow(k))
		}
	}
	if len(rows) == 0 && err == nil {
		opts.app.Note("no transfers")
	}
	if err := output.List(printer, keptView(), output.Items(rows)); err != nil {
		return err
	}
	opts.app.Footer(len(rows), 0, "transfers")
	return nil
}

func keptRow(k transfer.Stored) storedTransfer {
	p := k.Plan
	row := storedTransfer{
		Reference: p.Reference, ProductID: p.ProductID, Item: p.Item(), From: p.From.Label, To: p.To.Label, Qty: p.Qty,
		State: k.State, Profile: p.Profile, BaseURL: p.BaseURL, Finished: p.Finished,
	}
	if p.SKUID != "" {
		row.SKUID = &p.SKUID
	}
	if !p.Started.IsZero() {
		row.Started = &p.Started
	}
	if k.Batch != "" {
		row.Batch, row.File, row.Line = &k.Batch, &k.File, &k.Line
	}
	return row
}

func keptView() output.View[storedTransfer] {
	type column = output.Column[storedTransfer]
	return output.View[storedTransfer]{
		ID: func(t storedTransfer) string { return t.Reference },
		Columns: []column{
			{Name: "reference", Title: "REFERENCE", Keep: true, Value: func(t storedTransfer) any { return t.Reference }},
			{Name: "item", Title: "ITEM", Value: func(t storedTransfer) any { return t.Item }},
			{Name: "from", Title: "FROM", Keep: true, Value: func(t storedTransfer) any { return t.From }},
			{Name: "to", Title: "TO", Keep: true, Value: func(t storedTransfer) any { return t.To }},
			{Name: "qty", Title: "QTY", Keep: true, Value: func(t storedTransfer) any { return t.Qty }},
			{Name: "state", Title: "STATE", Keep: true, Mark: keptMark, Value: func(t storedTransfer) any { return string(t.State) }},
			{Name: "batch", Title: "FILE", Spare: 2, Value: func(t storedTransfer) any { return t.Batch }},
			{Name: "started", Title: "STARTED", Spare: 1, Value: func(t storedTransfer) any { return t.Started }},
			{Name: "profile", Title: "PROFILE", Wide: true, Value: func(t storedTransfer) any { return t.Profile }},
			{Name: "finished", Title: "FINISHED", Wide: true, Value: func(t storedTransfer) any { return t.Finished }},
		},
	}
}

func keptMark(t storedTransfer) output.Mark {
	return stateMark(movedRow{State: t.State})
}
