package transfer

import (
	"cmp"
	"errors"
	"slices"
)

// Stored is a transfer that is stored on this machine.
type Stored struct {
	Plan       Plan
	State      MoveState
	Unfinished bool   // it can be resumed
	Batch      string // the id of its batch, if it belongs to one
	File       string
	Line       int // in the file
}

// List returns the transfers of this machine, oldest first. The error lists those that
// cannot be read.
func List(single Store, files Batches) ([]Stored, error) {
	plans, err := single.plans().Heads()
	many, failed := files.batches().Heads()
	err = errors.Join(err, failed)
	begun := map[string]Plan{}
	for _, p := range plans {
		begun[p.Reference] = p
	}
	var out []Stored
	for _, b := range many {
		for _, m := range b.Moves {
			k := Stored{Plan: m.Plan, State: NotBegun, Unfinished: b.Finished == nil, Batch: b.ID, File: b.File, Line: m.Line}
			k.Plan.Profile, k.Plan.BaseURL, k.Plan.Started = b.Profile, b.BaseURL, b.Started
			if p, known := begun[m.Plan.Reference]; known {
				k.Plan, k.State, k.Unfinished = p, p.reached(), p.Finished == nil
				delete(begun, p.Reference)
			}
			out = append(out, k)
		}
	}
	for _, p := range begun {
		out = append(out, Stored{Plan: p, State: p.reached(), Unfinished: p.Finished == nil})
	}
	slices.SortStableFunc(out, func(a, b Stored) int {
		return cmp.Or(a.Plan.Started.Compare(b.Plan.Started), cmp.Compare(a.Batch, b.Batch), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Plan.Reference, b.Plan.Reference))
	})
	return out, err
}

// reached returns the state of a transfer according to its plan.
func (p *Plan) reached() MoveState {
	for _, h := range p.Halves {
		if h.State == Sent {
			return Unknown
		}
	}
	switch {
	case p.Undone():
		return TakenOff
	case p.Done():
		return Moved
	case p.halfway():
		return Halfway
	case p.Finished != nil:
		return Refused
	}
	return NotBegun
}
