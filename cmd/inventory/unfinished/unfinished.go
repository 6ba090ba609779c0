// Package unfinished finds the unfinished work on this machine: where it is stored, which
// store it is for, and which one a command means if none is named.
package unfinished

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/prompt"
)

// Folder returns the part of the state folder for one kind of work.
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

// Owner returns the store that the work is for: the base URL or, for the sandbox, the
// profile.
func Owner(c *config.Config) string {
	if c.IsSandbox() {
		return c.Profile()
	}
	return c.BaseURL().Value
}

// Only returns the id of the only unfinished thing if the user named none. If there are
// several, it asks. Each of ids has a label to tell them apart.
func Only(ctx context.Context, a *app.App, thing string, ids, labels []string) (string, error) {
	switch len(ids) {
	case 0:
		return "", failure.Usagef("there is no unfinished %s", thing)
	case 1:
		return ids[0], nil
	}
	ask, err := a.CanAsk()
	if err != nil {
		return "", err
	}
	named := make([]string, len(ids))
	choice := prompt.Choice{Title: "Unfinished " + thing}
	for i, id := range ids {
		named[i] = id + " (" + labels[i] + ")"
		choice.Options = append(choice.Options, prompt.Option{Value: id, Label: id + "  " + labels[i]})
	}
	if !ask {
		return "", failure.Usagef("%d %ss are unfinished: name one", len(ids), thing).Hint("use %s", failure.OneOf(named))
	}
	return a.Select(ctx, choice)
}

// ConfirmForget asks before deleting something unfinished, or something that damaged says
// cannot be read. thing is "run" or "count", and about adds details to the question.
func ConfirmForget(ctx context.Context, a *app.App, thing, id, about string, damaged error) error {
	state := "is not finished"
	if damaged != nil {
		a.Note("%s", damaged)
		state = "cannot be read"
	}
	yes, asked, err := a.Confirm(ctx, fmt.Sprintf("%s %s%s %s. Forget it?", failure.Capital(thing), id, about, state))
	switch {
	case err != nil:
		return err
	case !asked:
		return failure.Usagef("%s %s %s, and there is no terminal to prompt on", thing, id, state).Hint("add --yes")
	case !yes:
		return failure.ErrCancelled
	}
	return nil
}

// Complete offers names of stored work as a command's only argument. It makes no
// requests, and offers nothing if the names cannot be read.
func Complete(list func() ([]cobra.Completion, error)) cobra.CompletionFunc {
	return suggest.First(func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		out, err := list()
		if err != nil {
			out = nil
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	})
}
