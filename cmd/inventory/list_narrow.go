package inventory

import (
	"context"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
)

// narrowing contains the flags that filter and sort records on the client side.
type narrowing struct {
	cli.Narrow
	location string
}

func (n *narrowing) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&n.location, "location", "", "only records at this `shelf` or bin, ignoring case; A-* matches all that begin with A-")
	cli.AddNarrow(cmd, &n.Narrow, show.Records(), "records", "their codes, names, ids or location", "availableQty")
}

// apply filters and sorts records. total then returns the number of matches.
func (n *narrowing) apply(ctx context.Context, a *app.App, records iter.Seq2[api.Record, error], total func() (int, bool)) (iter.Seq2[api.Record, error], func() (int, bool), error) {
	if n.location != "" {
		records, total = only(records, n.at), func() (int, bool) { return 0, false }
	}
	if n.Narrow == (cli.Narrow{}) {
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
	if err := names.NameList(ctx, list); err != nil {
		return nil, nil, err
	}
	narrowed := make([]api.Record, 0, len(list))
	for r, err := range cli.Narrowed(n.Narrow, show.Records(), texts, output.Items(list)) {
		if err != nil {
			return nil, nil, err
		}
		narrowed = append(narrowed, r)
	}
	return output.Items(narrowed), func() (int, bool) { return len(narrowed), true }, nil
}

// at reports whether a record is at the location.
func (n *narrowing) at(r api.Record) bool {
	want, here := strings.ToLower(strings.TrimSpace(n.location)), strings.ToLower(show.Known(r.Location, ""))
	if begin, several := strings.CutSuffix(want, "*"); several {
		return strings.HasPrefix(here, begin)
	}
	return here == want
}

// texts returns the names and other texts by which people know a record.
func texts(r api.Record) []string {
	return []string{
		show.Known(r.ProductName, ""), show.Known(r.SKUCode, ""), r.ProductID, r.SKUID, r.ID,
		show.Known(r.WarehouseCode, ""), r.WarehouseName, show.Known(r.Location, ""), attributes(r.VariantAttributes),
	}
}
