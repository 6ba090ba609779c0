package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

// Error describes a call that failed. It states facts only: callers add advice.
type Error struct {
	Op      string // "POST /v1/inventory": no query, ids escaped
	Status  int    // of the HTTP response; 0 if there was none
	Code    string // the API's code, such as SOME_CODE
	Message string // the API's message, cleaned and cut to 300 characters
	Reason  Reason // the meaning of the message, if it is known

	// InDoubt means that a write may have been applied: it was sent, and no
	// trustworthy response came. It is never set for a read, without a connection,
	// or for a 429.
	InDoubt bool

	// Unread means that the API refused but the reason did not arrive, because it
	// would have been in the body.
	Unread bool

	RetryAfter time.Duration // how long the API asked to wait; 0: it did not
	Err        error         // the cause, if it is not a refusal of the API

	stranger bool // something other than the API responded, or may have

	said int // the status that the body states, if it differs
}

// Error returns one sentence: the cause, then the API's own message and status. If the
// message contains the cause, the cause is left out.
func (e *Error) Error() string {
	var b strings.Builder
	cause := e.cause()
	if e.InDoubt {
		cause += ", so it is not known whether the change was made"
	}
	said := strings.Contains(strings.ToLower(e.Message), cause)
	if !said {
		b.WriteString(cause)
	}
	if message := strings.TrimRight(e.Message, ". "); e.Message != "" {
		switch {
		case said:
			fmt.Fprintf(&b, "the API says %q", message)
		case cause == refused || cause == failed || cause == busy || cause == noAction: // the sentence is already about the API
			fmt.Fprintf(&b, ": %q", message)
		default:
			fmt.Fprintf(&b, ": the API says %q", message)
		}
	}
	switch {
	case e.Status == 0 && e.Code != "":
		fmt.Fprintf(&b, " (%s)", e.Code)
	case e.Status != 0 && e.Code != "":
		fmt.Fprintf(&b, " (%d %s)", e.Status, e.Code)
	case e.Status != 0:
		fmt.Fprintf(&b, " (%d)", e.Status)
	}
	return b.String()
}

// Answered reports whether an error came from a call to the API. It is false for errors
// found in a good response: an unknown name is the user's mistake, but a refused list
// is not.
func Answered(err error) bool {
	var e *Error
	return errors.As(err, &e)
}

// InDoubt reports whether err is from a write that may have been applied.
func InDoubt(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.InDoubt
}

// NotApplied returns the error of a call that is now known not to have been applied:
// it is no longer in doubt.
func NotApplied(err error) error {
	var e *Error
	if !errors.As(err, &e) || !e.InDoubt {
		return err
	}
	settled := *e
	settled.InDoubt = false
	return &settled
}

// The causes that the API's own message follows directly.
const (
	busy     = "the API is busy"
	failed   = "the API failed"
	refused  = "the API refused the request"
	noAction = "the API does not accept the action"
)

// cause returns the first half of the sentence.
func (e *Error) cause() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	switch e.Reason {
	case ReasonDuplicate:
		return "the record already exists"
	case ReasonWarehouseNotFound:
		return "no such warehouse"
	case ReasonWarehouseCodeTaken:
		return "the warehouse code is taken"
	case ReasonNegativeStock:
		return "not enough stock on hand"
	case ReasonNotEnoughAvailable:
		return "not enough stock available"
	case ReasonInvalidAction:
		return noAction
	case ReasonUnauthenticated:
		return "not signed in"
	case ReasonBadCredentials:
		return "wrong email or password"
	case ReasonNoRoute:
		return "the API has no " + e.Op + ", so the base URL may be wrong"
	}
	switch s := e.status(); {
	case s == 401:
		return "the API did not accept the token or the key"
	case s == 403:
		return "permission denied"
	case s == 404 && e.stranger:
		return "not found, and the response does not say what, so the base URL may be wrong"
	case s == 404:
		return "not found"
	case s == 429:
		return busy
	case s == 408 || s >= 500:
		return failed
	}
	return refused
}

// Stranger reports whether something other than the API responded, or may have: a proxy
// or a firewall that refused, or a server that does not have the API. It is false for
// responses that only failed.
func (e *Error) Stranger() bool { return e.stranger }

// status returns the HTTP status, or the status in the body if bodyDecides.
func (e *Error) status() int {
	if e.said >= 400 && bodyDecides(e.Status) {
		return e.said
	}
	return e.Status
}

// bodyDecides reports whether the API uses a status for refusals of any kind, so that
// only the body says which.
func bodyDecides(status int) bool {
	switch status {
	case 400, 404, 409, 422:
		return true
	}
	return status >= 200 && status < 300
}

// Obstacle returns what must be changed on the way to the API before the call can
// succeed.
func (e *Error) Obstacle() way.Obstacle {
	if e.InDoubt || e.Err == nil {
		return way.ObstacleNone
	}
	return way.ObstacleOf(e.Err)
}

// FailureKind returns the kind that decides the exit code.
func (e *Error) FailureKind() failure.Kind {
	var wrong lenient.Wrong
	status := e.status()
	switch {
	case e.InDoubt:
		return failure.OutcomeUnknown
	case errors.Is(e.Err, context.Canceled):
		return failure.Interrupted
	case errors.As(e.Err, &wrong):
		return failure.Unexpected
	case e.Status >= 300 && e.Status < 400, e.Obstacle() != way.ObstacleNone:
		return failure.Config
	case e.Reason == ReasonUnauthenticated && e.Status < 500, status == 401:
		return failure.Auth
	case e.Reason == ReasonBadCredentials && e.Status < 500 && e.Status != 429:
		return failure.Auth
	case status == 403:
		return failure.Permission
	case status == 0, status == 408, status == 429, status >= 500, bodyDecides(e.Status) && e.Err != nil:
		return failure.Unavailable
	}
	switch e.Reason {
	case ReasonDuplicate, ReasonWarehouseCodeTaken:
		return failure.AlreadyExists
	case ReasonNoRoute:
		return failure.Config
	case ReasonWarehouseNotFound:
		return failure.NotFound
	}
	if status == 404 && e.Reason == ReasonNone {
		return failure.NotFound
	}
	return failure.Refused
}

// Unwrap returns the cause, if there is one.
func (e *Error) Unwrap() error { return e.Err }

// Retryable reports whether the same call may succeed later and is safe to repeat:
// nothing was done, and the cause may be temporary.
func (e *Error) Retryable() bool { return e.FailureKind() == failure.Unavailable }

// explained is a sentence about an error, which it wraps.
type explained struct {
	text string
	err  error
}

func (t *explained) Error() string { return t.text }
func (t *explained) Unwrap() error { return t.err }
