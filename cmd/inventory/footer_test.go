package inventory

import (
	"testing"

	"github.com/bayworks/stockctl/cmd/inventory/inventorytest"
)

// On a terminal, the note below a truncated list says how many records there are in
// total. In a pipe, it keeps the sentence that scripts know.
func TestCutListCounts(t *testing.T) {
	for terminal, want := range map[bool]string{
		true:  "3 of 6 records: --all shows every record\n",
		false: "only the first 3 are shown: --all shows every record\n",
	} {
		a, _, stderr := inventorytest.App(t, nil)
		a.IO.OutTTY = terminal
		if err := runList(t.Context(), &listOptions{app: a, limit: 3}); err != nil {
			t.Fatal(err)
		}
		if stderr.String() != want {
			t.Errorf("terminal %v: %q, want %q", terminal, stderr, want)
		}
	}
}
