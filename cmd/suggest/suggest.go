// Package suggest offers the shell what the profile's store holds: warehouses,
// products, SKUs, records; and the profiles. It answers in half a second or not
// at all, says nothing on stderr, asks nobody and never signs in; what it read
// is kept for ten minutes, per account. It opens no keyring, which might ask to
// be unlocked: for a profile whose secrets are there it offers what commands last
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
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/output"
)

const (
	patience = 500 * time.Millisecond
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

// Warehouses offers the codes of the store's warehouses, or the id where one
// has none.
func Warehouses(a *app.App) cobra.CompletionFunc {
	return from(a, kindWarehouses, warehouses)
}

// Products offers the ids of products.
func Products(a *app.App) cobra.CompletionFunc {
	return from(a, kindProducts, func(ctx context.Context, client *api.Client) ([]candidate, error) {
		var out []candidate
		for p, err := range client.Products(api.ProductFilter{}).PageSize(100).All(ctx) {
			if err != nil || len(out) == most {
				return out, err
			}
			out = append(out, candidate{p.ID, p.Name})
		}
		return out, nil
	})
}

// SKUs offers the SKUs of the product that another flag names: the merchant's
// own codes, or the id where one has none.
func SKUs(a *app.App, productFlag string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		product, err := cmd.Flags().GetString(productFlag)
		if err != nil || product == "" {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return from(a, "skus of "+product, func(ctx context.Context, client *api.Client) ([]candidate, error) {
			p, err := client.Product(ctx, product)
			var out []candidate
			for _, s := range p.SKUs() {
				out = append(out, candidate{either(s.Code, s.ID), attributes(s.Attributes)})
			}
			return out, err
		})(cmd, args, typed)
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

// candidate is one value with what it stands for, both as the API told them.
type candidate struct{ value, meaning string }

func warehouses(ctx context.Context, client *api.Client) ([]candidate, error) {
	list, err := client.Warehouses(ctx)
	return ofWarehouses(list), err
}

func ofWarehouses(list []api.Warehouse) []candidate {
	var out []candidate
	for _, w := range list {
		meaning := w.Name
		if !w.Active {
			meaning += " (inactive)"
		}
		out = append(out, candidate{either(w.Code, w.ID), meaning})
	}
	return out
}

// from offers what read returns, or what it returned a short while ago.
func from(a *app.App, kind string, read func(context.Context, *api.Client) ([]candidate, error)) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return begin(known(cmd.Context(), a, kind, read), typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// known returns the lines to offer, from the cache or from the API.
func known(ctx context.Context, a *app.App, kind string, read func(context.Context, *api.Client) ([]candidate, error)) []string {
	store := open(a, kind)
	if lines, fresh := store.load(); fresh {
		return lines
	}
	var found []candidate
	if !a.Peek(ctx, patience, func(ctx context.Context, client *api.Client) error {
		list, err := read(ctx, client)
		found = list
		return err
	}) {
		return nil
	}
	lines := linesOf(found)
	store.save(lines)
	return lines
}

// linesOf returns the candidates that can be offered, as the shell reads them.
func linesOf(list []candidate) []string {
	lines := []string{}
	for _, c := range list {
		if line, fit := c.line(); fit && !slices.Contains(lines, line) {
			lines = append(lines, line)
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

// begin returns the lines that go on from what was typed.
func begin(lines []string, typed string) []cobra.Completion {
	out := []cobra.Completion{}
	for _, line := range lines {
		if strings.HasPrefix(line, typed) {
			out = append(out, line)
		}
	}
	return out
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
