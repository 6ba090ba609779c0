package cli

import (
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// Narrow contains the flags --search and --sort of a list that the API can neither search
// nor sort.
type Narrow struct{ Search, Sort string }

// AddNarrow adds the flags to the command that lists things. where describes the texts
// that are searched, and field is an example for --sort.
func AddNarrow[T any](cmd *cobra.Command, n *Narrow, view output.View[T], things, where, field string) {
	flags := cmd.Flags()
	flags.StringVar(&n.Search, "search", "", "only "+things+" that contain every word of the `text` in "+where)
	flags.StringVar(&n.Sort, "sort", "", "sort by this `field`, such as "+field+"; -FIELD reverses")
	CompleteValues(cmd, "sort", output.Sortable(view))
}

// CheckNarrow refuses unknown fields.
func CheckNarrow[T any](n Narrow, view output.View[T]) error {
	if n.Sort == "" {
		return nil
	}
	if _, err := output.Order(view, n.Sort); err != nil {
		return failure.WithHint(failure.Usagef("--sort: %w", err), "%s", failure.HintOf(err))
	}
	return nil
}

// Narrowed searches and sorts a list. texts returns the texts of an item that are
// searched. Sorting reads the whole list first. Errors of the list are returned.
func Narrowed[T any](n Narrow, view output.View[T], texts func(T) []string, list iter.Seq2[T, error]) iter.Seq2[T, error] {
	if n.Search != "" {
		list = matching(n.Search, texts, list)
	}
	if n.Sort == "" {
		return list
	}
	return func(yield func(T, error) bool) {
		var all []T
		for one, err := range list {
			if err != nil {
				yield(one, err)
				return
			}
			all = append(all, one)
		}
		order, err := output.Order(view, n.Sort)
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		slices.SortStableFunc(all, order)
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

func matching[T any](search string, texts func(T) []string, list iter.Seq2[T, error]) iter.Seq2[T, error] {
	words := strings.Fields(strings.ToLower(search))
	return func(yield func(T, error) bool) {
		for one, err := range list {
			if err == nil {
				text := strings.ToLower(strings.Join(texts(one), "\n"))
				if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
					continue
				}
			}
			if !yield(one, err) {
				return
			}
		}
	}
}
