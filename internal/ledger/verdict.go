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

// verdict is the result of one attempt to send a row.
type verdict struct {
	what string // one of the constants below
	Outcome
	err error // why to stop, or the last obstacle
}

const (
	ended   = "ended"   // the row has a state
	retry   = "retry"   // nothing happened: it may be sent again immediately
	doubted = "doubted" // it may have been applied
	stopped = "stopped" // nothing happened, and no other row would succeed either
)

// closed returns a verdict that ends a row.
func closed(state journal.State, err error) verdict {
	v := verdict{what: ended, Outcome: Outcome{State: state}, err: err}
	if err != nil {
		v.Code, v.Message = codeOf(err), err.Error()
	}
	return v
}

// codeOf returns a stable code for the refusal of a row: the API's code, the reason
// that its message indicates, or the kind of failure.
func codeOf(err error) string {
	code := string(failure.KindOf(err))
	var e *api.Error
	if errors.As(err, &e) {
		return cmp.Or(e.Code, string(e.Reason), code)
	}
	return code
}

// judgeError returns the verdict on the error of a row that was not sent before.
func judgeError(err error, anyApplied bool) verdict { return judgeMovement(err, anyApplied, false) }

// judgeMovement returns the verdict on the error of a row. If permission is denied
// before any row was applied, no other row would succeed either.
func judgeMovement(err error, anyApplied, sentBefore bool) verdict {
	if failure.KindOf(err) == failure.Permission && !anyApplied {
		return verdict{what: stopped, err: err}
	}
	switch settle.MeaningOf(err, sentBefore) {
	case settle.MeansInDoubt:
		return verdict{what: doubted, err: err}
	case settle.MeansNothing:
		return verdict{what: retry, err: err}
	case settle.MeansStop:
		return verdict{what: stopped, err: err}
	}
	return closed(journal.Rejected, err)
}

// answerOf returns what an error says about the health of the API, and how long the API
// asks clients to wait.
func answerOf(err error) (pace.Answer, time.Duration) {
	var e *api.Error
	if !errors.As(err, &e) {
		return pace.Good, 0
	}
	return e.Pace(), e.RetryAfter
}
