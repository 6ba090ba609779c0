package settle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// Outcome is the outcome of a create.
type Outcome string

// The outcomes of a create.
const (
	Created Outcome = "created" // we created the record
	Already Outcome = "already" // the record already existed
	Refused Outcome = "refused" // it was certainly not created; Err says why
	Unknown Outcome = "unknown" // it was sent, but there is no reliable response
)

// Creation is the result of one create. Err is nil if the policy accepts the outcome.
// The record is nil if it is unknown.
type Creation struct {
	Outcome     Outcome
	Record      *api.Record
	Confirmed   bool         // the response was lost, but the record was read and is ours
	Differences []Difference // differences from the request
	Adjusted    int64        // the change to the quantity on hand by --if-exists set
	Err         error
}

// creating is the state of one create.
type creating struct {
	*Settler
	req       api.CreateRecord
	policy    Policy
	firstSent time.Time // local clock
	doubted   bool      // a response was lost
}

// Create sends a create until its outcome is known, at most three times. It sends
// the create again only if the last response was lost, which is safe because the API
// allows only one record per product, SKU and warehouse.
func (s *Settler) Create(ctx context.Context, req api.CreateRecord, policy Policy) Creation {
	sent := Sent{First: s.now()}
	for attempt := 1; ; attempt++ {
		made, settled := s.CreateStep(ctx, s.client, req, policy, sent)
		if settled {
			return made
		}
		sent.Doubted = true
		if !api.InDoubt(made.Err) || attempt == attempts || s.pause(ctx, attempt) != nil {
			return s.creating(req, policy, sent).lost(ctx, made.Err)
		}
	}
}

// creating returns the state of a create after earlier attempts.
func (s *Settler) creating(req api.CreateRecord, policy Policy, sent Sent) *creating {
	return &creating{Settler: s, req: req, policy: policy, firstSent: sent.First, doubted: sent.Doubted}
}

// heard handles one response. It returns false if the response was lost, or if it is
// a refusal after a lost response.
func (c *creating) heard(ctx context.Context, response api.Created, err error) (Creation, bool) {
	switch {
	case err == nil:
		return c.answered(ctx, response), true
	case duplicate(err):
		return c.exists(ctx, err), true
	case !c.doubted && unread(err):
		return c.perhapsExists(ctx, err), true
	case !api.InDoubt(err) && !c.doubted:
		return Creation{Outcome: Refused, Err: err}, true
	}
	return Creation{}, false
}

// answered handles a success. If the API returned an existing record instead of
// creating one, the policy applies. A record that differs from the request and is
// not known to be new cannot be trusted.
func (c *creating) answered(ctx context.Context, response api.Created) Creation {
	record, diffs := response.Record, Compare(c.req, response.Record)
	age := c.age(record)
	if !response.Fresh && age == older {
		return c.accept(ctx, record, diffs)
	}
	if len(diffs) == 0 || sameKey(diffs) && (response.Fresh || age == newer) {
		return Creation{Outcome: Created, Record: &record, Differences: diffs}
	}
	return c.unknown(&record, diffs, failure.New(failure.OutcomeUnknown, "the API returned a different record than requested: %s", Describe(diffs)))
}

// exists handles an "already exists" by reading the record and judging it.
func (c *creating) exists(ctx context.Context, said error) Creation {
	if c.doubted {
		return c.lost(ctx, said)
	}
	record, found, err := c.find(ctx)
	if err != nil {
		// The outcome is certain, since the API refused; only the details
		// are missing. With the other policies the result depends on them.
		if c.policy == Fail || c.policy == Skip {
			return c.refuseExisting(said, nil, nil)
		}
		return Creation{Outcome: Already, Err: fmt.Errorf("%w; reading the existing record: %w", said, err)}
	}
	if !found {
		return Creation{Outcome: Refused, Err: said}
	}
	return c.accept(ctx, record, Compare(c.req, record))
}

// perhapsExists handles a refusal without a readable reason. The usual reason is that
// the record already exists.
func (c *creating) perhapsExists(ctx context.Context, said error) Creation {
	record, found, err := c.find(ctx)
	if err != nil || !found {
		return Creation{Outcome: Refused, Err: said}
	}
	return c.accept(ctx, record, Compare(c.req, record))
}

// duplicate reports whether the API said that the record exists, either in its
// message or with a 409.
func duplicate(err error) bool {
	var e *api.Error
	return errors.As(err, &e) && !e.InDoubt && (e.Reason == api.ReasonDuplicate || e.Status == http.StatusConflict)
}

// unread reports whether the API refused without a reason that could be read.
func unread(err error) bool {
	var e *api.Error
	return errors.As(err, &e) && e.Unread
}

// lost settles a create whose last response was lost, or that was refused after a
// lost response, by the record that exists.
func (c *creating) lost(ctx context.Context, last error) Creation {
	made, exists := c.finish(ctx, last)
	if !exists {
		return c.unknown(nil, nil, last)
	}
	return made
}

// finish settles a create that will not be sent again by the record that exists. It
// returns false if there is none.
func (c *creating) finish(ctx context.Context, last error) (Creation, bool) {
	record, found, err := c.find(ctx)
	if err != nil {
		return c.unknown(nil, nil, fmt.Errorf("%w; reading the record: %w", last, err)), true
	}
	if !found {
		return Creation{Outcome: Refused, Err: last}, false
	}
	return c.judge(ctx, record, last), true
}

// judge decides whether an existing record is ours after a lost response.
func (c *creating) judge(ctx context.Context, record api.Record, last error) Creation {
	diffs, age := Compare(c.req, record), c.age(record)
	if age == older {
		return c.accept(ctx, record, diffs)
	}
	if len(diffs) == 0 || age == newer && onlyOnHand(diffs) {
		return Creation{Outcome: Created, Record: &record, Confirmed: true, Differences: diffs}
	}
	return c.unknown(&record, diffs, fmt.Errorf("%w; a record exists, but %s", last, Describe(diffs)))
}

// accept applies the policy to a record that already existed.
func (c *creating) accept(ctx context.Context, record api.Record, diffs []Difference) Creation {
	done := Creation{Outcome: Already, Record: &record, Differences: diffs}
	if c.policy == Set && c.doubted && len(diffs) > 0 {
		done.Err = c.conflict("already existed, and a response was lost, so on hand was not set").
			Hint("run the command again")
		return done
	}
	switch c.policy.Decide(c.req, record) {
	case ToSet:
		return c.setOnHand(ctx, done)
	case Exists:
		return c.refuseExisting(nil, &record, diffs)
	case Differs:
		done.Err = c.conflict("differs: %s", Describe(diffs)).
			Hint("`--if-exists set` sets it to the requested quantity, `--if-exists skip` accepts it unchanged")
	case Unknowable:
		done.Err = c.conflict("already exists, and the API does not report its quantity on hand, so it was not set")
	}
	return done
}

// refuseExisting ends a create with the policy fail, or with skip if the record
// cannot be read.
func (c *creating) refuseExisting(said error, record *api.Record, diffs []Difference) Creation {
	done := Creation{Outcome: Already, Record: record, Differences: diffs}
	if c.policy == Skip {
		return done
	}
	err := c.conflict("already exists%s", withOnHand(record))
	if said != nil {
		err = failure.New(failure.AlreadyExists, "%w", said)
	}
	done.Err = err.Hint("`--if-exists set` sets it to the requested quantity, `--if-exists skip` accepts it; see it with `stockctl inventory get %s`", failure.Arg(c.address()))
	return done
}

// setOnHand sets the quantity on hand to the requested one with an ADJUSTED movement.
func (c *creating) setOnHand(ctx context.Context, done Creation) Creation {
	have, want := done.Record.OnHandQty, c.req.InitialQty
	delta := *want - *have
	moved := c.Adjust(ctx, done.Record.ID, api.Adjustment{Qty: delta, Action: "ADJUSTED", Of: done.Record.Subject()})
	if moved.Err != nil {
		done.Err = fmt.Errorf("setting on hand of %s from %d to %d: %w", c.address(), *have, *want, moved.Err)
		if failure.KindOf(moved.Err) == failure.OutcomeUnknown {
			done.Outcome = Unknown
		}
		return done
	}
	done.Adjusted = delta
	response := api.Record{OnHandQty: want}
	if moved.Record != nil && moved.Record.OnHandQty != nil {
		response = *moved.Record
	}
	after := Updated(*done.Record, response)
	done.Record = &after
	done.Differences = Compare(c.req, *done.Record)
	return done
}

// Updated returns the record before a movement, updated with the movement's response.
// Responses omit fields that did not change.
func Updated(before, response api.Record) api.Record {
	for _, q := range []struct{ to, from **int64 }{
		{&before.OnHandQty, &response.OnHandQty}, {&before.ReservedQty, &response.ReservedQty},
	} {
		if *q.from != nil {
			*q.to = *q.from
		}
	}
	switch {
	case response.AvailableQty != nil:
		before.AvailableQty = response.AvailableQty
	case before.OnHandQty != nil && before.ReservedQty != nil:
		available := *before.OnHandQty - *before.ReservedQty
		before.AvailableQty = &available
	}
	if response.UpdatedAt != nil {
		before.UpdatedAt = response.UpdatedAt
	}
	if response.LastStockAdjusted != nil {
		before.LastStockAdjusted, before.LastAdjustedBy = response.LastStockAdjusted, response.LastAdjustedBy
	}
	if before.ProductID == "" {
		before.ProductID, before.SKUID = response.ProductID, response.SKUID
		before.WarehouseID, before.WarehouseName, before.Location = response.WarehouseID, response.WarehouseName, response.Location
	}
	return before
}

func (c *creating) unknown(record *api.Record, diffs []Difference, cause error) Creation {
	doubt := ", so it is not known whether it was created"
	if api.InDoubt(cause) {
		doubt = "" // the cause already says so
	}
	err := failure.New(failure.OutcomeUnknown, "creating %s: %w%s", c.address(), cause, doubt).
		Hint("check with `stockctl inventory get %s` before you send it again", failure.Arg(c.address()))
	return Creation{Outcome: Unknown, Record: record, Differences: diffs, Err: err}
}

func (c *creating) conflict(format string, args ...any) *failure.Error {
	return failure.New(failure.AlreadyExists, "the inventory record %s "+format, append([]any{c.address()}, args...)...)
}

// address identifies the record in messages and commands.
func (c *creating) address() string {
	return cmp.Or(c.req.Called, stock.Address{Product: c.req.ProductID, SKU: c.req.SKUID, Warehouse: c.req.WarehouseID}.String())
}

// withOnHand returns the quantity on hand for a message, if it is known.
func withOnHand(r *api.Record) string {
	if r == nil || r.OnHandQty == nil {
		return ""
	}
	return fmt.Sprintf(" with %d on hand", *r.OnHandQty)
}

// Describe formats differences for a message.
func Describe(diffs []Difference) string {
	parts := make([]string, len(diffs))
	for i, d := range diffs {
		parts[i] = d.String()
	}
	return strings.Join(parts, ", ")
}
