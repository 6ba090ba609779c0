// Package suggest provides shell completion for the contents of the profile's
// store: warehouses, products and SKUs by the merchant's codes, and records; and for
// profiles. It completes from the local copy of the names, after reading what is
// missing or older than ten minutes. It takes half a second at most, writes nothing
// to stderr, and never prompts or signs in. It does not open a keyring, which might
// ask to be unlocked: for a profile with secrets in a keyring it completes only
// what other commands have read.
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
	maxRead  = 500 * time.Millisecond
	lifetime = 10 * time.Minute
	// most limits the number of suggestions, and what is read to find them.
	most = 500
)

// Flag registers the completion of a flag of cmd. The flag must exist.
func Flag(cmd *cobra.Command, flag string, values cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, values); err != nil {
		panic(err) // a programming error that every test finds
	}
}

// First completes only the first argument of a command.
func First(values cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return values(cmd, args, typed)
	}
}

// Profiles completes the stored profiles and, where it is accepted, sandbox.
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

// kind is a list of the API that fills the copy.
type kind string

const (
	warehouses kind = "warehouses"
	products   kind = "products"
	records    kind = "records"
)

// read reads a part of the list, which the copy records.
func (k kind) read(ctx context.Context, client *api.Client) error {
	switch k {
	case products:
		return some(client.Products(api.ProductFilter{}).PageSize(100).All(ctx))
	case records:
		// Without the warehouses, ids are used.
		_, _ = client.Warehouses(ctx)
		return some(client.Records().PageSize(100).All(ctx))
	}
	_, err := client.Warehouses(ctx)
	return err
}

// some reads as much of a list as can be suggested.
func some[T any](list func(func(T, error) bool)) (err error) {
	count := 0
	list(func(_ T, failed error) bool {
		err = failed
		count++
		return err == nil && count < most
	})
	return err
}

// open returns the copy of the names, after reading the kinds that were not read
// recently.
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
		if !a.Peek(ctx, maxRead, k.read) {
			continue // what the copy already has may still help
		}
		if !names.Known() {
			names.Assume()
		}
		if names.Stamp(ctx, string(k)) != nil {
			return nil
		}
	}
	if !names.Known() {
		return nil
	}
	return names
}

// fresh reports whether a list was read recently.
func fresh(ctx context.Context, a *app.App, names *catalog.Copy, k kind) bool {
	recent := func(at time.Time, known bool, err error) bool {
		age := a.Now().Sub(at)
		return err == nil && known && age >= 0 && age < lifetime
	}
	return recent(names.Stamped(ctx, string(k))) || k == products && recent(names.Complete(ctx))
}

// candidate is a value with its description, both as returned by the API.
type candidate struct{ value, meaning string }

// linesOf returns the candidates that match as completions, without duplicates.
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

// line returns the candidate as a completion. It rejects values that contain
// control characters or that cobra, a command or a shell would misinterpret: fish
// inserts a tilde at the beginning unquoted.
func (c candidate) line() (string, bool) {
	if c.value == "" || output.Clean(c.value) != c.value || strings.ContainsAny(c.value[:1], "-~") || strings.HasPrefix(c.value, "_activeHelp_") {
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

// phrase joins the parts that are not blank.
func phrase(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}
