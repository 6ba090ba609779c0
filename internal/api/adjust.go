package api

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/failure"
)

// The actions of a stock movement. The last two come from reserve and release and are
// not allowed in an adjustment.
const (
	ActionReceived       = "RECEIVED"
	ActionSold           = "SOLD"
	ActionAdjusted       = "ADJUSTED"
	ActionDamaged        = "DAMAGED"
	ActionReturned       = "RETURNED"
	ActionTransferredIn  = "TRANSFERRED_IN"
	ActionTransferredOut = "TRANSFERRED_OUT"
	ActionReserved       = "RESERVED"
	ActionReleased       = "RELEASED"
)

// Actions returns the actions of an adjustment, in the order of the API's
// documentation.
func Actions() []string {
	return []string{
		ActionReceived, ActionSold, ActionAdjusted, ActionDamaged, ActionReturned,
		ActionTransferredIn, ActionTransferredOut,
	}
}

// Adjustment is the body of PATCH /v1/inventory/{id}/adjust.
type Adjustment struct {
	Qty       int64  `json:"qty"` // signed, not 0
	Action    string `json:"action"`
	Reference string `json:"reference,omitempty"`
	Notes     string `json:"notes,omitempty"`

	Of Subject `json:"-"` // what is known about the record; a response about another one is in doubt
}

// Validate returns every mistake in the adjustment.
func (a Adjustment) Validate() []failure.Problem {
	var found problems
	switch {
	case a.Qty == 0:
		found.say("qty", "0", "must not be 0")
	case a.Qty < math.MinInt32 || a.Qty > math.MaxInt32:
		found.say("qty", strconv.FormatInt(a.Qty, 10), fmt.Sprintf("must be between %d and %d", math.MinInt32, math.MaxInt32))
	}
	found.add(checkAction(a.Action))
	found.add(checkLine("reference", a.Reference))
	found.add(checkNotes(a.Notes))
	return found
}

func checkAction(action string) *failure.Problem {
	say := func(what string) *failure.Problem {
		return &failure.Problem{Field: "action", Value: action, What: what}
	}
	switch {
	case action == "":
		return say("is required")
	case action == ActionReserved:
		return say("is not an adjustment: use reserve")
	case action == ActionReleased:
		return say("is not an adjustment: use release")
	case !slices.Contains(Actions(), action):
		return say("must be " + failure.OneOf(Actions()))
	}
	return nil
}

// checkNotes is checkLine for texts that may have several lines.
func checkNotes(notes string) *failure.Problem {
	lines := strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(notes)
	p := checkLine("notes", lines)
	if p == nil && utf8.RuneCountInString(notes) > MaxText {
		p = &failure.Problem{Field: "notes", What: fmt.Sprintf("is longer than %d characters", MaxText)}
	}
	if p != nil {
		p.Value = notes
	}
	return p
}

// Reservation is the body of PATCH /v1/inventory/{id}/reserve and …/release.
type Reservation struct {
	Qty       int64  `json:"qty"` // more than 0
	Reference string `json:"reference,omitempty"`
	Notes     string `json:"notes,omitempty"`

	Of Subject `json:"-"` // as in Adjustment
}

// Validate returns every mistake in the reservation.
func (r Reservation) Validate() []failure.Problem {
	var found problems
	if r.Qty <= 0 {
		found.say("qty", strconv.FormatInt(r.Qty, 10), "must be 1 or more")
	} else {
		found.add(checkStock("qty", &r.Qty))
	}
	found.add(checkLine("reference", r.Reference))
	found.add(checkNotes(r.Notes))
	return found
}

// Adjust adds to or takes from the stock on hand: PATCH
// /v1/inventory/{id}/adjust.
func (c *Client) Adjust(ctx context.Context, recordID string, a Adjustment) (Record, error) {
	return c.change(ctx, recordID, "adjust", a, a.Of)
}

// Reserve sets available stock aside: PATCH /v1/inventory/{id}/reserve. The
// response has only the id and the quantities.
func (c *Client) Reserve(ctx context.Context, recordID string, r Reservation) (Record, error) {
	return c.change(ctx, recordID, "reserve", r, r.Of)
}

// Release undoes a reservation: PATCH /v1/inventory/{id}/release. The response has only
// the id and the quantities.
func (c *Client) Release(ctx context.Context, recordID string, r Reservation) (Record, error) {
	return c.change(ctx, recordID, "release", r, r.Of)
}

func (c *Client) change(ctx context.Context, recordID, verb string, body any, of Subject) (Record, error) {
	path, err := pathOf("v1", "inventory", recordID, verb)
	if err != nil {
		return Record{}, err
	}
	r, _, err := write(ctx, c, "PATCH", path, body, func(r Record) error { return of.differs(recordID, r) })
	return r, err
}
