package inventory

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// narrowing contains the flags that choose and sort records on this side.
type narrowing struct {
	location string
	search   string
	sort     string
}

func (n *narrowing) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&n.location, "location", "", "only records at this `shelf` or bin, in any case; A-* matches all that begin with A-")
	flags.StringVar(&n.search, "search", "", "only records that contain every word of the `text` in their codes, names, ids or location")
	flags.StringVar(&n.sort, "sort", "", "sort by this `field`, such as availableQty; -FIELD reverses")
	cli.CompleteValues(cmd, "sort", output.Sortable(show.Records()))
}

// check refuses unknown fields.
func (n *narrowing) check() error {
	if n.sort == "" {
		return nil
	}
	if _, err := output.Order(show.Records(), n.sort); err != nil {
		return failure.WithHint(failure.Usagef("--sort: %w", err), "%s", failure.HintOf(err))
	}
	return nil
}

// apply filters and sorts records. total is then the number of those that match.
func (n *narrowing) apply(ctx context.Context, a *app.App, records iter.Seq2[api.Record, error], total func() (int, bool)) (iter.Seq2[api.Record, error], func() (int, bool), error) {
	if n.location != "" {
		records, total = only(records, n.at), func() (int, bool) { return 0, false }
	}
	if n.search == "" && n.sort == "" {
		return records, total, nil
	}
	var list []api.Record
	for r, err := range records {
		if err != nil {
			return nil, nil, err
		}
		list = append(list, r)
	}
	names, err := a.Names(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := names.NameAll(ctx, pointers(list)); err != nil {
		return nil, nil, err
	}
	if n.search != "" {
		words := strings.Fields(strings.ToLower(n.search))
		list = slices.DeleteFunc(list, func(r api.Record) bool { return !contains(r, words) })
	}
	if n.sort != "" {
		order, err := output.Order(show.Records(), n.sort)
		if err != nil {
			return nil, nil, err
		}
		slices.SortStableFunc(list, order)
	}
	return output.Items(list), func() (int, bool) { return len(list), true }, nil
}

func pointers(list []api.Record) iter.Seq[*api.Record] {
	return func(yield func(*api.Record) bool) {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}
}

// at reports whether a record is at the location.
func (n *narrowing) at(r api.Record) bool {
	want, here := strings.ToLower(strings.TrimSpace(n.location)), strings.ToLower(show.Known(r.Location, ""))
	if begin, several := strings.CutSuffix(want, "*"); several {
		return strings.HasPrefix(here, begin)
	}
	return here == want
}

// contains reports whether every word, in lower case, occurs in what people know of a
// record.
func contains(r api.Record, words []string) bool {
	text := fmt.Sprint(
		show.Known(r.ProductName, ""), "\n", show.Known(r.SKUCode, ""), "\n", r.ProductID, "\n", r.SKUID, "\n", r.ID, "\n",
		show.Known(r.WarehouseCode, ""), "\n", r.WarehouseName, "\n", show.Known(r.Location, ""), "\n", attributes(r.VariantAttributes))
	text = strings.ToLower(text)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}
