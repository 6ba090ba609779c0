package transfer

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/workdir"
)

// Store is the folder that contains the folders of transfers.
type Store struct{ Dir string }

// plans returns the working folder of the transfers.
func (s Store) plans() workdir.Store[Plan] {
	return workdir.Store[Plan]{Dir: s.Dir, Kind: workdir.Kind[Plan]{
		Name: "transfer", IsID: ValidReference, Older: "plan.json", Check: complete,
		Damaged: "remove the file and run the command again: the rest is in the movement log",
		Missing: func(reference string) error {
			return failure.New(failure.NotFound, "no transfer %s is known on this machine or in the movement log", reference).
				Hint("see `stockctl inventory logs --action transferred_out`")
		},
	}}
}

// Identity returns the reference of the transfer, and when it finished.
func (p Plan) Identity() (reference string, finished *time.Time) { return p.Reference, p.Finished }

func complete(p *Plan) error {
	if p.Qty < 1 || p.From.RecordID == "" || p.To.RecordID == "" {
		return errors.New("it is not the plan of a transfer")
	}
	return nil
}

// Plan reads the plan of a transfer.
func (s Store) Plan(reference string) (Plan, error) { return s.plans().Head(reference) }

// Unfinished lists the transfers for one API that are neither done nor undone, oldest
// first.
func (s Store) Unfinished(baseURL string) ([]Plan, error) {
	open, err := s.plans().Unfinished()
	open = slices.DeleteFunc(open, func(p Plan) bool { return p.BaseURL != baseURL })
	slices.SortFunc(open, func(a, b Plan) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.Reference, b.Reference))
	})
	return open, err
}

// Prune removes the plans of transfers that finished long ago.
func (s Store) Prune(now time.Time) error { return s.plans().Prune(now, nil) }
