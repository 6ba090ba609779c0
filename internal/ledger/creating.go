package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// creator creates a record for each row. The API keeps one record per product, SKU and
// warehouse, so a row in doubt is sent again immediately: the response then shows
// whether the record exists.
type creator struct {
	rows    rows
	settler *settle.Settler // uses the client that may wait
	writer  *api.Client
	policy  settle.Policy
	sending context.Context // when done, requests in flight are cancelled
}

func (c *creator) prepare(*pending) verdict { return verdict{} }

func (c *creator) send(ctx context.Context, row *pending) verdict {
	made, settled := c.settler.CreateStep(ctx, c.writer, row.Create, c.policy, row.sent())
	row.Made = &made
	if !settled {
		return judgeError(made.Err, c.rows.anyApplied())
	}
	if made.Err == nil || made.Record != nil {
		return c.judge(made)
	}
	if made.Outcome == settle.Unknown {
		return verdict{what: doubted, err: made.Err}
	}
	if made.Outcome == settle.Already && c.policy != settle.Fail && row.unread < maxSends {
		row.unread++ // it exists but could not be read, so the policy cannot decide yet
		return verdict{what: retry, err: made.Err}
	}
	return c.judge(made)
}

// judge returns the verdict on the result of a create.
func (c *creator) judge(made settle.Creation) verdict {
	switch made.Outcome {
	case settle.Created:
		v := closed(journal.Applied, nil)
		if made.Confirmed {
			v.State = journal.Confirmed
		}
		if len(made.Differences) > 0 {
			v.Message = "it exists, but " + settle.Describe(made.Differences)
		}
		return v
	case settle.Already:
		return c.judgeExisting(made)
	case settle.Refused:
		return judgeError(made.Err, c.rows.anyApplied())
	}
	return closed(journal.Held, made.Err)
}

// judgeExisting returns the verdict on a record that existed before.
func (c *creator) judgeExisting(made settle.Creation) verdict {
	if made.Err == nil && made.Adjusted == 0 {
		return closed(journal.Already, nil)
	}
	if made.Err == nil {
		v := closed(journal.Applied, nil)
		v.Code, v.Message = failure.CodeSet, fmt.Sprintf("it existed: on hand was changed by %+d", made.Adjusted)
		return v
	}
	if failure.KindOf(made.Err) != failure.AlreadyExists {
		return judgeError(made.Err, c.rows.anyApplied())
	}
	if c.policy != settle.Fail && len(made.Differences) > 0 {
		return closed(journal.Conflict, made.Err)
	}
	return closed(journal.Rejected, made.Err)
}

func (c *creator) resolve(row *pending) {
	if row.sends < maxSends {
		c.rows.sendAgain(row)
		return
	}
	// The last request may still arrive for as long as a request may take.
	if await.Sleep(c.sending, time.Until(row.doubtAt.Add(c.writer.Timeout()))) != nil {
		c.rows.leave(row)
		return
	}
	made, exists := c.settler.FinishCreate(c.sending, row.Create, c.policy, row.sent(), row.last)
	row.Made = &made
	switch {
	case exists:
		c.rows.carryOut(row, c.judge(made))
	case c.sending.Err() != nil:
		c.rows.leave(row)
	default:
		c.rows.end(row, unavailable(row))
	}
}

// unavailable returns the verdict on a row that is known not to be applied.
func unavailable(row *pending) verdict {
	return verdict{what: ended, Outcome: Outcome{
		journal.Rejected, string(failure.Unavailable),
		fmt.Sprintf("sent %s and not applied: %v", failure.Count(row.sends, "time", "times"), api.NotApplied(row.last)),
	}}
}
