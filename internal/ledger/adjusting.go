package ledger

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// adjuster sends stock movements that carry a token. A row in doubt is sent again
// only when the log was found not to hold it.
type adjuster struct{ *sender }

// ready works out the difference that a row of set mode sends.
func (m adjuster) ready(row *pending) verdict {
	if m.run.plan.Mode == stock.Adjust {
		return verdict{}
	}
	onHand := row.Seen
	if m.run.onHand != nil {
		var err error
		if onHand, err = m.run.onHand(&row.Write); err != nil {
			return closed(journal.Rejected, err)
		}
	}
	return setTo(row, onHand)
}

// setTo makes the movement that brings a record to the wanted quantity.
func setTo(row *pending, onHand int64) verdict {
	row.Change = api.Adjustment{Qty: row.Want - onHand, Action: api.ActionAdjusted}
	if row.Change.Qty == 0 {
		return closed(journal.Already, nil)
	}
	return verdict{}
}

func (m adjuster) send(ctx context.Context, row *pending) verdict {
	change := row.Change
	change.Reference, change.Notes = settle.Carry(row.Token, change.Reference, change.Notes)
	record, err := m.run.env.Writer.Adjust(ctx, row.Record, change)
	if err == nil {
		m.unsettled.proof(row)
		return m.applied(row, record)
	}
	v := judgeError(err, m.anyApplied())
	if v.what == ended && (row.sends > 0 || row.prior > 0) {
		// It was sent before: "not enough stock" may be our own success.
		return verdict{what: doubted, err: err}
	}
	return v
}

func (m adjuster) applied(row *pending, record api.Record) verdict {
	v := closed(journal.Applied, nil)
	if m.run.plan.Mode == stock.Set && record.OnHandQty != nil && *record.OnHandQty != row.Want {
		v.Code = "drifted"
		v.Message = fmt.Sprintf("on hand is %d now, not %d: stock was moved meanwhile", *record.OnHandQty, row.Want)
		m.mu.Lock()
		m.drifted++
		m.mu.Unlock()
	}
	return v
}

func (m adjuster) doubt(row *pending) { m.unsettled.add(row) }

// resend sends a row again that is known not to be applied. In set mode its
// difference is worked out anew.
func (m adjuster) resend(ctx context.Context, row *pending) {
	row.doubted = false
	if m.run.plan.Mode == stock.Set {
		now, err := m.reread(ctx, row)
		if ctx.Err() != nil {
			m.leave(row)
			return
		}
		if err != nil {
			m.end(row, closed(journal.Rejected, fmt.Errorf("not applied, and reading it again: %w", err)))
			return
		}
		if v := setTo(row, now); v.what == ended {
			m.end(row, v)
			return
		}
	}
	m.lanes.again(row)
}

// reread reads the on hand of a row as it is now.
func (m adjuster) reread(ctx context.Context, row *pending) (int64, error) {
	if row.Key.Record == "" {
		list, err := m.run.env.Reader.RecordsOf(ctx, row.Key.Product, row.Key.SKU)
		for _, r := range list {
			if r.ID == row.Record && r.OnHandQty != nil {
				return *r.OnHandQty, nil
			}
		}
		if err != nil {
			return 0, err
		}
	} else {
		for r, err := range m.run.env.Reader.Records().All(ctx) {
			if err != nil {
				return 0, err
			}
			if r.ID == row.Record && r.OnHandQty != nil {
				return *r.OnHandQty, nil
			}
		}
	}
	return 0, failure.New(failure.NotFound, "the record %s is no longer there", row.Record)
}
