package importing

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/output"
)

// A list of imports never wraps, and shows runs, statuses, quantities and times in full:
// at 80 columns, and with -o wide at 120.
func TestRunsFitTheTerminal(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	list := []shownRun{{
		Run: "01KAQ6X0G0V7TQ3M", File: "stock-of-the-harbour-in-november.csv", Mode: "adjust", Profile: "shop-in-lagos", Status: "unfinished",
		Rows: 120000, Counts: ledger.Counts{Applied: 110000, Rejected: 9000, Held: 1000}, ImportID: "night-2026-11-23-of-the-harbour", Started: at, Finished: &at,
	}}
	for _, c := range []struct {
		format string
		width  int
		want   []string // the titles
	}{
		{"table", 80, []string{"RUN", "FILE", "STATUS", "APPLIED", "REJECTED", "STARTED"}},
		{"wide", 120, []string{"RUN", "FILE", "MODE", "STATUS", "ROWS", "APPLIED", "REJECTED", "STARTED"}},
	} {
		var out bytes.Buffer
		p, err := output.New(output.Options{Format: c.format, Out: &out, Terminal: true, Width: c.width})
		if err != nil {
			t.Fatal(err)
		}
		if err := output.List(p, importRunView(), output.Items(list)); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if titles := strings.Fields(lines[0]); strings.Join(titles, " ") != strings.Join(c.want, " ") {
			t.Errorf("-o %s at %d has the columns %q, want %q", c.format, c.width, titles, c.want)
		}
		for _, line := range lines {
			if w := runewidth.StringWidth(line); w > c.width {
				t.Errorf("-o %s at %d: a line of %d: %q", c.format, c.width, w, line)
			}
		}
		for _, whole := range []string{"01KAQ6X0G0V7TQ3M", "unfinished", "110000", at.Local().Format("2006-01-02 15:04")} {
			if !strings.Contains(lines[1], whole) {
				t.Errorf("-o %s at %d: %q does not show %s", c.format, c.width, lines[1], whole)
			}
		}
	}
}
