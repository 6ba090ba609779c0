package importer

import (
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
)

// The exit codes for a wrong file and for wrong settings mean that nothing was sent. A
// run that has sent something must not end with them.
func TestFailureOnceSomethingWasSent(t *testing.T) {
	nothing := &Summary{Rows: 9, Counts: ledger.Counts{NotAttempted: 6, Invalid: 2, Skipped: 1}}
	some := &Summary{Rows: 9, Counts: ledger.Counts{NotAttempted: 8, Applied: 1}}
	doubt := &Summary{Rows: 9, Counts: ledger.Counts{NotAttempted: 8, InDoubt: 1}}
	for kind, want := range map[failure.Kind]failure.Kind{
		failure.Usage: failure.Partial, failure.NotFound: failure.Partial, failure.Refused: failure.Partial,
		failure.Config: failure.Unavailable, failure.Auth: failure.Auth, failure.Interrupted: failure.Interrupted,
	} {
		err := failure.New(kind, "it went wrong")
		if got := failure.KindOf(nothing.onceSent(err)); got != kind {
			t.Errorf("%s, nothing sent: %s", kind, got)
		}
		for _, s := range []*Summary{some, doubt} {
			if got := failure.KindOf(s.onceSent(err)); got != want {
				t.Errorf("%s, once sent: %s, want %s", kind, got, want)
			}
			if got := failure.KindOf(s.stopped(err)); got != want {
				t.Errorf("%s, stopped once sent: %s, want %s", kind, got, want)
			}
		}
	}
}
