package ledger

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
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
	var e *api.Error
	if errors.As(err, &e) {
		switch {
		case e.Code != "":
			return e.Code
		case e.Reason != api.ReasonNone:
			return string(e.Reason)
		}
	}
	return string(failure.KindOf(err))
}

// judgeError says what an error of a write means for its row.
func judgeError(err error, anyApplied bool) verdict {
	if api.InDoubt(err) {
		return verdict{what: doubted, err: err}
	}
	var e *api.Error
	switch failure.KindOf(err) {
	case failure.Unavailable:
		if errors.As(err, &e) && !e.Retryable() {
			return verdict{what: stopped, err: err}
		}
		return verdict{what: again, err: err}
	case failure.Auth, failure.Config, failure.Interrupted, failure.Terminated:
		return verdict{what: stopped, err: err}
	case failure.Permission:
		if !anyApplied {
			return verdict{what: stopped, err: err}
		}
	}
	return closed(journal.Rejected, err)
}

// trouble tells what an error says of the API's health: whether it is one,
// whether fewer requests may help, and how long the API asks to wait.
func trouble(err error) (bad, busy bool, wait time.Duration) {
	var e *api.Error
	if !errors.As(err, &e) {
		return false, false, 0
	}
	late := errors.Is(err, context.DeadlineExceeded)
	switch {
	case e.Status == http.StatusTooManyRequests, e.Status == http.StatusServiceUnavailable, e.Status == 0 && late:
		return true, true, e.RetryAfter
	case e.Status == 0, e.Status >= 500, e.Status == http.StatusRequestTimeout:
		return true, false, e.RetryAfter
	}
	return false, false, 0
}
