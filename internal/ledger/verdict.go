package ledger

import (
	"cmp"
	"errors"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/pace"
	"github.com/bayworks/stockctl/internal/settle"
)

// verdict is what one sending of a row came to.
type verdict struct {
	what string // one of the words below
	Outcome
	err error // what to stop with, or what stood in the way
}

const (
	ended   = "ended"   // the row has come to a state
	again   = "again"   // nothing happened: it may be sent again at once
	doubted = "doubted" // it may have been applied
	stopped = "stopped" // nothing happened, and no other row would fare better
)

// closed is a verdict that ends a row.
func closed(state journal.State, err error) verdict {
	v := verdict{what: ended, Outcome: Outcome{State: state}, err: err}
	if err != nil {
		v.Code, v.Message = codeOf(err), err.Error()
	}
	return v
}

// codeOf is a stable word for why a row was refused: the API's own code, or the
// reason that its message means, or the kind of failure.
func codeOf(err error) string {
	code := string(failure.KindOf(err))
	var e *api.Error
	if errors.As(err, &e) {
		return cmp.Or(e.Code, string(e.Reason), code)
	}
	return code
}

// judgeError says what an error of a write means for a row that was not sent
// before.
func judgeError(err error, anyApplied bool) verdict { return judgeMovement(err, anyApplied, false) }

// judgeMovement says what an error of a write means for its row. Without any
// permission no row fares better than the first.
func judgeMovement(err error, anyApplied, sentBefore bool) verdict {
	if failure.KindOf(err) == failure.Permission && !anyApplied {
		return verdict{what: stopped, err: err}
	}
	switch settle.Hear(err, sentBefore) {
	case settle.MeansInDoubt:
		return verdict{what: doubted, err: err}
	case settle.MeansNothing:
		return verdict{what: again, err: err}
	case settle.MeansStop:
		return verdict{what: stopped, err: err}
	}
	return closed(journal.Rejected, err)
}

// answerOf is what an error says of the API's health, and how long the API asks to
// wait.
func answerOf(err error) (pace.Answer, time.Duration) {
	var e *api.Error
	if !errors.As(err, &e) {
		return pace.Good, 0
	}
	return e.Pace(), e.RetryAfter
}
