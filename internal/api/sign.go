package api

import (
	"fmt"
	"strconv"

	"github.com/bayworks/stockctl/internal/failure"
)

// Sign is what to do where the sign of a quantity and the action speak against
// each other. To the API the two have nothing to do with each other: it would take
// "5 SOLD" as five more on hand.
type Sign string

// What a caller may say of the signs.
const (
	SignAgrees Sign = ""         // a contradiction is a mistake
	SignAbsent Sign = "unsigned" // quantities carry no sign: the action decides
	SignAny    Sign = "any"      // it is sent as it stands
)

// Direction returns which way an action moves what is on hand: 1 adds, -1 takes
// away, 0 is either.
func Direction(action string) int64 {
	switch action {
	case ActionReceived, ActionReturned, ActionTransferredIn:
		return 1
	case ActionSold, ActionDamaged, ActionTransferredOut:
		return -1
	}
	return 0
}

// Signed gives the quantity the sign that the action has, where it is to carry
// none, and returns what is wrong with the sign. Of an action that is none it says
// nothing: Validate does.
func (a *Adjustment) Signed(by Sign) *failure.Problem {
	way := Direction(a.Action)
	wrong := func(format string, args ...any) *failure.Problem {
		return &failure.Problem{Field: "qty", Value: strconv.FormatInt(a.Qty, 10), What: fmt.Sprintf(format, args...)}
	}
	switch {
	case by == SignAny, a.Qty == 0:
	case by == SignAbsent && a.Qty < 0:
		return wrong("must have no sign: --unsigned leaves it to the action")
	case by == SignAbsent && a.Action == ActionAdjusted:
		return wrong("does not tell which way: %s does either, so --unsigned does not go with it", a.Action)
	case by == SignAbsent && way != 0:
		a.Qty *= way
	case way*a.Qty < 0:
		verb := map[int64]string{1: "adds", -1: "takes away"}[way]
		return wrong("contradicts %s, which %s: write %d, or use --unsigned if quantities have no sign; --any-sign sends it unchanged", a.Action, verb, -a.Qty)
	}
	return nil
}
