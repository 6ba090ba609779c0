package suggest

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/catalog"
)

// Warehouses completes the codes of the store's warehouses, or the id of one
// without a code.
func Warehouses(a *app.App) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		names := open(cmd.Context(), a, warehouses)
		if names == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		list, _ := names.Warehouses(cmd.Context())
		var found []candidate
		for _, w := range list {
			meaning := w.Name
			if !w.Active {
				meaning += " (inactive)"
			}
			found = append(found, candidate{either(w.Code, w.ID), meaning})
		}
		return linesOf(found, typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// Products completes the merchant's codes of products, or the id of one without a
// code.
func Products(a *app.App) cobra.CompletionFunc {
	return items(a, func(i catalog.Item) bool { return i.SKUID == "" })
}

// Items completes products without SKUs, and SKUs: everything that can have stock.
func Items(a *app.App) cobra.CompletionFunc {
	return items(a, func(i catalog.Item) bool { return i.SKUID != "" || i.Type != "VARIABLE" })
}

func items(a *app.App, wanted func(catalog.Item) bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		names := open(cmd.Context(), a, products)
		if names == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var found []candidate
		list, _ := names.Like(cmd.Context(), typed, most)
		for _, i := range list {
			if !wanted(i) {
				continue
			}
			meaning := phrase(i.Name, i.Attributes)
			found = append(found, candidate{i.Code, meaning})
			if id := either(i.SKUID, i.ProductID); i.Code == "" || typed != "" {
				found = append(found, candidate{id, meaning})
			}
		}
		return linesOf(found, typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// SKUs completes the SKUs of the product that another flag names: the merchant's
// codes, or the id of one without a code.
func SKUs(a *app.App, productFlag string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		ctx := cmd.Context()
		text, err := cmd.Flags().GetString(productFlag)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		if text == "" { // a SKU's code implies its product
			return items(a, func(i catalog.Item) bool { return i.SKUID != "" || i.Type != "VARIABLE" && i.Code != "" })(cmd, args, typed)
		}
		names, err := a.Copy()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		if names.Known() {
			if found := skusOf(ctx, names, text); len(found) > 0 {
				return linesOf(found, typed), cobra.ShellCompDirectiveNoFileComp
			}
		}
		if a.Peek(ctx, maxRead, func(ctx context.Context, client *api.Client) error {
			_, err := client.Product(ctx, text)
			return err
		}) && !names.Known() {
			names.Assume()
		}
		if !names.Known() {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return linesOf(skusOf(ctx, names, text), typed), cobra.ShellCompDirectiveNoFileComp
	}
}

func skusOf(ctx context.Context, names *catalog.Copy, product string) []candidate {
	list, err := names.ByID(ctx, product)
	if err == nil && len(list) == 0 {
		list, err = names.ByCode(ctx, product)
	}
	if err != nil || len(list) != 1 {
		return nil
	}
	var found []candidate
	skus, _ := names.SKUs(ctx, list[0].ProductID)
	for _, s := range skus {
		found = append(found, candidate{either(s.Code, s.SKUID), s.Attributes})
	}
	return found
}
