package ledger

import (
	"fmt"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// IfMoved is what happens to a row of set mode whose record has moved since its
// file was made.
type IfMoved string

// The values of --if-moved.
const (
	MovedFail  IfMoved = "fail"  // it is a conflict
	MovedDelta IfMoved = "delta" // the difference between the file's two figures is sent
	MovedApply IfMoved = "apply" // the wanted figure counts, whatever happened
)

// Figure decides what brings the record of a row from its on hand to the wanted
// figure: the difference to send, or what became of the row without a request.
func (w *Write) Figure(onHand int64, moved IfMoved) (qty int64, decided *Outcome) {
	qty = w.Want - onHand
	if qty == 0 {
		return 0, &Outcome{State: journal.Already}
	}
	if !w.HasBaseline || moved == MovedApply {
		return qty, nil
	}
	if w.Want == w.Baseline {
		return 0, &Outcome{State: journal.Already, Code: failure.CodeUnchanged, Message: fmt.Sprintf("the file leaves it at %d, and on hand is %d by now", w.Want, onHand)}
	}
	if onHand == w.Baseline {
		return qty, nil
	}
	if moved == MovedDelta {
		return w.Want - w.Baseline, nil
	}
	return 0, &Outcome{
		State: journal.Conflict, Code: failure.CodeMoved,
		Message: fmt.Sprintf("on hand is %d; it was %d when the file was written, which asks for %d (--if-moved delta sends the difference %+d, --if-moved apply sets it to %d)", onHand, w.Baseline, w.Want, w.Want-w.Baseline, w.Want),
	}
}

// Figure is that of the write. In a plan that was saved, a record that has moved since
// the check is a conflict: what was reviewed is what is sent.
func (o Options) Figure(w *Write, onHand int64) (qty int64, decided *Outcome) {
	if !o.Reviewed || onHand == w.Seen || onHand == w.Want {
		return w.Figure(onHand, o.IfMoved)
	}
	return 0, &Outcome{
		State: journal.Conflict, Code: failure.CodeMoved,
		Message: fmt.Sprintf("on hand is %d; it was %d when the plan was saved, which asks for %d", onHand, w.Seen, w.Want),
	}
}
