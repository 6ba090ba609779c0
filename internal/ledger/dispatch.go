package ledger

import (
	"errors"
	"io"

	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// dispatch reads the plan. It puts the rows that are to be sent into their lanes and
// sets the state of the others immediately. When the run stops, it still reads the rest
// to count it.
func (s *sender) dispatch() (err error) {
	reader, err := s.run.plan.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.close()) }()
	for {
		row := &pending{}
		err := reader.next(&row.Write)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		s.admit(row)
	}
}

// admit counts a row, then ends it, gives it up or adds it to its lane.
func (s *sender) admit(row *pending) {
	s.mu.Lock()
	s.rows++
	s.mu.Unlock()
	if s.run.before.Done.Has(row.N) { // counted by an earlier session
		return
	}
	out := s.complete(row)
	if out.what == ended {
		s.close(row, out)
		if out.State == journal.Held {
			s.lanes.bar(row)
		}
		return
	}
	if s.stop.Err() != nil {
		s.abandon(row)
		return
	}
	if line, taken := s.lanes.add(row); !taken {
		s.notAttempted(row, line)
	}
}

// complete prepares a row to be sent, or ends it if it must not be sent.
func (s *sender) complete(row *pending) verdict {
	if d := row.Decided; d != nil && d.State != journal.Already {
		return verdict{what: ended, Outcome: *d}
	}
	if s.run.plan.Mode != stock.Create {
		row.Token = settle.Token(s.tag, row.Tag)
	}
	s.restore(row)
	if out := s.lookInLog(row); out.what != "" {
		return out
	}
	if d := row.Decided; d != nil {
		return verdict{what: ended, Outcome: *d}
	}
	return s.act.prepare(row)
}

// restore restores what an earlier session of the run did with a row.
func (s *sender) restore(row *pending) {
	row.wasHeld = s.run.before.Held[row.N]
	sent, open := s.run.before.Open[row.N]
	if !open {
		return
	}
	row.prior, row.first, row.doubted = sent.Attempt, sent.First, true
	if s.run.plan.Mode == stock.Set {
		row.Change.Qty = sent.Qty
	}
}
