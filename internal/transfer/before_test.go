package transfer_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// A transfer left by the previous version is completed or undone, on this machine and
// on one that has only the log. The previous version made the folders in
// testdata/before, and identified its movements by "[REFERENCE/HALF]".
func TestContinuesTransfersOfThePreviousVersion(t *testing.T) {
	for name, applied := range map[string][]string{"leaving": nil, "left": {"out"}, "arriving": {"out"}, "arrived": {"out", "in"}} {
		for _, undo := range []bool{false, true} {
			for _, elsewhere := range []bool{false, true} {
				if elsewhere && len(applied) == 0 {
					continue // unknown on every machine
				}
				s := openShop(t, sandbox.Options{})
				dir, reference := s.takeOver(name)
				for _, half := range applied {
					s.moveAsBefore(reference, half)
				}
				if elsewhere {
					dir = t.TempDir()
				}
				result, err := s.end(dir, reference, undo)
				must(t, err)
				switch {
				case undo:
					s.expect(120, 50)
				case !result.Plan.Done():
					t.Errorf("%s: got %s, want a completed transfer", name, result.Plan.Summary())
				default:
					s.expect(108, 62)
				}
				for m, err := range s.client().Movements().All(t.Context()) {
					must(t, err)
					if m.Reference == reference && !strings.HasPrefix(m.Notes, "["+reference+"/") {
						t.Errorf("%s: a half was named in another way than the first: %s", name, m.Notes)
					}
				}
			}
		}
	}
}

// takeOver puts a folder of the previous version, adapted to the second record of this
// shop, into a new state folder.
func (s *shop) takeOver(name string) (dir, reference string) {
	s.t.Helper()
	plans, err := filepath.Glob(filepath.Join("testdata", "before", name, "*", "plan.json"))
	must(s.t, err)
	text, err := os.ReadFile(plans[0])
	must(s.t, err)
	_, id, _ := bytes.Cut(text, []byte(`"to": {`+"\n    "+`"recordId": "`))
	id, _, _ = bytes.Cut(id, []byte(`"`))
	dir, reference = s.t.TempDir(), filepath.Base(filepath.Dir(plans[0]))
	must(s.t, os.Mkdir(filepath.Join(dir, reference), 0o700))
	must(s.t, os.WriteFile(filepath.Join(dir, reference, "plan.json"), bytes.ReplaceAll(text, id, []byte(s.to.ID)), 0o600))
	return dir, reference
}

func (s *shop) moveAsBefore(reference, half string) {
	change := api.Adjustment{
		Qty: -12, Action: "TRANSFERRED_OUT", Reference: reference,
		Notes: "[" + reference + "/" + half + "] 12 from " + s.from.ID + " to " + s.to.ID + "; van 4",
	}
	record := s.from.ID
	if half == "in" {
		change.Qty, change.Action, record = 12, "TRANSFERRED_IN", s.to.ID
	}
	s.adjust(record, change)
}
