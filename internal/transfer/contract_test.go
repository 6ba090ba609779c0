package transfer_test

import (
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/transfer"
)

// known is the reference of a transfer that a previous version left in the log.
const known = "tr_k3f7x2m7q4ab"

// moved returns the movements of a reference, oldest first: action, quantity, record,
// notes.
func (s *shop) moved(reference string) (out []string) {
	s.t.Helper()
	for m, err := range s.client().Movements().All(s.t.Context()) {
		must(s.t, err)
		if m.Reference == reference {
			out = append([]string{strings.ReplaceAll(m.Action+" "+m.InventoryID+" "+m.Notes, s.to.ID, "inv_to")}, out...)
		}
	}
	return out
}

// leaves writes the halves of a transfer of 12 into the log, as previous versions did.
func (s *shop) leaves(halves ...string) {
	s.t.Helper()
	for _, half := range halves {
		record, change := s.from.ID, api.Adjustment{Qty: -12, Action: "TRANSFERRED_OUT", Reference: known}
		if half == "in" {
			record, change.Qty, change.Action = s.to.ID, 12, "TRANSFERRED_IN"
		}
		change.Notes = "[" + known + "/" + half + "] 12 from inv_xyz789 to " + s.to.ID + "; van 4"
		s.adjust(record, change)
	}
}

// Existing logs contain these references and notes. A machine that has only the log
// completes or reverses the transfers that they describe, and adds halves of the same
// form.
func TestTransfersOfLogsAlreadyWrittenAreUnderstood(t *testing.T) {
	const (
		out     = "TRANSFERRED_OUT inv_xyz789 [tr_k3f7x2m7q4ab/out] 12 from inv_xyz789 to inv_to; van 4"
		in      = "TRANSFERRED_IN inv_to [tr_k3f7x2m7q4ab/in] 12 from inv_xyz789 to inv_to"
		undoIn  = "TRANSFERRED_OUT inv_to [tr_k3f7x2m7q4ab/undo-in] 12 from inv_xyz789 to inv_to"
		undoOut = "TRANSFERRED_IN inv_xyz789 [tr_k3f7x2m7q4ab/undo-out] 12 from inv_xyz789 to inv_to"
	)
	for name, test := range map[string]struct {
		log      []string
		undo     bool
		want     []string
		from, to int64
	}{
		"half, completed": {[]string{"out"}, false, []string{out, in}, 108, 62},
		"half, undone":    {[]string{"out"}, true, []string{out, undoOut}, 120, 50},
		"done, undone":    {[]string{"out", "in"}, true, []string{out, in + "; van 4", undoIn, undoOut}, 120, 50},
		"done":            {[]string{"out", "in"}, false, []string{out, in + "; van 4"}, 108, 62},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, sandbox.Options{})
			s.leaves(test.log...)
			_, err := s.end(t.TempDir(), known, test.undo)
			must(t, err)
			s.expect(test.from, test.to)
			if got := s.moved(known); strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("the log contains\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// A reference is "tr_" and twelve characters of base32, and each is unique.
func TestReferencesOfTransfers(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		reference := transfer.NewReference()
		if !transfer.ValidReference(reference) || len(reference) != len(known) || seen[reference] {
			t.Fatalf("%q, seen before %t", reference, seen[reference])
		}
		seen[reference] = true
	}
	for text, want := range map[string]bool{
		known: true, "tr_234567abcxyz": true, "": false, "tr_": false, "tr_k3f7x2m7q4a": false, "tr_k3f7x2m7q4abc": false,
		"tr_k3f7x2m7q4a1": false, "tr_K3F7X2M7Q4AB": false, "xtr_k3f7x2m7q4ab": false, "tr_k3f7x2m7q4ab\n": false, "../tr_k3f7x2m7q4ab": false,
	} {
		if got := transfer.ValidReference(text); got != want {
			t.Errorf("%q is a reference: %t", text, got)
		}
	}
}

// A half's token with the record of the other half, or with another quantity, is
// inconclusive: nothing is sent, on this machine or elsewhere.
func TestATokenWithAnotherRecordOrQuantityIsOnHold(t *testing.T) {
	for name, test := range map[string]struct {
		record func(s *shop) string
		change api.Adjustment
		says   string
	}{
		"another record": {
			func(s *shop) string { return s.from.ID },
			api.Adjustment{Qty: -12, Action: "SOLD", Notes: "[REF/in] 12 from inv_xyz789 to TO"},
			"the log contains [REF/in] with record inv_xyz789 and quantity -12",
		},
		"another quantity": {
			func(s *shop) string { return s.to.ID },
			api.Adjustment{Qty: 11, Action: "RECEIVED", Notes: "[REF/in] 12 from inv_xyz789 to TO"},
			"the log contains [REF/in] with record TO and quantity 11",
		},
	} {
		for _, elsewhere := range []bool{false, true} {
			for _, undo := range []bool{false, true} {
				s := openShop(t, sandbox.Options{})
				dir := t.TempDir()
				reference := s.kill(dir, none, killBefore)
				put := strings.NewReplacer("REF", reference, "TO", s.to.ID)
				change := test.change
				change.Reference, change.Notes = reference, put.Replace(change.Notes)
				s.adjust(test.record(s), change)
				sent := len(s.writes)
				from, to := s.stock()
				if elsewhere {
					dir = t.TempDir()
				}
				_, err := s.end(dir, reference, undo)
				if failure.KindOf(err) != failure.OutcomeUnknown || !strings.Contains(err.Error(), put.Replace(test.says)) || len(s.writes) != sent {
					t.Errorf("%s, elsewhere %t, undo %t: %v, %d writes", name, elsewhere, undo, err, len(s.writes)-sent)
				}
				s.expect(from, to)
			}
		}
	}
}
