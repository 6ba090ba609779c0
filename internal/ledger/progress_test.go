package ledger

import (
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// The progress counts finished rows, and estimates the remaining time from the speed of
// this session.
func TestProgress(t *testing.T) {
	s := &sender{run: &Run{plan: Plan{Sealed: Sealed{Rows: 100}}}, pace: newPacer(Options{}, nil, 100, time.Minute)}
	s.stats = journal.Stats{
		journal.Applied: 20, journal.Confirmed: 10, journal.Rejected: 5, journal.Conflict: 3, journal.Invalid: 2,
		journal.NotAttempted: 7, journal.InDoubt: 4,
	}
	for name, c := range map[string]struct {
		since     time.Duration
		before    int64
		perSecond float64
		left      time.Duration
	}{
		"going on":    {4 * time.Second, 20, 5, 12 * time.Second},
		"just begun":  {0, 20, 0, 0},
		"nothing yet": {4 * time.Second, 40, 0, 0},
	} {
		p := s.progress(c.since, c.before, name == "going on")
		if p.Done != 40 || p.Total != 100 || p.Refused != 10 || p.InDoubt != 0 || p.PerSecond != c.perSecond || p.Left != c.left || p.Last != (name == "going on") {
			t.Errorf("%s: got %+v, want %+v", name, p, c)
		}
	}
	s.adjuster = &adjuster{unsettled: settle.NewUnsettled(settle.Options{})}
	s.adjuster.unsettled.Add(settle.Lost{Token: "a"}, nil)
	if p := s.progress(time.Second, 0, false); p.InDoubt != 1 {
		t.Errorf("got %+v, want one row in doubt", p)
	}
}
