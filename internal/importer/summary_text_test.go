package importer

import (
	"testing"

	"github.com/bayworks/stockctl/internal/ledger"
)

// The counts of a run go on in a new line where a terminal of 80 columns would
// cut a word in two.
func TestSummaryFitsATerminal(t *testing.T) {
	s := &Summary{File: "a.csv", Rows: 6, Finished: true, Counts: ledger.Counts{Applied: 4, Rejected: 1, Conflict: 1}}
	want := `imported a.csv into sandbox · 6 rows in 0.0 s
  applied 4   confirmed 0   already there 0   rejected 1   held 0
  not attempted 0   conflict 1`
	if got := s.Text("sandbox"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
