package transferring

import (
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/transfer"
)

// store is where the transfers of this machine are kept.
func store(a *app.App) (transfer.Store, error) {
	dir, err := unfinished.Folder(a, "transfers")
	return transfer.Store{Dir: dir}, err
}

// openTransfers completes the reference of a transfer that is neither done nor
// undone.
func openTransfers(a *app.App) cobra.CompletionFunc {
	return unfinished.Complete(func() (out []cobra.Completion, err error) {
		kept, err := store(a)
		if err != nil {
			return nil, err
		}
		c, err := a.Config()
		if err != nil {
			return nil, err
		}
		plans, err := kept.Unfinished(unfinished.Owner(c))
		for _, p := range plans {
			out = append(out, cobra.CompletionWithDesc(p.Reference, p.Standing()))
		}
		return out, err
	})
}
