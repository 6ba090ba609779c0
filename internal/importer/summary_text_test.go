package importer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/output"
)

// Refusals come first, then what was done, and neither mentions what did not happen.
func TestEnding(t *testing.T) {
	for _, test := range []struct {
		counts ledger.Counts
		want   []output.Line
	}{
		{ledger.Counts{Applied: 4, Rejected: 1, Conflict: 1}, []output.Line{
			{Text: "  1 rejected   1 conflict", Mark: output.MarkLow}, {Text: "  4 applied", Mark: output.MarkOK},
		}},
		{ledger.Counts{Applied: 1200, Already: 3}, []output.Line{{Text: "  1,200 applied   3 already there", Mark: output.MarkOK}}},
		{ledger.Counts{}, []output.Line{{Text: "  0 applied"}}},
		{ledger.Counts{Rejected: 1e6, Conflict: 1e6, Invalid: 1e6, Held: 1e6, InDoubt: 1e6, NotAttempted: 1e6}, []output.Line{
			{Text: "  1,000,000 rejected   1,000,000 conflict   1,000,000 invalid   1,000,000 held", Mark: output.MarkLow},
			{Text: "  1,000,000 in doubt   1,000,000 not attempted", Mark: output.MarkLow},
		}},
	} {
		s := &Summary{File: "a.csv", Rows: 6, Finished: true, Counts: test.counts}
		want := append([]output.Line{{Text: "imported a.csv into sandbox · 6 rows in 0.0 s"}}, test.want...)
		if diff := cmp.Diff(want, s.Ending("sandbox")); diff != "" {
			t.Error(diff)
		}
	}
}
