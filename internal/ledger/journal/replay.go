package journal

import (
	"fmt"
	"io"

	"github.com/bayworks/stockctl/internal/workdir"
)

// Replay is the content of a journal.
type Replay struct {
	Done    Ranges           // rows with a final state
	Applied Ranges           // those that are applied or confirmed
	Stats   Stats            // by state; Held counts rows that are still on hold
	Open    map[int64]Intent // the newest intent of each row without a final state
	Held    map[int64]bool   // rows that are on hold, with or without an intent

	Sent       bool              // a row with an intent has an outcome
	LastIntent int64             // the highest row with an intent
	Resent     map[string]Intent // by token: movements that were sent more than once
	// Good is the length of the journal up to the end of its last complete line.
	Good int64

	visit func(Intent, Outcome) // called with each outcome and its intent (zero if the row was not sent)
}

// read replays a journal.
func read(r io.Reader) (*Replay, error) { return readWith(r, nil) }

func readWith(r io.Reader, visit func(Intent, Outcome)) (_ *Replay, err error) {
	p := &Replay{Open: map[int64]Intent{}, Held: map[int64]bool{}, Resent: map[string]Intent{}, visit: visit}
	if p.Good, err = workdir.Lines(r, "the journal", p.apply); err != nil {
		return nil, err
	}
	return p, nil
}

// apply applies one line.
func (p *Replay) apply(text string) error {
	entry, err := parse(text)
	if err != nil {
		return err
	}
	switch e := entry.(type) {
	case Intent:
		if p.Done.Has(e.Row) {
			return fmt.Errorf("row %d was sent after its end", e.Row)
		}
		e.First = e.At
		if earlier, sent := p.Open[e.Row]; sent {
			e.First = earlier.First
		}
		if e.Token != "" && e.Attempt > 1 {
			p.Resent[e.Token] = e
		}
		p.Open[e.Row] = e
		p.LastIntent = max(p.LastIntent, e.Row)
	case Outcome:
		return p.ended(e)
	}
	return nil
}

func (p *Replay) ended(o Outcome) error {
	if p.Done.Has(o.Row) {
		return fmt.Errorf("row %d has two outcomes", o.Row)
	}
	intent, sent := p.Open[o.Row]
	p.Sent = p.Sent || sent
	if p.visit != nil {
		p.visit(intent, o)
	}
	if p.Held[o.Row] {
		p.Stats[Held]--
		delete(p.Held, o.Row)
	}
	p.Stats[o.State]++
	if o.State == Held {
		p.Held[o.Row] = true
		return nil
	}
	delete(p.Open, o.Row)
	p.Done.Add(o.Row)
	if o.State == Applied || o.State == Confirmed {
		p.Applied.Add(o.Row)
	}
	return nil
}
