package transferring

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/transfer"
)

// store returns the store with the transfers on this machine.
func store(a *app.App) (transfer.Store, error) {
	dir, err := unfinished.Folder(a, "transfers")
	return transfer.Store{Dir: dir}, err
}

// open is an unfinished transfer, or an unfinished file of transfers.
type open struct{ name, status string }

// openWork lists what is unfinished. It lists a file of transfers as one entry, instead
// of its transfers.
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
		out = append(out, open{p.Reference, p.Summary()})
	}
	return out, nil
}

// openTransfers completes the name of an unfinished transfer or file.
func openTransfers(a *app.App) cobra.CompletionFunc {
	return unfinished.Complete(func() (out []cobra.Completion, err error) {
		all, err := openWork(a)
		for _, one := range all {
			out = append(out, cobra.CompletionWithDesc(one.name, one.status))
		}
		return out, err
	})
}
