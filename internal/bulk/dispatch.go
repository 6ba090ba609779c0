package bulk

import (
	"errors"
	"fmt"
	"io"

	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// dispatch reads the plan: each row that is to be sent goes into its lane, every
// other one gets its state at once. When the run stops the rest is still read, so
// that it is counted.
func (e *engine) dispatch() (err error) {
	reader, err := e.plan.writes.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for {
		row := &Row{}
		switch err := reader.Next(&row.Write); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		e.place(row)
	}
}

// place counts a row, and puts it where it belongs.
func (e *engine) place(row *Row) {
	e.mu.Lock()
	e.rows++
	e.mu.Unlock()
	if e.before.Done.Has(row.N) { // an earlier session counted it
		return
	}
	out := e.complete(row)
	switch {
	case out.what == ended:
		e.close(row, out)
		if out.state == journal.Held {
			e.lanes.bar(row)
		}
	case e.stop.Err() != nil:
		e.abandon(row)
	default:
		if line, taken := e.lanes.add(row); !taken {
			e.behind(row, line)
		}
	}
}

// complete readies a row to be sent, and ends it where it is not to be.
func (e *engine) complete(row *Row) verdict {
	if d := row.Decided; d != nil && d.State != journal.Already {
		return verdict{what: ended, state: d.State, code: d.Code, message: d.Message}
	}
	if e.plan.options.Mode != Create {
		row.Token = settle.Token(e.tag, row.Tag)
	}
	e.remember(row)
	if out := e.look(row); out.what != "" {
		return out
	}
	if d := row.Decided; d != nil {
		return verdict{what: ended, state: d.State, code: d.Code, message: d.Message}
	}
	return e.act.ready(row)
}

// remember takes up what an earlier session of the run did about a row.
func (e *engine) remember(row *Row) {
	row.washeld = e.before.Held[row.N]
	sent, open := e.before.Open[row.N]
	if !open {
		return
	}
	row.prior, row.first, row.doubted = sent.Attempt, sent.First, true
	if e.plan.options.Mode == Set {
		row.Change.Qty = sent.Qty
	}
}

var errPlanLost = errors.New("the folder of the run does not hold its plan any more")

func (p *Plan) checkPlan() error {
	if err := p.writes.Check(); err != nil {
		return fmt.Errorf("%w: %w", errPlanLost, err)
	}
	return nil
}
