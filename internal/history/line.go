// Package history rebuilds the stock of a record over time: backwards from the
// present figures through the movement log. Where the log does not reach, or
// contradicts the record, the line says from when on it is certain. It reads
// nothing and prints nothing.
package history

import (
	"fmt"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/movements"
)

// tolerance is how far apart the API may write two times of one event.
const tolerance = time.Minute

// created is how far a record and its first movement are apart, where the API
// logs what a record was created with.
const created = time.Second

// Source is what a line is rebuilt from.
type Source struct {
	Record api.Record // with its present quantities
	// Moves are the movements of the record, in the order of the log.
	Moves       []movements.Movement
	NewestFirst bool
	// LogFrom is the moment since when no movement is missing; Gaps tells that
	// there is none.
	LogFrom time.Time
	Gaps    bool
	// Moving tells that the record changed while the log was read.
	Moving bool
	Now    time.Time
	Zone   *time.Location // of the days in Doubts
}

// Step is a movement and the stock after it.
type Step struct {
	movements.Movement
	OnHand   int64
	Reserved int64
}

// Line is the stock of a record over time.
type Line struct {
	Steps []Step // the oldest first
	// First is the stock before the first step.
	First Step
	// Now is the present stock.
	Now Step
	// Begin is when the record was created, or had its first movement if that is
	// earlier; zero where it is not known.
	Begin time.Time
	// Created: the first step is the movement that the record was created with.
	Created bool
	// Certain is the moment since when on hand is certain, and every movement
	// is there; zero: always.
	Certain time.Time
	// ReservedCertain is the same for what is reserved.
	ReservedCertain time.Time
	// Doubts say why the line is not certain before, a sentence each.
	Doubts []string
}

// Rebuild returns the line of a record.
func Rebuild(s Source) Line {
	if s.Zone == nil {
		s.Zone = time.Local
	}
	l := Line{Now: Step{OnHand: value(s.Record.OnHandQty), Reserved: value(s.Record.ReservedQty)}}
	l.Now.At = s.Now
	undated := 0
	for _, m := range s.Moves {
		if !m.Dated {
			undated++
			continue
		}
		l.Steps = append(l.Steps, Step{Movement: m})
	}
	if s.NewestFirst {
		slices.Reverse(l.Steps)
	}
	slices.SortStableFunc(l.Steps, func(a, b Step) int { return a.At.Compare(b.At) })
	onHand, reserved := l.Now.OnHand, l.Now.Reserved
	for i := len(l.Steps) - 1; i >= 0; i-- {
		l.Steps[i].OnHand, l.Steps[i].Reserved = onHand, reserved
		changed, set := l.Steps[i].Stock()
		onHand, reserved = onHand-changed, reserved-set
	}
	l.First = Step{OnHand: onHand, Reserved: reserved}
	if at := s.Record.CreatedAt; at != nil {
		l.Begin = at.UTC()
		if len(l.Steps) > 0 {
			first := l.Steps[0]
			l.Created = first.Action == api.ActionReceived && first.At.Sub(l.Begin).Abs() <= created
			if first.At.Before(l.Begin) {
				l.Begin = first.At
			}
		}
	}
	l.judge(s, undated)
	return l
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// judge finds from when on the line is certain.
func (l *Line) judge(s Source, undated int) {
	day := func(t time.Time) string { return t.In(s.Zone).Format(time.DateOnly) }
	if undated > 0 {
		l.doubt(s.Now, "%s without a time in the log", failure.Count(undated, "movement of this record is", "movements of this record are"))
	}
	if s.Gaps {
		l.doubt(s.Now, "the API hands out only a part of the movement log, in no known order")
	}
	if s.Moving {
		l.doubt(s.Now, "the stock kept changing while the movement log was read")
	}
	if len(l.Doubts) > 0 {
		l.ReservedCertain = l.Certain
		return
	}
	if l.Begin.IsZero() || s.LogFrom.After(l.Begin.Add(tolerance)) {
		if s.LogFrom.IsZero() {
			l.doubt(s.Now, "the movement log is empty")
		} else {
			l.doubt(s.LogFrom, "the movement log begins on %s", day(s.LogFrom))
		}
	}
	l.ReservedCertain = l.Certain
	last, settled := l.settled(s.Record)
	if settled.After(last.Add(tolerance)) && settled.After(s.LogFrom) {
		l.doubt(settled, "the record was last adjusted on %s, and the movement log does not have it", day(settled))
	}
	if at, wrong := l.impossible(func(s Step) int64 { return s.OnHand }); wrong != 0 {
		l.doubt(settled, "the movement log disagrees with the %d on hand now: it would have been %d before %s", l.Now.OnHand, wrong, day(at))
	}
	if at, wrong := l.impossible(func(s Step) int64 { return s.Reserved }); wrong != 0 {
		l.ReservedCertain = later(l.ReservedCertain, settled)
		l.Doubts = append(l.Doubts, fmt.Sprintf("the movement log disagrees with the %d reserved now: it would have been %d before %s",
			l.Now.Reserved, wrong, day(at)))
	}
}

func (l *Line) doubt(certain time.Time, format string, args ...any) {
	l.Certain = later(l.Certain, certain)
	l.Doubts = append(l.Doubts, fmt.Sprintf(format, args...))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// settled is the moment since when the present figures hold, whatever is
// missing from the log before; last is the newest movement that the log has.
func (l *Line) settled(r api.Record) (last, settled time.Time) {
	if len(l.Steps) > 0 {
		last = l.Steps[len(l.Steps)-1].At
	}
	if r.LastStockAdjusted == nil {
		return last, last
	}
	return last, later(last, r.LastStockAdjusted.UTC())
}

// impossible finds a figure that cannot have been: below nothing, or not nothing
// before the movement that the record began with. Movements of one moment are
// taken together, since the log may have them in either order.
func (l *Line) impossible(of func(Step) int64) (at time.Time, figure int64) {
	for i := len(l.Steps) - 1; i >= 0; i-- {
		before := l.First
		if i > 0 {
			before = l.Steps[i-1]
			if before.At.Equal(l.Steps[i].At) {
				continue
			}
		}
		n := of(before)
		if n < 0 || i == 0 && n != 0 && l.Created {
			return l.Steps[i].At, n
		}
	}
	return time.Time{}, 0
}
