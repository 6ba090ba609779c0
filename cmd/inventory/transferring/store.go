package transferring

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/transfer"
)

// store is where the transfers of this machine are kept.
func store(a *app.App) (transfer.Store, error) {
	dir, err := unfinished.Folder(a, "transfers")
	return transfer.Store{Dir: dir}, err
}

// open is a transfer, or a file of them, that is neither done nor undone.
type open struct{ name, standing string }

// openWork lists what is unfinished. The transfers of a file are no work of their
// own.
func openWork(a *app.App) (out []open, err error) {
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	kept, err := store(a)
	if err != nil {
		return nil, err
	}
	files, err := batches(a)
	if err != nil {
		return nil, err
	}
	many, err := files.Unfinished(unfinished.Owner(c))
	if err != nil {
		return nil, err
	}
	single, err := kept.Unfinished(unfinished.Owner(c))
	if err != nil {
		return nil, err
	}
	for _, b := range many {
		out = append(out, open{b.ID, failure.Count(len(b.Moves), "move", "moves") + " of " + b.File})
		single = slices.DeleteFunc(single, func(p transfer.Plan) bool { return b.Has(p.Reference) })
	}
	for _, p := range single {
		out = append(out, open{p.Reference, p.Standing()})
	}
	return out, nil
}

// openTransfers completes the name of what is unfinished.
func openTransfers(a *app.App) cobra.CompletionFunc {
	return unfinished.Complete(func() (out []cobra.Completion, err error) {
		all, err := openWork(a)
		for _, one := range all {
			out = append(out, cobra.CompletionWithDesc(one.name, one.standing))
		}
		return out, err
	})
}
