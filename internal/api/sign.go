package api

import (
	"fmt"
	"strconv"

	"github.com/bayworks/stockctl/internal/failure"
)

// Sign is what to do if the sign of a quantity contradicts the action. The API does
// not compare the two: it would accept "5 SOLD" and add five to the stock on hand.
type Sign string

// The ways to treat signs.
const (
	SignAgrees Sign = ""         // a contradiction is a mistake
	SignAbsent Sign = "unsigned" // quantities have no sign: the action decides
	SignAny    Sign = "any"      // quantities are sent unchanged
)

// Direction returns how an action changes the stock on hand: 1 adds stock, -1 removes it,
// 0 may do either.
func Direction(action string) int64 {
	switch action {
	case ActionReceived, ActionReturned, ActionTransferredIn:
		return 1
	case ActionSold, ActionDamaged, ActionTransferredOut:
		return -1
	}
	return 0
}

// Signed returns what is wrong with the sign of the quantity, or nil. With SignAbsent
// it sets the sign that the action implies. It does not report an unknown action:
// Validate does.
func (a *Adjustment) Signed(by Sign) *failure.Problem {
	way := Direction(a.Action)
	wrong := func(format string, args ...any) *failure.Problem {
		return &failure.Problem{Field: "qty", Value: strconv.FormatInt(a.Qty, 10), What: fmt.Sprintf(format, args...)}
	}
	switch {
	case by == SignAny, a.Qty == 0:
	case by == SignAbsent && a.Qty < 0:
		return wrong("must have no sign: with --unsigned, the action decides")
	case by == SignAbsent && a.Action == ActionAdjusted:
		return wrong("needs a sign: %s may add or remove stock, so --unsigned does not apply to it", a.Action)
	case by == SignAbsent && way != 0:
		a.Qty *= way
	case way*a.Qty < 0:
		verb := map[int64]string{1: "adds stock", -1: "removes stock"}[way]
		return wrong("contradicts %s, which %s: write %d, or use --unsigned if quantities have no sign; --any-sign sends it unchanged", a.Action, verb, -a.Qty)
	}
	return nil
}
