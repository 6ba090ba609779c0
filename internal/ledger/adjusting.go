package ledger

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// adjuster sends stock movements that carry a token. It sends a row in doubt again only
// after the log was found not to contain it.
type adjuster struct {
	rows      rows
	mode      stock.Mode
	options   Options
	reader    *api.Client // may wait for a busy API
	writer    *api.Client
	onHand    OnHand
	stop      context.Context   // when done, no more rows are sent
	unsettled *settle.Unsettled // movements in doubt
	drifted   atomic.Int64      // set mode: writes that another movement came between
	// resent maps tokens to what was sent again. It belongs to the settling goroutine,
	// and to the audit once that has ended.
	resent map[string]journal.Intent
}

// prepare computes the difference that a row in set mode sends.
func (a *adjuster) prepare(row *pending) verdict {
	if a.mode == stock.Adjust {
		return verdict{}
	}
	onHand := row.Seen
	if a.onHand != nil {
		var err error
		if onHand, err = a.onHand(&row.Write); err != nil {
			return closed(journal.Rejected, err)
		}
	}
	return a.setTo(row, onHand)
}

// setTo sets the movement that brings a record to the wanted quantity.
func (a *adjuster) setTo(row *pending, onHand int64) verdict {
	qty, decided := a.options.Difference(&row.Write, onHand)
	row.Change = api.Adjustment{Qty: qty, Action: api.ActionAdjusted}
	if decided == nil {
		return verdict{}
	}
	v := closed(decided.State, nil)
	v.Outcome = *decided
	return v
}

func (a *adjuster) send(ctx context.Context, row *pending) verdict {
	change := row.Change
	change.Reference, change.Notes = settle.Carry(row.Token, change.Reference, change.Notes)
	change.Of = api.Subject{ProductID: row.Key.Product, SKUID: row.Key.SKU, WarehouseID: row.Key.Warehouse}
	record, err := a.writer.Adjust(ctx, row.Record, change)
	if err != nil {
		return judgeMovement(err, a.rows.anyApplied(), row.sends > 0 || row.prior > 0)
	}
	a.unsettled.Accepted(settle.PlaceOf(row.Change.Reference), row.Token)
	return a.applied(row, record)
}

func (a *adjuster) applied(row *pending, record api.Record) verdict {
	v := closed(journal.Applied, nil)
	if a.mode == stock.Set && record.OnHandQty != nil && *record.OnHandQty != row.Want && (!row.HasBaseline || a.options.IfMoved != MovedDelta) {
		v.Code = failure.CodeDrifted
		v.Message = fmt.Sprintf("on hand is %d now, not %d: stock was moved meanwhile", *record.OnHandQty, row.Want)
		a.drifted.Add(1)
	}
	return v
}

// resend sends a row again that is known not to be applied. In set mode it computes the
// difference again.
func (a *adjuster) resend(row *pending) {
	row.doubted = false
	if a.mode == stock.Set {
		now, err := a.reread(a.stop, row)
		if a.stop.Err() != nil {
			a.rows.leave(row)
			return
		}
		if err != nil {
			a.rows.end(row, closed(journal.Rejected, fmt.Errorf("not applied, and reading it again: %w", err)))
			return
		}
		if v := a.setTo(row, now); v.what == ended {
			a.rows.end(row, v)
			return
		}
	}
	a.rows.sendAgain(row)
}

// reread reads the current on hand quantity of a row.
func (a *adjuster) reread(ctx context.Context, row *pending) (int64, error) {
	if row.Key.Record == "" {
		list, err := a.reader.RecordsOf(ctx, row.Key.Product, row.Key.SKU)
		for _, r := range list {
			if r.ID == row.Record && r.OnHandQty != nil {
				return *r.OnHandQty, nil
			}
		}
		if err != nil {
			return 0, err
		}
	} else {
		for r, err := range a.reader.Records().All(ctx) {
			if err != nil {
				return 0, err
			}
			if r.ID == row.Record && r.OnHandQty != nil {
				return *r.OnHandQty, nil
			}
		}
	}
	return 0, failure.New(failure.NotFound, "the record %s no longer exists", row.Record)
}
