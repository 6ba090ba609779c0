package importing

import (
	"path/filepath"

	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// runNames completes the id of a run from a list: ledger.Unfinished or ledger.Runs.
func runNames(a *app.App, which func(journal.Store) ([]journal.Info, error)) cobra.CompletionFunc {
	return unfinished.Complete(func() (out []cobra.Completion, err error) {
		store, err := sending.Store(a)
		if err != nil {
			return nil, err
		}
		runs, err := which(store)
		for _, r := range runs {
			out = append(out, cobra.CompletionWithDesc(r.ID, filepath.Base(r.File)))
		}
		return out, err
	})
}
