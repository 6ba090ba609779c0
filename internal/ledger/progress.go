package ledger

import (
	"time"

	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/pace"
)

// showEvery is the interval between progress reports.
const showEvery = 200 * time.Millisecond

// Progress is the progress of a run.
type Progress struct {
	Done, Total int64 // rows, including those of earlier sessions
	Refused     int64 // rejected, conflicting or invalid
	InDoubt     int64 // being searched for in the movement log
	PerSecond   float64
	Left        time.Duration // at this speed; 0: unknown
	Pace        pace.Report   // what the API seems to allow, and the time spent waiting for it
	Last        bool          // the run is over
}

// showProgress reports the progress until the returned function is called.
func (s *sender) showProgress() (stop func()) {
	if s.run.env.Show == nil {
		return func() {}
	}
	began, before := time.Now(), s.run.before.Stats.Sum()
	show := func(last bool) {
		s.run.env.Show(s.progress(time.Since(began), before, last))
	}
	quit, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		tick := time.NewTicker(showEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				show(false)
			case <-quit:
				return
			}
		}
	}()
	return func() {
		close(quit)
		<-gone
		show(true)
	}
}

func (s *sender) progress(since time.Duration, before int64, last bool) Progress {
	stats := s.counted()
	p := Progress{
		Done: decided(stats), Total: s.run.plan.Rows,
		Refused: stats[journal.Rejected] + stats[journal.Conflict] + stats[journal.Invalid],
		Pace:    s.pace.report(), Last: last,
	}
	if s.adjuster != nil {
		p.InDoubt = int64(s.adjuster.unsettled.Len())
	}
	if s := since.Seconds(); s > 0 {
		p.PerSecond = float64(p.Done-before) / s
	}
	if p.PerSecond > 0 {
		p.Left = time.Duration(float64(p.Total-p.Done) / p.PerSecond * float64(time.Second))
	}
	return p
}
