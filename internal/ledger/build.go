package ledger

import (
	"errors"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

// Build reserves the folder of a new run in the store of env and writes the plan into
// it: fill adds the writes in order. The caller starts the draft with Begin or removes
// it with Discard. An error leaves nothing behind.
func Build(env Env, mode stock.Mode, fill func(add func(*Write) error) error) (Draft, error) {
	var d Draft
	var err error
	if d.Folder, err = env.Store.Reserve(journal.NewID(env.Now())); err != nil {
		return Draft{}, err
	}
	out, err := NewPlan(filepath.Join(d.Folder.Dir(), PlanName+"-1"), mode)
	if err == nil {
		err = fill(out.Add)
		var closed error
		d.Plan, closed = out.Close()
		err = errors.Join(err, closed)
	}
	if err != nil {
		return Draft{}, errors.Join(err, d.Discard())
	}
	return d, nil
}

// ID returns the id of the run that the draft becomes.
func (d Draft) ID() string { return filepath.Base(d.Folder.Dir()) }

// Discard removes a draft that has not started.
func (d Draft) Discard() error { return d.Folder.Discard() }
