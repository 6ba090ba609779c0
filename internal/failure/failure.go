// Package failure defines the kinds of failure, so that layers agree on the exit
// code without matching error texts. It prints nothing and imports no other layer;
// every package may import it.
package failure

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kind is the stable name of a kind of failure. `-o json` prints it as `kind`, and
// it determines the exit code.
type Kind string

// The kinds, in the order of their exit codes.
const (
	Unexpected     Kind = "unexpected"        // a failure that has no other kind
	Usage          Kind = "usage"             // a wrong command line or file; nothing was sent
	Config         Kind = "configuration"     // a setting is missing or wrong
	Auth           Kind = "not_signed_in"     // no token, or the API did not accept it
	Permission     Kind = "permission_denied" // the account is not allowed to do this
	NotFound       Kind = "not_found"         // no such record, item, warehouse, run or name
	Refused        Kind = "refused"           // the API refused
	AlreadyExists  Kind = "already_exists"    // the record exists
	Unavailable    Kind = "unavailable"       // the API is unreachable or busy; nothing was changed
	OutcomeUnknown Kind = "outcome_unknown"   // a write was sent, and its outcome is not known
	Partial        Kind = "partial"           // some of many were not done
	Condition      Kind = "condition"         // --exit-code found something
	Interrupted    Kind = "interrupted"       // Ctrl-C, or a cancelled prompt
	Terminated     Kind = "terminated"        // SIGTERM or SIGHUP
)

// ErrCancelled is returned when the user ends a prompt with Ctrl-C or Esc.
var ErrCancelled error = New(Interrupted, "cancelled")

// Error is a failure of a known kind, with an optional hint.
type Error struct {
	kind Kind
	hint string
	err  error
}

// New returns an error of the given kind. The format supports %w as in fmt.Errorf.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{kind: kind, err: fmt.Errorf(format, args...)}
}

// Usagef returns an error that the user fixes by changing the command line.
func Usagef(format string, args ...any) *Error { return New(Usage, format, args...) }

// Error returns the message without the hint.
func (e *Error) Error() string { return e.err.Error() }

// Unwrap returns the error wrapped with %w, if any.
func (e *Error) Unwrap() error { return errors.Unwrap(e.err) }

// FailureKind returns the kind of the error.
func (e *Error) FailureKind() Kind { return e.kind }

// Hint returns a copy of the error with a hint: a sentence with a command to run.
func (e *Error) Hint(format string, args ...any) *Error {
	c := *e
	c.hint = fmt.Sprintf(format, args...)
	return &c
}

// StartedWith adds the hint that the work to continue belongs to another profile.
func (e *Error) StartedWith(profile string) *Error {
	return e.Hint("it was started with `--profile %s`", Arg(profile))
}

// hinted adds a hint to an error and keeps its kind and text.
type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }

// WithHint adds a hint to any error. A nil error stays nil.
func WithHint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hinted{error: err, hint: fmt.Sprintf(format, args...)}
}

// KindOf returns the kind of the outermost error that has one, and Unexpected if
// none has.
func KindOf(err error) Kind {
	var k interface{ FailureKind() Kind }
	if errors.As(err, &k) {
		return k.FailureKind()
	}
	return Unexpected
}

// OnceSent returns the failure of a run that has sent something. Usage and Config promise
// that nothing was, and the kinds of a refusal are those of a single write.
func OnceSent(err error) error {
	switch KindOf(err) {
	case Usage, NotFound, Refused, AlreadyExists:
		return New(Partial, "%w", err)
	case Config:
		return New(Unavailable, "%w", err)
	}
	return err
}

// Each returns the errors that errors.Join put together, and any other error alone.
func Each(err error) (out []error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	texts := make([]string, len(joined.Unwrap()))
	for i, one := range joined.Unwrap() {
		texts[i] = one.Error()
		out = append(out, Each(one)...)
	}
	if strings.Join(texts, "\n") != err.Error() { // it wraps them in a sentence
		return []error{err}
	}
	return out
}

// Sentence is an error with its hint in brackets, for where both are one line.
func Sentence(err error) string {
	if hint := HintOf(err); hint != "" {
		return err.Error() + " (" + hint + ")"
	}
	return err.Error()
}

// FileExists is the refusal to overwrite a file. called is what the message calls it.
func FileExists(called string) error {
	return Usagef("%s already exists and is not overwritten", called).Hint("name another file, or remove this one")
}

// HintOf returns the outermost hint of an error, or "".
func HintOf(err error) string {
	if h, ok := err.(interface{ advice() string }); ok && h.advice() != "" {
		return h.advice()
	}
	switch e := any(err).(type) { // layer by layer: the outermost hint wins
	case interface{ Unwrap() error }:
		return HintOf(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			if hint := HintOf(one); hint != "" {
				return hint
			}
		}
	}
	return ""
}

func (e *Error) advice() string { return e.hint }

func (h *hinted) advice() string { return h.hint }

// ExitError carries the exit code of a program that was run for the user. Err is
// nil if the program has reported its failure itself.
type ExitError struct {
	Code int
	Err  error
}

// Exit returns an *ExitError, or nil for code 0.
func Exit(code int, err error) error {
	if code == 0 {
		return nil
	}
	return &ExitError{code, err}
}

// Error returns the message of Err, or just the code.
func (e *ExitError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return "exit code " + strconv.Itoa(e.Code)
}

// Unwrap returns Err.
func (e *ExitError) Unwrap() error { return e.Err }
