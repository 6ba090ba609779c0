package inventory

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/transfer"
)

// What this machine keeps of work that may have to be gone on with, by folder
// of the state folder.

func importStore(a *app.App) (journal.Store, error) {
	dir, err := stateDir(a, "imports")
	return journal.Store{Dir: dir}, err
}

func transferStore(a *app.App) (transfer.Store, error) {
	dir, err := stateDir(a, "transfers")
	return transfer.Store{Dir: dir}, err
}

func countStore(a *app.App) (count.Store, error) {
	dir, err := stateDir(a, "counts")
	return count.Store{Dir: dir}, err
}

func stateDir(a *app.App, name string) (string, error) {
	c, err := a.Config()
	if err != nil {
		return "", err
	}
	dir, err := c.StateDir()
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return "", failure.New(failure.Config, "the state folder %s is a file", dir).Hint("set STOCKCTL_STATE_DIR to a folder")
	}
	return filepath.Join(dir, name), nil
}

// whose is the store that kept work belongs to: the base URL, which the sandbox
// has none of.
func whose(c *config.Config) string {
	if c.IsSandbox() {
		return c.Profile()
	}
	return c.BaseURL().Value
}

// onlyOne is the id of the one thing that is unfinished, for who names none: ids
// and what tells each from the others, in one order.
func onlyOne(thing string, ids, labels []string) (string, error) {
	switch len(ids) {
	case 0:
		return "", failure.Usagef("no %s is unfinished", thing)
	case 1:
		return ids[0], nil
	}
	named := make([]string, len(ids))
	for i, id := range ids {
		named[i] = id + " (" + labels[i] + ")"
	}
	return "", failure.Usagef("%d %ss are unfinished: name one", len(ids), thing).Hint("there is %s", failure.OneOf(named))
}

// kept offers the names of kept work as a command's one argument. It asks no
// API, and offers nothing where the names cannot be read.
func kept(list func() ([]cobra.Completion, error)) cobra.CompletionFunc {
	return suggest.First(func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		out, err := list()
		if err != nil {
			out = nil
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	})
}

// keptRuns offers imports: bulk.Unfinished or bulk.Runs.
func keptRuns(a *app.App, which func(journal.Store) ([]journal.Info, error)) cobra.CompletionFunc {
	return kept(func() (out []cobra.Completion, err error) {
		store, err := importStore(a)
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

// keptTransfers offers the transfers that are neither done nor undone.
func keptTransfers(a *app.App) cobra.CompletionFunc {
	return kept(func() (out []cobra.Completion, err error) {
		store, err := transferStore(a)
		if err != nil {
			return nil, err
		}
		c, err := a.Config()
		if err != nil {
			return nil, err
		}
		plans, err := store.Unfinished(whose(c))
		for _, p := range plans {
			out = append(out, cobra.CompletionWithDesc(p.Reference, p.Standing()))
		}
		return out, err
	})
}

// keptCounts offers the counts that are not posted.
func keptCounts(a *app.App) cobra.CompletionFunc {
	return kept(func() (out []cobra.Completion, err error) {
		store, err := countStore(a)
		if err != nil {
			return nil, err
		}
		sessions, err := store.Unfinished()
		for _, s := range sessions {
			out = append(out, cobra.CompletionWithDesc(s.ID, s.Started.Format("2006-01-02 15:04")))
		}
		return out, err
	})
}
