package bulk

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/failure"
)

// mover sends stock movements that carry a token. A row in doubt is sent again
// only when the log was found not to hold it.
type mover struct{ *engine }

// ready works out the difference that a row of set mode sends.
func (m mover) ready(row *Row) verdict {
	if m.plan.options.Mode == Adjust {
		return verdict{}
	}
	now, err := m.figure(row)
	if err != nil {
		return closed(journal.Rejected, err)
	}
	return setTo(row, now)
}

// figure is the on hand of a row's record: what was seen when the plan was made or,
// in a run that is resumed, what was read again.
func (m mover) figure(row *Row) (asked, error) {
	if m.plan.records == nil || m.plan.replay == nil {
		return asked{row.Record, row.Seen, true}, nil
	}
	now, found := m.plan.records.get(row.Key)
	switch {
	case !found || now.id != row.Record:
		return asked{}, failure.New(failure.NotFound, "the record %s is no longer there", row.Record)
	case !now.known:
		return asked{}, failure.New(failure.Refused, "the API does not tell the on hand of record %s any more", row.Record)
	}
	return now, nil
}

// setTo makes the movement that brings a record to the wanted quantity.
func setTo(row *Row, now asked) verdict {
	row.Change = api.Adjustment{Qty: row.Want - now.onHand, Action: api.ActionAdjusted}
	if row.Change.Qty == 0 {
		return closed(journal.Already, nil)
	}
	return verdict{}
}

func (m mover) send(ctx context.Context, row *Row) verdict {
	change := row.Change
	change.Reference, change.Notes = carried(row.Token, change)
	record, err := m.plan.env.Writer.Adjust(ctx, row.Record, change)
	if err == nil {
		m.doubts.proof(row)
		return m.applied(row, record)
	}
	v := judgeError(err, m.anyApplied())
	if v.what == ended && (row.sends > 0 || row.prior > 0) {
		// It was sent before: "not enough stock" may be our own success.
		return verdict{what: doubted, err: err}
	}
	return v
}

func (m mover) applied(row *Row, record api.Record) verdict {
	v := closed(journal.Applied, nil)
	if m.plan.options.Mode == Set && record.OnHandQty != nil && *record.OnHandQty != row.Want {
		v.code = "drifted"
		v.message = fmt.Sprintf("on hand is %d now, not %d: stock was moved meanwhile", *record.OnHandQty, row.Want)
		m.mu.Lock()
		m.drifted++
		m.mu.Unlock()
	}
	return v
}

func (m mover) doubt(row *Row) { m.doubts.add(row) }

// resend sends a row again that is known not to be applied. In set mode its
// difference is worked out anew.
func (m mover) resend(ctx context.Context, row *Row) {
	row.doubted = false
	if m.plan.options.Mode == Set {
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

// reread reads the record of a row as it is now.
func (m mover) reread(ctx context.Context, row *Row) (asked, error) {
	if row.Key.Record == "" {
		list, err := m.plan.env.Reader.RecordsOf(ctx, row.Key.Product, row.Key.SKU)
		for _, r := range list {
			if r.ID == row.Record && r.OnHandQty != nil {
				return answerOf(r), nil
			}
		}
		if err != nil {
			return asked{}, err
		}
	} else {
		for r, err := range m.plan.env.Reader.Records().All(ctx) {
			if err != nil {
				return asked{}, err
			}
			if r.ID == row.Record && r.OnHandQty != nil {
				return answerOf(r), nil
			}
		}
	}
	return asked{}, failure.New(failure.NotFound, "the record %s is no longer there", row.Record)
}
