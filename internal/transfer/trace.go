package transfer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/settle"
)

// trace is what the movement log holds of one transfer.
type trace map[Half]api.Movement

// entries reads the log's lines that belong to a transfer.
func (e Env) entries(ctx context.Context, reference string, since time.Time) ([]api.Movement, error) {
	var out []api.Movement
	err := e.Settler.Since(ctx, since, func(m api.Movement) {
		if m.Reference == reference || strings.Contains(m.Notes, "["+reference+"/") {
			out = append(out, m)
		}
	})
	return out, err
}

// twiceError tells that the API applied a half two times.
type twiceError struct {
	half  Half
	token string
}

func (e *twiceError) Error() string { return "the log holds " + e.token + " twice" }

// traceOf assigns the entries to the halves: by the token in their notes, and,
// where a log leaves notes out, by their record, in the order in which halves
// are sent. What fits no half, or fits one twice, is an error: nothing more may
// be moved on such ground.
func (p *Plan) traceOf(entries []api.Movement) (trace, error) {
	found := trace{}
	var bare []api.Movement
	for _, m := range entries {
		h, tokened := p.halfOf(m)
		if !tokened {
			bare = append(bare, m)
			continue
		}
		if !settle.SameMovement(m, p.side(h).RecordID, p.Qty) {
			return nil, fmt.Errorf("the log holds %s with record %s and quantity %d", token(p.Reference, h), m.InventoryID, m.QtyChange)
		}
		if _, twice := found[h]; twice {
			return nil, &twiceError{h, token(p.Reference, h)}
		}
		found[h] = m
	}
	for _, m := range bare {
		if err := p.place(found, m); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (p *Plan) halfOf(m api.Movement) (Half, bool) {
	for _, h := range halves() {
		if strings.Contains(m.Notes, token(p.Reference, h)) {
			return h, true
		}
	}
	return "", false
}

// place finds the half of an entry that carries the reference alone.
func (p *Plan) place(found trace, m api.Movement) error {
	if m.InventoryID != "" && settle.SameMovement(m, m.InventoryID, p.Qty) {
		for _, h := range []Half{Out, In, BackOut, BackIn} {
			if _, taken := found[h]; !taken && p.side(h).RecordID == m.InventoryID {
				found[h] = m
				return nil
			}
		}
	}
	return fmt.Errorf("the log holds a movement of %d of record %q under reference %s that is no part of this transfer", m.QtyChange, m.InventoryID, p.Reference)
}

// look reads the log and takes over what it shows.
func (w *Work) look(ctx context.Context) error {
	entries, err := w.env.entries(ctx, w.plan.Reference, w.since())
	if err != nil {
		return err
	}
	return w.believe(entries)
}

// believe takes over what the log shows of the transfer.
func (w *Work) believe(entries []api.Movement) error {
	found, err := w.plan.traceOf(entries)
	if err != nil {
		return err
	}
	for _, h := range halves() {
		_, there := found[h]
		switch was := w.plan.state(h); {
		case there && was != Applied:
			w.plan.set(h, Applied, w.plan.Halves[h].Sent)
			w.confirmed = true
		case !there && was == Applied:
			return fmt.Errorf("the log does not show %s, which the API has accepted: what it leaves out proves nothing", token(w.plan.Reference, h))
		}
	}
	return nil
}

// since is where the log may begin to matter, by our clock as it stands now: it
// may have been set right since the transfer began. Zero is all of the log.
func (w *Work) since() time.Time {
	now := w.env.Now()
	server, known := w.env.Client.ServerTime(now)
	if w.plan.LogFrom == nil || !known {
		return time.Time{}
	}
	return w.plan.LogFrom.Add(now.Sub(server))
}

// rebuild makes a plan from the log alone, nil when the log does not know the
// reference. What it does not show may be on its way from another machine.
func (e Env) rebuild(ctx context.Context, reference string) (*Plan, error) {
	entries, err := e.entries(ctx, reference, time.Time{})
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	p, err := planOf(reference, entries)
	if err != nil {
		return nil, err
	}
	found, err := p.traceOf(entries)
	if err != nil {
		return nil, err
	}
	now := e.Now()
	for _, h := range halves() {
		if _, there := found[h]; there {
			p.set(h, Applied, time.Time{})
		}
	}
	if !p.Done() {
		for _, h := range halves() {
			if p.state(h) == Open {
				p.set(h, Sent, now)
			}
		}
	}
	p.Profile, p.BaseURL = e.Profile, e.BaseURL
	p.Undoing = p.state(BackIn) == Applied || p.state(BackOut) == Applied
	return p, nil
}

// planOf reads the plan from the notes of a half.
func planOf(reference string, entries []api.Movement) (*Plan, error) {
	for _, m := range entries {
		said, ok := parseNotes(reference, m.Notes)
		if !ok {
			continue
		}
		p := &Plan{
			Reference: reference, ProductID: m.ProductID, Qty: said.qty,
			From: Side{RecordID: said.from, Label: said.from}, To: Side{RecordID: said.to, Label: said.to},
			Plain: !strings.HasPrefix(strings.ToUpper(m.Action), "TRANSFERRED"),
		}
		if at := m.Timestamp; said.half == Out && at != nil && at.Zoned {
			p.Started, p.LogFrom = at.Time, &at.Time
		}
		return p, nil
	}
	return nil, errors.New("its movements do not tell both records")
}

func byAge(plans []Plan) {
	slices.SortFunc(plans, func(a, b Plan) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.Reference, b.Reference))
	})
}
