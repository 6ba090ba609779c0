package failure_test

import (
	"errors"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

// The exit codes for a wrong file and for wrong settings mean that nothing was sent, and
// those of a refusal are about a single write. Every other kind stays, with its text.
func TestOnceSent(t *testing.T) {
	for kind, want := range map[failure.Kind]failure.Kind{
		failure.Usage: failure.Partial, failure.NotFound: failure.Partial, failure.Refused: failure.Partial,
		failure.AlreadyExists: failure.Partial, failure.Config: failure.Unavailable,
		failure.Unexpected: failure.Unexpected, failure.Auth: failure.Auth, failure.Permission: failure.Permission,
		failure.Unavailable: failure.Unavailable, failure.OutcomeUnknown: failure.OutcomeUnknown, failure.Partial: failure.Partial,
		failure.Condition: failure.Condition, failure.Interrupted: failure.Interrupted, failure.Terminated: failure.Terminated,
	} {
		cause := failure.New(kind, "it went wrong").Hint("do this")
		err := failure.OnceSent(cause)
		if failure.KindOf(err) != want || err.Error() != "it went wrong" || failure.HintOf(err) != "do this" || !errors.Is(err, cause) {
			t.Errorf("%s: %s, %v, hint %q, want %s", kind, failure.KindOf(err), err, failure.HintOf(err), want)
		}
	}
	if err := failure.OnceSent(nil); err != nil {
		t.Errorf("got %v for no failure, want none", err)
	}
}
