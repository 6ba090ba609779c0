// Package suggest offers the shell what the profile's store holds: warehouses,
// products and SKUs by the merchant's codes, records; and the profiles. It answers
// in half a second or not at all, says nothing on stderr, asks nobody and never
// signs in. It offers what the local copy of the names holds; what that lacks, or
// was read ten minutes ago, is read first. It opens no keyring, which might ask to
// be unlocked: for a profile whose secrets are there it offers what commands have
// read.
package suggest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/output"
)

const (
	patience = 500 * time.Millisecond
	lifetime = 10 * time.Minute
	// most is how many things are offered: nobody reads more, and no store is
	// read to its end for it.
	most = 500
)

// Flag offers values for a flag of cmd. The flag must be declared.
func Flag(cmd *cobra.Command, flag string, values cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, values); err != nil {
		panic(err) // every test would
	}
}

// First offers values for a command's first argument alone.
func First(values cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return values(cmd, args, typed)
	}
}

// Profiles offers the stored profiles, and sandbox where it is taken.
func Profiles(a *app.App, withSandbox bool) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var names []cobra.Completion
		if c, err := a.Config(); err == nil {
			for _, p := range c.Profiles() {
				names = append(names, p.Name)
			}
		}
		if withSandbox {
			names = append(names, config.Sandbox)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}

// kind is a list that is read to be offered from the copy.
type kind string

const (
	warehouses kind = "warehouses"
	products   kind = "products"
	records    kind = "records"
)

// read reads a part of the list that the copy can learn from.
func (k kind) read(ctx context.Context, client *api.Client) error {
	switch k {
	case products:
		return some(client.Products(api.ProductFilter{}).PageSize(100).All(ctx))
	case records:
		// Without the warehouses, ids will do.
		_, _ = client.Warehouses(ctx)
		return some(client.Records().PageSize(100).All(ctx))
	}
	_, err := client.Warehouses(ctx)
	return err
}

// some reads as much of a list as is offered.
func some[T any](list func(func(T, error) bool)) (err error) {
	count := 0
	list(func(_ T, failed error) bool {
		err = failed
		count++
		return err == nil && count < most
	})
	return err
}

// open returns the copy of the names after it has learned what is offered of a
// kind, where that was not read a short while ago.
func open(ctx context.Context, a *app.App, kinds ...kind) *catalog.Copy {
	names, err := a.Copy()
	if err != nil {
		return nil
	}
	c, err := a.Config()
	if err != nil || c.RequireProfile() != nil {
		return nil
	}
	for _, k := range kinds {
		if c.InKeyring() || names.Known() && fresh(ctx, a, names, k) {
			continue
		}
		if !a.Peek(ctx, patience, k.read) {
			continue // what is known from before may still be offered
		}
		if !names.Known() {
			names.Assume()
		}
		if names.Mark(ctx, string(k)) != nil {
			return nil
		}
	}
	if !names.Known() {
		return nil
	}
	return names
}

// fresh tells whether a list was read lately.
func fresh(ctx context.Context, a *app.App, names *catalog.Copy, k kind) bool {
	recent := func(at time.Time, known bool, err error) bool {
		age := a.Now().Sub(at)
		return err == nil && known && age >= 0 && age < lifetime
	}
	return recent(names.Marked(ctx, string(k))) || k == products && recent(names.Complete(ctx))
}

// candidate is one value with what it stands for, both as the API told them.
type candidate struct{ value, meaning string }

// linesOf returns the candidates that can be offered, as the shell reads them,
// each once.
func linesOf(list []candidate, typed string) []cobra.Completion {
	lines, seen := []cobra.Completion{}, map[string]bool{}
	for _, c := range list {
		line, fit := c.line()
		if !fit || seen[c.value] || !strings.HasPrefix(c.value, typed) {
			continue
		}
		seen[c.value] = true
		if lines = append(lines, line); len(lines) == most {
			break
		}
	}
	return lines
}

// line is the candidate as the shell reads it. A value that a terminal would
// obey, or that cobra or a command would take for something else, is not
// offered.
func (c candidate) line() (string, bool) {
	if c.value == "" || output.Clean(c.value) != c.value || strings.HasPrefix(c.value, "-") || strings.HasPrefix(c.value, "_activeHelp_") {
		return "", false
	}
	meaning := []rune(strings.Join(strings.Fields(c.meaning), " "))
	if len(meaning) > 60 {
		meaning = append(meaning[:59], '…')
	}
	return cobra.CompletionWithDesc(c.value, output.Clean(string(meaning))), true
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// phrase joins what is there.
func phrase(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}
