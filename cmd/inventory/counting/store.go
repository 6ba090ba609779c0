package counting

import (
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/count"
)

// store returns the store with the counts on this machine.
func store(a *app.App) (count.Store, error) {
	dir, err := unfinished.Folder(a, "counts")
	return count.Store{Dir: dir}, err
}

// openCounts completes the id of a count that is not posted.
func openCounts(a *app.App) cobra.CompletionFunc {
	return unfinished.Complete(func() (out []cobra.Completion, err error) {
		kept, err := store(a)
		if err != nil {
			return nil, err
		}
		sessions, err := kept.Unfinished()
		for _, s := range sessions {
			out = append(out, cobra.CompletionWithDesc(s.ID, s.Started.Format("2006-01-02 15:04")))
		}
		return out, err
	})
}
