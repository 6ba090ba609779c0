package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

// Error is what became of a call that did not succeed. It is a fact; advice is
// the caller's to add.
type Error struct {
	Op      string // "POST /v1/inventory": no query, ids escaped
	Status  int    // of the HTTP answer; 0 when there was none
	Code    string // the API's own, such as SOME_CODE
	Message string // the API's own, cleaned and cut to 300 characters
	Reason  Reason // what the message means, where it is a known one

	// InDoubt: a write that may have been applied. It was sent, and no answer
	// came that can be trusted. Never set for a read, or where no connection
	// was made, or under 429.
	InDoubt bool

	// Unread: a refusal whose reason did not arrive, where the body would have
	// told it.
	Unread bool

	RetryAfter time.Duration // how long the API asked to wait; 0: it did not
	Err        error         // the cause, where it is not the API's refusal

	stranger bool // something else than the API has answered, or may have

	said int // the status that the body states, where it is another one
}

// Error returns one sentence: the cause, then the API's own message and status. A
// message that says the cause itself stands alone.
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
	if e.Message != "" && !said {
		b.WriteString(": ")
	}
	if e.Message != "" {
		fmt.Fprintf(&b, "the API says %q", strings.TrimRight(e.Message, ". "))
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

// Answered reports whether an error came from a call to the API, and not from what
// was made of a good response: an unknown name is the user's mistake, a list that
// was refused is not.
func Answered(err error) bool {
	var e *Error
	return errors.As(err, &e)
}

// InDoubt tells whether the write behind err may have been applied.
func InDoubt(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.InDoubt
}

// NotApplied returns the error of a call as it reads once it is known that
// nothing was done: one that was in doubt no longer says so.
func NotApplied(err error) error {
	var e *Error
	if !errors.As(err, &e) || !e.InDoubt {
		return err
	}
	settled := *e
	settled.InDoubt = false
	return &settled
}

// cause is the first half of the sentence.
func (e *Error) cause() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	switch e.Reason {
	case ReasonDuplicate:
		return "the record exists already"
	case ReasonWarehouseNotFound:
		return "no such warehouse"
	case ReasonWarehouseCodeTaken:
		return "the warehouse code is taken"
	case ReasonNegativeStock:
		return "not enough stock on hand"
	case ReasonNotEnoughAvailable:
		return "not enough stock available"
	case ReasonInvalidAction:
		return "the API does not take the action"
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
		return "permission is missing"
	case s == 404 && e.stranger:
		return "not found, and the answer does not say what, so the base URL may be wrong"
	case s == 404:
		return "not found"
	case s == 429:
		return "the API is busy"
	case s == 408 || s >= 500:
		return "the API failed"
	}
	return "the API refused"
}

// Stranger tells that something else than the API has answered, or may have: a
// proxy or a firewall that refuses, or a server that knows nothing of the API. It
// is false of answers that only failed.
func (e *Error) Stranger() bool { return e.stranger }

// status is the HTTP status or, under those that leave it to the body, what the
// body states.
func (e *Error) status() int {
	if e.said >= 400 && bodyDecides(e.Status) {
		return e.said
	}
	return e.Status
}

// bodyDecides tells of the statuses under which the API sends any refusal.
func bodyDecides(status int) bool {
	switch status {
	case 400, 404, 409, 422:
		return true
	}
	return status >= 200 && status < 300
}

// Obstacle tells what on the way to the API has to be changed before the call
// can succeed.
func (e *Error) Obstacle() way.Obstacle {
	if e.InDoubt || e.Err == nil {
		return way.ObstacleNone
	}
	return way.ObstacleOf(e.Err)
}

// FailureKind returns the kind that decides the exit code.
func (e *Error) FailureKind() failure.Kind {
	var wrong wrongAnswer
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

// Retryable tells whether the same call may succeed later and is safe to make
// again: nothing was done, and what stood in the way may pass.
func (e *Error) Retryable() bool { return e.FailureKind() == failure.Unavailable }

// wrongAnswer says what is wrong with an answer that is readable JSON but not
// what the API documents.
type wrongAnswer string

func (w wrongAnswer) Error() string { return "the API's answer " + string(w) }

// ErrShort is behind the error of a list that states more rows than its pages
// hold. Whoever can use a part reads on; everybody else fails.
var ErrShort = errors.New("the list is shorter than it states")

// shortAnswer is the wrong answer of such a list.
type shortAnswer struct{ wrongAnswer }

func (s *shortAnswer) Unwrap() error { return s.wrongAnswer }

// Is tells of ErrShort.
func (s *shortAnswer) Is(target error) bool { return target == ErrShort }

// explained is a sentence about a cause that stays reachable behind it.
type explained struct {
	text string
	err  error
}

func (t *explained) Error() string { return t.text }
func (t *explained) Unwrap() error { return t.err }
