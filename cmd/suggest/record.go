package suggest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
)

// Records offers the addresses of inventory records, PRODUCT[/SKU]@WAREHOUSE,
// for a command's one argument.
func Records(a *app.App) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before, ok := split(args, typed)
		if !ok {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		all := known(cmd.Context(), a, kindRecords, addresses)
		offered := begin(all, before+typed)
		for i, line := range offered {
			offered[i] = strings.TrimPrefix(line, before)
		}
		return offered, cobra.ShellCompDirectiveNoFileComp
	}
}

// split returns what of the argument stands before the typed word. To bash an @
// ends a word: it hands over "prod_1", "@" and "LG", and puts what is offered in
// the place of the last one.
func split(args []string, typed string) (before string, ok bool) {
	switch {
	case len(args) == 0:
		return "", true
	case len(args) == 1 && strings.HasPrefix(typed, "@"):
		return args[0], true
	case len(args) == 2 && args[1] == "@":
		return args[0] + "@", true
	}
	return "", false
}

// RecordIDs offers the ids of inventory records.
func RecordIDs(a *app.App) cobra.CompletionFunc {
	return from(a, kindRecordIDs, func(ctx context.Context, client *api.Client) ([]candidate, error) {
		return records(ctx, client, func(r api.Record, address string) candidate { return candidate{r.ID, address} })
	})
}

func addresses(ctx context.Context, client *api.Client) ([]candidate, error) {
	return records(ctx, client, func(r api.Record, address string) candidate {
		c := candidate{value: address, meaning: r.WarehouseName}
		if r.OnHandQty != nil {
			c.meaning = strings.TrimPrefix(fmt.Sprintf("%s, %d on hand", r.WarehouseName, *r.OnHandQty), ", ")
		}
		return c
	})
}

// records reads the newest records and makes a candidate of each.
func records(ctx context.Context, client *api.Client, offer func(api.Record, string) candidate) ([]candidate, error) {
	codes := map[string]string{}
	list, err := client.Warehouses(ctx)
	if err == nil { // without the names, ids will do
		for _, w := range list {
			codes[w.ID] = w.Code
		}
	}
	var out []candidate
	for r, err := range client.Records().PageSize(100).All(ctx) {
		if err != nil || len(out) == most {
			return out, err
		}
		out = append(out, offer(r, addressOf(r, codes)))
	}
	return out, nil
}

// addressOf is how a record is named: by the code of its warehouse where that is
// known.
func addressOf(r api.Record, codes map[string]string) string {
	address := r.ProductID
	if r.SKUID != "" {
		address += "/" + r.SKUID
	}
	return address + "@" + either(codes[r.WarehouseID], r.WarehouseID)
}

func attributes(of map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		parts = append(parts, name+" "+of[name])
	}
	return strings.Join(parts, ", ")
}
