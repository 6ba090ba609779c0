package ledger

import (
	"fmt"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// IfMoved says what to do with a row in set mode if the stock of its record has moved
// since the file was made.
type IfMoved string

// The values of --if-moved.
const (
	MovedFail  IfMoved = "fail"  // report a conflict
	MovedDelta IfMoved = "delta" // send the difference between the file's two quantities
	MovedApply IfMoved = "apply" // set the wanted quantity regardless
)

// Difference returns the movement that brings a record from its on hand quantity to the
// wanted one, or the outcome of a row that needs no request.
func (w *Write) Difference(onHand int64, moved IfMoved) (qty int64, decided *Outcome) {
	qty = w.Want - onHand
	if qty == 0 {
		return 0, &Outcome{State: journal.Already}
	}
	if !w.HasBaseline || moved == MovedApply {
		return qty, nil
	}
	if w.Want == w.Baseline {
		return 0, &Outcome{State: journal.Already, Code: failure.CodeUnchanged, Message: fmt.Sprintf("the file leaves it at %d, and on hand is now %d", w.Want, onHand)}
	}
	if onHand == w.Baseline {
		return qty, nil
	}
	if moved == MovedDelta {
		return w.Want - w.Baseline, nil
	}
	return 0, &Outcome{
		State: journal.Conflict, Code: failure.CodeMoved,
		Message: fmt.Sprintf(
			"on hand is %d; it was %d when the file was written, which asks for %d (--if-moved delta sends the difference %+d, --if-moved apply sets it to %d)",
			onHand, w.Baseline, w.Want, w.Want-w.Baseline, w.Want,
		),
	}
}

// Difference is Write.Difference with the options of the run. In a saved plan, a record that
// has moved since the check is a conflict: only what was reviewed is sent.
func (o Options) Difference(w *Write, onHand int64) (qty int64, decided *Outcome) {
	if !o.Reviewed || onHand == w.Seen || onHand == w.Want {
		return w.Difference(onHand, o.IfMoved)
	}
	return 0, &Outcome{
		State: journal.Conflict, Code: failure.CodeMoved,
		Message: fmt.Sprintf("on hand is %d; it was %d when the plan was saved, which asks for %d", onHand, w.Seen, w.Want),
	}
}
