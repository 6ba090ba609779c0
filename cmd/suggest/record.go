package suggest

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/stock"
)

// Records completes the addresses of inventory records, ITEM@WAREHOUSE, for the
// only argument of a command.
func Records(a *app.App) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before, ok := split(args, typed)
		if !ok {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		offered := addresses(cmd.Context(), a, before+typed)
		for i, line := range offered {
			offered[i] = strings.TrimPrefix(line, before)
		}
		return offered, cobra.ShellCompDirectiveNoFileComp
	}
}

// split returns the part of the argument before the word being completed. In bash
// an @ separates words: it passes "prod_1", "@" and "LG", and replaces only the
// last of them.
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

// RecordIDs completes the ids of inventory records, or their addresses if no id
// matches.
func RecordIDs(a *app.App) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var found []candidate
		if names := open(cmd.Context(), a, products, records); names != nil {
			list := recordList{ctx: cmd.Context(), names: names}
			known, _ := names.Records(cmd.Context(), "", most)
			for _, r := range known {
				found = append(found, candidate{r.ID, list.candidates(r)[0].value})
			}
		}
		lines := linesOf(found, typed)
		if len(lines) == 0 {
			lines = addresses(cmd.Context(), a, typed)
		}
		return lines, cobra.ShellCompDirectiveNoFileComp
	}
}

// addresses returns the records in the copy whose item begins with the typed text.
func addresses(ctx context.Context, a *app.App, typed string) []cobra.Completion {
	names := open(ctx, a, products, records)
	if names == nil {
		return nil
	}
	list := recordList{ctx: ctx, names: names}
	if typed == "" {
		known, _ := names.Records(ctx, "", most)
		for _, r := range known {
			list.found = append(list.found, list.candidates(r)[0])
		}
		return linesOf(list.found, typed)
	}
	item := strings.TrimLeft(typed, `"`)
	if end := strings.IndexAny(item, `"/@`); end >= 0 {
		item = item[:end]
	}
	seen := map[string]bool{}
	like, _ := names.Like(ctx, item, most)
	for _, i := range like {
		if len(list.found) >= 2*most {
			break
		}
		list.add(i.ProductID, seen)
	}
	known, _ := names.RecordsLike(ctx, item, most) // of products missing from the product list
	for _, r := range known {
		list.found = append(list.found, list.candidates(r)...)
	}
	return linesOf(list.found, typed)
}

// recordList collects the addresses of records.
type recordList struct {
	ctx        context.Context
	names      *catalog.Copy
	warehouses map[string]catalog.Warehouse
	found      []candidate
}

func (l *recordList) add(product string, seen map[string]bool) {
	if product == "" || seen[product] {
		return
	}
	seen[product] = true
	known, _ := l.names.Records(l.ctx, product, most)
	for _, r := range known {
		l.found = append(l.found, l.candidates(r)...)
	}
}

// candidates returns the addresses of a record: by its code if that is unique, and
// by ids, with a slash in an id also as people type it.
func (l *recordList) candidates(r catalog.Record) []candidate {
	w, known := l.warehouse(r.WarehouseID)
	if !known {
		w = catalog.Warehouse{ID: r.WarehouseID}
	}
	ids := stock.Address{Product: r.ProductID, SKU: r.SKUID, Warehouse: either(w.Code, w.ID)}
	item, code := l.item(r)
	meaning := phrase(item.Name, item.Attributes, w.Name)
	out := []candidate{}
	if code != "" {
		out = append(out, candidate{stock.Address{Product: code, Warehouse: ids.Warehouse}.Short(), meaning})
	}
	out = append(out, candidate{ids.Short(), meaning})
	if loose := ids.Product + "@" + ids.Warehouse; ids.SKU == "" && loose != ids.Short() {
		if a, err := stock.ParseAddress(loose); err == nil && a.Joined == ids.Product && a.Warehouse == ids.Warehouse {
			out = append(out, candidate{loose, meaning})
		}
	}
	return out
}

// item returns the item of a record, and its code if no other item has the same.
func (l *recordList) item(r catalog.Record) (item catalog.Item, code string) {
	list, err := l.names.ByID(l.ctx, either(r.SKUID, r.ProductID))
	if err != nil {
		return item, ""
	}
	for _, i := range list {
		if i.ProductID == r.ProductID && i.SKUID == r.SKUID {
			item = i
		}
	}
	if item.Code == "" {
		return item, ""
	}
	same, err := l.names.ByCode(l.ctx, item.Code)
	if err != nil || len(same) != 1 || !same[0].Same(item) {
		return item, ""
	}
	return item, item.Code
}

func (l *recordList) warehouse(id string) (catalog.Warehouse, bool) {
	if l.warehouses == nil {
		l.warehouses = map[string]catalog.Warehouse{}
		list, _ := l.names.Warehouses(l.ctx)
		for _, w := range list {
			l.warehouses[w.ID] = w
		}
	}
	w, known := l.warehouses[id]
	return w, known
}
