package ledger_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// A row in set mode sends the difference to the current quantity, unless the record has
// moved since the file was made: then --if-moved decides. A row that the file leaves
// unchanged never moves anything.
func TestDifference(t *testing.T) {
	const moved = "on hand is 9; it was 12 when the file was written, which asks for 10 (--if-moved delta sends the difference -2, --if-moved apply sets it to 10)"
	plain := ledger.Write{Want: 10}
	counted := ledger.Write{Want: 10, HasBaseline: true, Baseline: 12}
	left := ledger.Write{Want: 12, HasBaseline: true, Baseline: 12}
	for name, c := range map[string]struct {
		write   ledger.Write
		onHand  int64
		moved   ledger.IfMoved
		qty     int64
		state   journal.State // of the outcome, if nothing is sent
		code    string
		message string
	}{
		"no earlier figure":              {write: plain, onHand: 12, moved: ledger.MovedFail, qty: -2},
		"nothing to do":                  {write: plain, onHand: 10, moved: ledger.MovedFail, state: journal.Already},
		"nothing to do, though it moved": {write: counted, onHand: 10, moved: ledger.MovedDelta, state: journal.Already},
		"as when the file was made":      {write: counted, onHand: 12, moved: ledger.MovedFail, qty: -2},
		"moved":                          {write: counted, onHand: 9, moved: ledger.MovedFail, state: journal.Conflict, code: "moved", message: moved},
		"moved, delta":                   {write: counted, onHand: 9, moved: ledger.MovedDelta, qty: -2},
		"moved, apply":                   {write: counted, onHand: 9, moved: ledger.MovedApply, qty: 1},
		"left as it was":                 {write: left, onHand: 9, moved: ledger.MovedFail, state: journal.Already, code: "unchanged", message: "the file leaves it at 12, and on hand is now 9"},
		"left as it was, apply":          {write: left, onHand: 9, moved: ledger.MovedApply, qty: 3},
	} {
		qty, decided := c.write.Difference(c.onHand, c.moved)
		if qty != c.qty {
			t.Errorf("%s: sends %+d, want %+d", name, qty, c.qty)
		}
		switch {
		case decided == nil && c.qty == 0:
			t.Errorf("%s: undecided, and nothing to send", name)
		case decided != nil && (c.qty != 0 || decided.State != c.state || decided.Code != c.code || decided.Message != c.message):
			t.Errorf("%s: decided %+v, want %v %q: %s", name, *decided, c.state, c.code, c.message)
		}
	}
}
