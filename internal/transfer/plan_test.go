package transfer

import (
	"testing"

	"github.com/bayworks/stockctl/internal/api"
)

// The tokens are a contract with existing logs: they never change.
func TestTokensNeverChange(t *testing.T) {
	p := Plan{Reference: "tr_k3f7x2m7q4ab", Qty: 12, From: Side{RecordID: "inv_xyz789"}, To: Side{RecordID: "inv_b"}}
	for f, tokens := range []map[Half]string{
		{Out: "tr_k3f7x2m7q4ab/out", In: "tr_k3f7x2m7q4ab/in", BackIn: "tr_k3f7x2m7q4ab/undo-in", BackOut: "tr_k3f7x2m7q4ab/undo-out"},
		{Out: "sc1-ffsdha-5ax6jtfujeoa", In: "sc1-ffsdha-m5km2zsepht5", BackIn: "sc1-ffsdha-gh7ncnv7xlc7", BackOut: "sc1-ffsdha-o7vdaocpbcnp"},
	} {
		p.Format = f
		for h, want := range tokens {
			if got := p.token(h); got != want {
				t.Errorf("format %d: the token of %s is %s, was %s", f, h, got, want)
			}
			change := p.change(h)
			m := api.Movement{Reference: change.Reference, Notes: change.Notes, Action: change.Action, InventoryID: p.side(h).RecordID, QtyChange: change.Qty}
			read, half, ok := readNotes(p.Reference, m)
			if !ok || half != h || read.Format != f || read.Qty != 12 || read.From.RecordID != "inv_xyz789" || read.To.RecordID != "inv_b" {
				t.Errorf("format %d: %q is read as %s of %+v", f, change.Notes, half, read)
			}
		}
	}
}

// Anyone who may adjust stock can write notes. Notes that do not match their own token
// do not make a plan.
func TestNotesThatMatchNoPlan(t *testing.T) {
	p := Plan{Reference: "tr_k3f7x2m7q4ab", Qty: 12, From: Side{RecordID: "inv_xyz789"}, To: Side{RecordID: "inv_b"}, Format: format}
	token := "[" + p.token(Out) + "] "
	for _, notes := range []string{
		"", "12 from inv_xyz789 to inv_b",
		token + "13 from inv_xyz789 to inv_b", token + "12 from inv_b to inv_xyz789", token + "12 from inv_xyz789 to inv_xyz789",
		token + "12 from inv_%zz to inv_b", token + "0 from inv_xyz789 to inv_b", token + "99999999999 from inv_xyz789 to inv_b",
		token + "9999999999 from inv_xyz789 to inv_b", token + "12 from inv%0a to inv_b",
		"[tr_aaaaaaaaaaaa/out] 12 from inv_xyz789 to inv_b", "[tr_k3f7x2m7q4ab/sideways] 12 from inv_xyz789 to inv_b",
	} {
		if read, h, ok := readNotes(p.Reference, api.Movement{Notes: notes}); ok {
			t.Errorf("%q is read as %s of %+v", notes, h, read)
		}
	}
	if _, _, ok := readNotes(p.Reference, api.Movement{Notes: token + "12 from inv_xyz789 to inv_b; van 4"}); !ok {
		t.Error("notes of a transfer are not read")
	}
}
