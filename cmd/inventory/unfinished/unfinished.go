// Package unfinished finds the work that this machine keeps: where it is, whose
// it is, and which of it a command without a name means.
package unfinished

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// Folder is the part of the state folder that keeps one kind of work.
func Folder(a *app.App, name string) (string, error) {
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

// Owner is the store that kept work belongs to: the base URL, which the sandbox
// has none of.
func Owner(c *config.Config) string {
	if c.IsSandbox() {
		return c.Profile()
	}
	return c.BaseURL().Value
}

// Only is the id of the one thing that is unfinished, for who names none: ids
// and what tells each from the others, in one order.
func Only(thing string, ids, labels []string) (string, error) {
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
	return "", failure.Usagef("%d %ss are unfinished: name one", len(ids), thing).Hint("use %s", failure.OneOf(named))
}

// ConfirmForget asks before something unfinished is forgotten: thing is "run" or
// "count", about says more of it in the question.
func ConfirmForget(ctx context.Context, a *app.App, thing, id, about string) error {
	yes, asked, err := a.Confirm(ctx, strings.ToUpper(thing[:1])+thing[1:]+" "+id+about+" is not finished. Forget it?")
	switch {
	case err != nil:
		return err
	case !asked:
		return failure.Usagef("%s %s is not finished, and there is no terminal to prompt on", thing, id).Hint("add --yes")
	case !yes:
		return failure.ErrCancelled
	}
	return nil
}

// Complete offers the names of kept work as a command's one argument. It asks no
// API, and offers nothing where the names cannot be read.
func Complete(list func() ([]cobra.Completion, error)) cobra.CompletionFunc {
	return suggest.First(func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		out, err := list()
		if err != nil {
			out = nil
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	})
}
