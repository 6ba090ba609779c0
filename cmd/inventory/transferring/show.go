package transferring

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/transfer"
)

// transferred is a record at one end of a transfer, after the transfer.
type transferred struct {
	api.Record
	Reference string `json:"reference"`
	// Change is the effect of the transfer on the quantity on hand: 0 if it was undone.
	Change int64 `json:"change"`
}

// showTransferred reports what was done, and prints both records.
func showTransferred(ctx context.Context, a *app.App, printer *output.Printer, result transfer.Result, before [2]api.Record) error {
	after := named(ctx, a, afterTransfer(ctx, a, result, before))
	p := result.Plan
	announceTransfer(a, result, before, after)
	change := int64(0)
	if p.Done() {
		change = p.Qty
	}
	return output.List(printer, transferredView(), output.Items([]transferred{
		{after[0], p.Reference, -change}, {after[1], p.Reference, change},
	}))
}

// showDryRun shows both records as the transfer would leave them.
func showDryRun(a *app.App, printer *output.Printer, p transfer.Plan, before [2]api.Record) error {
	after := before
	for i, change := range []int64{-p.Qty, p.Qty} {
		for _, part := range []struct {
			from *int64
			to   **int64
		}{{before[i].OnHandQty, &after[i].OnHandQty}, {before[i].AvailableQty, &after[i].AvailableQty}} {
			if part.from != nil {
				sum := *part.from + change
				*part.to = &sum
			}
		}
	}
	a.Note("dry run: nothing was sent; would move %d of %s from %s to %s%s%s", p.Qty, p.Item(), p.From.Label, p.To.Label, changes(before, after), a.Written())
	return output.List(printer, transferredView(), output.Items([]transferred{{after[0], "", -p.Qty}, {after[1], "", p.Qty}}))
}

// afterTransfer merges the responses into the records from before. If a response is
// missing, it reads the records again.
func afterTransfer(ctx context.Context, a *app.App, result transfer.Result, before [2]api.Record) [2]api.Record {
	out := before
	complete := true
	for i, last := range [][2]transfer.Half{{transfer.BackOut, transfer.Out}, {transfer.BackIn, transfer.In}} {
		response, known := result.Answers[last[0]]
		if !known {
			response, known = result.Answers[last[1]]
		}
		if !known || response.OnHandQty == nil || before[i].ID == "" {
			complete = false
			continue
		}
		out[i] = settle.Updated(before[i], response)
	}
	if complete {
		return out
	}
	client, err := a.API(ctx)
	if err != nil {
		return out
	}
	now := recordsOf(ctx, client, result.Plan)
	for i := range now {
		if now[i].WarehouseID == "" {
			// It could not be read, and the quantities from before are outdated.
			now[i].WarehouseName = out[i].WarehouseName
			now[i].ProductID, now[i].SKUID = result.Plan.ProductID, result.Plan.SKUID
		}
	}
	return now
}

// named fills in the names of both records. The stock has moved, whether or not they
// can be read.
func named(ctx context.Context, a *app.App, records [2]api.Record) [2]api.Record {
	names, err := a.Names(ctx)
	for i := range records {
		if err == nil && records[i].WarehouseID != "" {
			_ = names.NameRecord(ctx, &records[i])
		}
	}
	return records
}

// recordsOf reads both records of a transfer. A record that cannot be read has only its
// id.
func recordsOf(ctx context.Context, client *api.Client, p transfer.Plan) [2]api.Record {
	out := [2]api.Record{{ID: p.From.RecordID}, {ID: p.To.RecordID}}
	if p.ProductID == "" {
		return out
	}
	list, err := client.RecordsOf(ctx, p.ProductID, p.SKUID)
	if err != nil {
		return out
	}
	for i := range out {
		for _, r := range list {
			if r.ID != out[i].ID {
				continue
			}
			out[i] = r
			if r.SKUID == "" {
				out[i].SKUID = p.SKUID
			}
		}
	}
	return out
}

func announceTransfer(a *app.App, result transfer.Result, before, after [2]api.Record) {
	p := result.Plan
	var line string
	switch {
	case p.Undone() && result.Wrote:
		line = fmt.Sprintf("undid transfer %s: %s%s", p.Reference, p.Summary(), changes(before, after))
	case p.Undone():
		line = fmt.Sprintf("transfer %s is undone: %s; nothing was sent this time", p.Reference, p.Summary())
	case p.Done() && result.Wrote:
		line = fmt.Sprintf("moved %d of %s from %s to %s%s, reference %s", p.Qty, p.Item(), p.From.Label, p.To.Label, changes(before, after), p.Reference)
	case p.Done():
		line = fmt.Sprintf("transfer %s is done: %s; nothing was sent this time", p.Reference, p.Summary())
	default:
		line = fmt.Sprintf("transfer %s moved nothing: there is nothing to undo", p.Reference)
	}
	if result.Confirmed && result.Wrote {
		line += " (confirmed: a response was lost)"
	}
	if result.Wrote {
		a.Done("%s%s", line, a.Written())
		return
	}
	a.Note("%s%s", line, a.Written())
}

// changes returns the quantities on hand before and after, if both are known.
func changes(before, after [2]api.Record) string {
	text := ""
	for i := range before {
		was, is := before[i].OnHandQty, after[i].OnHandQty
		if was == nil || is == nil || *was == *is {
			continue
		}
		join := ", on hand "
		if text != "" {
			join = " and "
		}
		text += fmt.Sprintf("%s%d → %d", join, *was, *is)
	}
	return text
}

func transferredView() output.View[transferred] {
	view := output.Through(show.Records(), func(r transferred) api.Record { return r.Record })
	view.Columns = append(view.Columns,
		output.Column[transferred]{Name: "change", Title: "CHANGE", Wide: true, Value: func(r transferred) any { return r.Change }},
		output.Column[transferred]{Name: "reference", Title: "REFERENCE", Wide: true, Value: func(r transferred) any { return r.Reference }},
	)
	return view
}
