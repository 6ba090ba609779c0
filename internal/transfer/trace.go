package transfer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/settle"
)

// logError means that the log does not match the plan, so nothing may be moved.
type logError struct {
	what  string
	twice Half // the half that the API applied twice, if that is the problem
}

func (e *logError) Error() string { return e.what }

// tokens prepares a reading of the log. The returned function finds the half of an
// entry: by its token in either format or, if the log omits notes, by reference and
// record, in the order in which halves are sent.
func (p *Plan) tokens() func(api.Movement) (string, error) {
	found := map[Half]bool{}
	return func(m api.Movement) (string, error) {
		h, ours, err := p.halfOf(m, found)
		switch {
		case err != nil:
			return "", err
		case !ours:
			return settle.TokenOf(m), nil
		}
		found[h] = true
		return p.token(h), nil
	}
}

func (p *Plan) halfOf(m api.Movement, found map[Half]bool) (h Half, ours bool, err error) {
	for _, named := range []Plan{*p, p.before()} {
		for _, h := range halves() {
			if strings.Contains(m.Notes, "["+named.token(h)+"]") {
				return h, true, nil
			}
		}
	}
	if m.Reference != p.Reference {
		return "", false, nil
	}
	if p.ends(m) {
		for _, h := range []Half{Out, In, BackOut, BackIn} {
			if !found[h] && p.side(h).RecordID == m.InventoryID {
				return h, true, nil
			}
		}
	}
	return "", false, &logError{what: fmt.Sprintf("the log contains a movement of %d of record %q under reference %s that is not part of this transfer",
		m.QtyChange, m.InventoryID, p.Reference)}
}

// before returns the plan with the movement names of the previous version.
func (p *Plan) before() Plan {
	old := *p
	old.Format = 0
	return old
}

// ends reports whether an entry has one of the two records and the quantity of the
// transfer.
func (p *Plan) ends(m api.Movement) bool {
	return (m.InventoryID == p.From.RecordID || m.InventoryID == p.To.RecordID) && (m.QtyChange == p.Qty || m.QtyChange == -p.Qty)
}

// settle determines the state of the halves from the log, by the rules that settle every
// movement. It reads the log immediately. If a half that was sent is missing, it reads
// again after waiting until any request in flight must have arrived. Halves that are
// still missing are then known to be open.
//
// A batch has read the log for all its transfers. What that copy shows decides, unless
// a half may still arrive or the copy does not match the plan.
func (w *Work) settle(ctx context.Context, wait time.Duration) error {
	if w.env.seen != nil && !w.foreign && len(w.doubtful()) == 0 && w.settleFrom(ctx, w.env.seen, 0) == nil {
		return nil
	}
	return w.settleFrom(ctx, w.env.Log, wait)
}

func (w *Work) settleFrom(ctx context.Context, log *settle.Log, wait time.Duration) error {
	from, arrives := w.since(), w.env.Now().Add(wait)
	set := settle.NewUnsettled(settle.Options{
		Log: log, Timeout: w.env.Client.Timeout(), From: &from, Tokens: w.plan.tokens, Thorough: true, Now: w.env.Now,
	})
	decided := map[Half]settle.Decision{}
	for _, h := range halves() {
		change, first := w.plan.change(h), w.plan.Halves[h].Sent
		if w.foreign {
			first = from // sent by another machine
		}
		set.Add(settle.Lost{
			Token: w.plan.token(h), Record: w.plan.side(h).RecordID, Qty: change.Qty,
			Place: settle.InNotes, Reference: change.Reference, First: first, Arrives: arrives,
		}, func(d settle.Decision) { decided[h] = d })
	}
	if err := set.Settle(ctx, w.rest); err != nil {
		return err
	}
	return w.believe(decided)
}

// believe takes over what the log shows about the halves, or nothing if it does not
// match the plan.
func (w *Work) believe(decided map[Half]settle.Decision) error {
	for _, h := range halves() {
		d, state := decided[h], w.plan.state(h)
		switch {
		case d.Times > 1 && d.Conclusion == settle.Confirmed:
			return &logError{fmt.Sprintf("the log contains %s twice", w.plan.name(h)), h}
		case d.Times > 0 && d.Conclusion == settle.Held:
			return &logError{what: fmt.Sprintf("the log contains %s with record %s and quantity %d", w.plan.name(h), d.Entry.InventoryID, d.Entry.QtyChange)}
		case d.Conclusion == settle.Held && state == Sent:
			return d.Reason
		case d.Conclusion != settle.Confirmed && state == Applied:
			return &logError{what: fmt.Sprintf("the log does not show %s, which the API accepted, so a movement that it does not show may have been applied", w.plan.name(h))}
		}
	}
	changed := false
	for _, h := range halves() {
		switch was := w.plan.state(h); {
		case decided[h].Conclusion == settle.Confirmed && was != Applied:
			w.plan.set(h, Applied, w.plan.Halves[h].Sent)
			w.confirmed, changed = true, true
		case was == Sent && decided[h].Conclusion == settle.Absent:
			w.plan.set(h, Open, w.plan.Halves[h].Sent)
			changed = true
		}
	}
	if !changed {
		return nil
	}
	return w.save()
}

// name returns the name of a half in messages.
func (p *Plan) name(h Half) string { return "[" + p.Reference + "/" + string(h) + "]" }

// since returns how far back the log must be read, on our current clock, which may have
// been corrected since the transfer began. Zero means all of the log.
func (w *Work) since() time.Time { return w.env.since(w.plan) }

func (e Env) since(p *Plan) time.Time {
	now := e.Now()
	server, known := e.Client.ServerTime(now)
	if p.LogFrom == nil || !known {
		return time.Time{}
	}
	return p.LogFrom.Add(now.Sub(server))
}

// owned identifies the movements of some transfers in the log: by reference, by the tag
// of their tokens, or by the reference in their notes.
type owned struct{ references, tags map[string]bool }

func newOwned(references []string) owned {
	o := owned{map[string]bool{}, map[string]bool{}}
	for _, reference := range references {
		o.references[reference], o.tags[settle.Tag(reference)] = true, true
	}
	return o
}

func (o owned) has(m api.Movement) bool {
	tag, _, _ := settle.SplitToken(settle.TokenOf(m))
	if o.references[m.Reference] || o.tags[tag] {
		return true
	}
	for _, part := range strings.Split(m.Notes, "[")[1:] {
		if reference, _, ok := strings.Cut(part, "/"); ok && o.references[reference] {
			return true
		}
	}
	return false
}

// rebuild makes a plan from the log alone, or returns nil if the log does not contain
// the reference. What the log does not show may still arrive from another machine.
func (e Env) rebuild(ctx context.Context, reference string) (*Plan, error) {
	var entries []api.Movement
	ours := newOwned([]string{reference})
	err := e.Log.Since(ctx, time.Time{}, func(m api.Movement) bool {
		if ours.has(m) {
			entries = append(entries, m)
		}
		return true
	})
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	p, err := planOf(reference, entries)
	if err != nil {
		return nil, err
	}
	if err := p.setApplied(entries, e.Now()); err != nil {
		return nil, err
	}
	p.Profile, p.BaseURL = e.Profile, e.BaseURL
	p.Undoing = p.state(BackIn) == Applied || p.state(BackOut) == Applied
	return p, nil
}

// planOf reads the plan from the notes of a half.
func planOf(reference string, entries []api.Movement) (*Plan, error) {
	for _, m := range entries {
		p, h, ok := readNotes(reference, m)
		if !ok {
			continue
		}
		if at := m.Timestamp; h == Out && at != nil && at.Zoned {
			p.Started, p.LogFrom = at.Time, &at.Time
		}
		return p, nil
	}
	return nil, errors.New("its movements do not show both records")
}

// setApplied marks the halves that the log shows as applied. Unless the transfer is
// done, the others may be in flight.
func (p *Plan) setApplied(entries []api.Movement, now time.Time) error {
	found := map[Half]bool{}
	for _, m := range entries {
		h, ours, err := p.halfOf(m, found)
		switch {
		case err != nil:
			return err
		case !ours:
			continue
		case found[h]:
			return &logError{fmt.Sprintf("the log contains %s twice", p.name(h)), h}
		case !p.ends(m):
			return &logError{what: fmt.Sprintf("the log contains %s with record %s and quantity %d", p.name(h), m.InventoryID, m.QtyChange)}
		}
		found[h] = true
		p.set(h, Applied, time.Time{})
	}
	if p.Done() {
		return nil
	}
	for _, h := range halves() {
		if p.state(h) == Open {
			p.set(h, Sent, now)
		}
	}
	return nil
}
