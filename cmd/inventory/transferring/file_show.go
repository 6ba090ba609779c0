package transferring

import (
	"context"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/transfer"
)

// movedRow is one move of a file, and its outcome.
type movedRow struct {
	Line      int                `json:"line"`
	ProductID string             `json:"productId"`
	SKUID     string             `json:"skuId,omitempty"`
	From      string             `json:"from"`
	To        string             `json:"to"`
	Qty       int64              `json:"qty"`
	State     transfer.MoveState `json:"state"`
	Reference *string            `json:"reference"` // null: the move was not started
	Why       *string            `json:"why"`

	ProductName *string `json:"productName"`
	SKUCode     *string `json:"skuCode"`
}

// planned is the state of a move in a dry run.
const planned transfer.MoveState = "planned"

// rowsOf returns the moves of a batch for display.
func rowsOf(ctx context.Context, a *app.App, moves []transfer.Move, endings []transfer.Ending) ([]movedRow, error) {
	names, err := a.Names(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]movedRow, len(moves))
	for i, m := range moves {
		p := m.Plan
		row := movedRow{Line: m.Line, ProductID: p.ProductID, SKUID: p.SKUID, From: p.From.Label, To: p.To.Label, Qty: p.Qty, State: planned}
		called, err := names.NamesOf(ctx, p.ProductID, p.SKUID)
		if err != nil {
			return nil, err
		}
		row.ProductName, row.SKUCode = called.ProductName, called.SKUCode
		if endings != nil {
			row.State = endings[i].State
			if why := endings[i].Why; why != "" {
				row.Why = &why
			}
			if endings[i].State != transfer.NotBegun {
				row.Reference = &p.Reference
			}
		}
		rows[i] = row
	}
	return rows, nil
}

func movedView() output.View[movedRow] {
	type column = output.Column[movedRow]
	line := column{Name: "line", Title: "LINE", Keep: true, Value: func(r movedRow) any { return int64(r.Line) }}
	rest := []column{
		{Name: "from", Title: "FROM", Keep: true, Value: func(r movedRow) any { return r.From }},
		{Name: "to", Title: "TO", Keep: true, Value: func(r movedRow) any { return r.To }},
		{Name: "qty", Title: "QTY", Keep: true, Value: func(r movedRow) any { return r.Qty }},
		{Name: "state", Title: "STATE", Keep: true, Mark: stateMark, Value: func(r movedRow) any { return r.State }},
	}
	reference := column{Name: "reference", Title: "REFERENCE", Keep: true, Value: func(r movedRow) any { return r.Reference }}
	why := column{Name: "why", Title: "WHY", Value: func(r movedRow) any { return r.Why }}
	return output.View[movedRow]{
		ID: func(r movedRow) string {
			if r.Reference == nil {
				return ""
			}
			return *r.Reference
		},
		People: append(append([]column{
			line,
			{Name: "product", Title: "PRODUCT", Value: func(r movedRow) any { return show.Known(r.ProductName, r.ProductID) }},
			{Name: "sku", Title: "SKU", Keep: true, Value: func(r movedRow) any { return show.Known(r.SKUCode, r.SKUID) }},
		}, rest...), why),
		Columns: append(append([]column{
			line,
			{Name: "productId", Title: "PRODUCT", Keep: true, Value: func(r movedRow) any { return r.ProductID }},
			{Name: "skuId", Title: "SKU", Keep: true, Value: func(r movedRow) any { return r.SKUID }},
		}, rest...), reference, why,
			column{Name: "productName", Title: "PRODUCT NAME", Wide: true, Value: func(r movedRow) any { return r.ProductName }},
			column{Name: "skuCode", Title: "SKU CODE", Wide: true, Value: func(r movedRow) any { return r.SKUCode }},
		),
	}
}

func stateMark(r movedRow) output.Mark {
	switch r.State {
	case transfer.Moved, transfer.TakenOff:
		return output.MarkOK
	case planned:
		return output.MarkNone
	case transfer.NotBegun:
		return output.MarkDim
	}
	return output.MarkLow
}

// account counts the moves of a batch by their states.
func account(endings []transfer.Ending) (counts map[transfer.MoveState]int, text string) {
	counts = map[transfer.MoveState]int{}
	for _, e := range endings {
		counts[e.State]++
	}
	var parts []string
	for _, state := range []transfer.MoveState{transfer.Refused, transfer.Halfway, transfer.Unknown, transfer.NotBegun, transfer.Moved, transfer.TakenOff} {
		if n := counts[state]; n > 0 {
			parts = append(parts, humanize.Comma(int64(n))+" "+string(state))
		}
	}
	return counts, strings.Join(parts, ", ")
}

// showBatch prints the moves and their outcomes. cause is what ended the work early.
// invalid is the failure for rows of the file that were left out.
func showBatch(ctx context.Context, a *app.App, printer *output.Printer, w *transfer.BatchWork, cause error, invalid error) error {
	b, endings := w.Head(), w.Endings()
	rows, err := rowsOf(context.WithoutCancel(ctx), a, b.Moves, endings)
	if err == nil {
		err = output.List(printer, movedView(), output.Items(rows))
	}
	if err != nil {
		return err
	}
	counts, text := account(endings)
	a.Note("transfers %s of %s: %s%s", b.ID, b.File, text, a.Written())
	if !b.Undoing && counts[transfer.Moved] > 0 && cause == nil {
		a.Note("`stockctl inventory transfer undo %s` undoes them", b.ID)
	}
	return batchError(b, counts, cause, invalid)
}

// batchError returns the failure of a batch, whose kind decides the exit code.
func batchError(b transfer.Batch, counts map[transfer.MoveState]int, cause, invalid error) error {
	resume := fmt.Sprintf("`stockctl inventory transfer resume %s` continues them", b.ID)
	left := counts[transfer.Refused]
	if b.Undoing {
		left = counts[transfer.Moved]
	}
	kind := failure.KindOf(cause)
	switch {
	case cause != nil && kind == failure.Unexpected:
		return failure.WithHint(cause, "%s", resume)
	case counts[transfer.Unknown] > 0:
		return failure.New(failure.OutcomeUnknown, "the outcome of %s is unknown", failure.Count(counts[transfer.Unknown], "move", "moves")).
			Hint("%s; it reads the movement log before it sends anything", resume)
	case cause != nil:
		return failure.WithHint(failure.New(kind, "%s not made: %w", failure.Count(counts[transfer.NotBegun], "move was", "moves were"), cause), "%s", resume)
	case counts[transfer.Halfway] > 0:
		return failure.New(failure.Partial, "the stock of %s left and did not arrive", failure.Count(counts[transfer.Halfway], "move", "moves")).
			Hint("%s, `stockctl inventory transfer undo %s` undoes all of them", resume, b.ID)
	case counts[transfer.NotBegun] > 0 && !b.Undoing:
		return failure.New(failure.Partial, "%s not made", failure.Count(counts[transfer.NotBegun], "move was", "moves were")).Hint("%s", resume)
	case left > 0 && b.Undoing:
		return failure.New(failure.Partial, "%s not undone", failure.Count(left, "move was", "moves were")).
			Hint("`stockctl inventory transfer undo %s` tries again", b.ID)
	case left > 0:
		return failure.New(failure.Partial, "%s refused", failure.Count(left, "move was", "moves were"))
	}
	return invalid
}
