package inventory

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/prompt"
)

// maxSuggestions bounds how many products are read to be suggested.
const maxSuggestions = 200

// form asks for the fields of one record that nobody gave yet.
type form struct {
	*createOptions
	ask   prompt.Prompter
	names *lookup.Names
	d     *draft.Create
}

// fillIn asks for every field that has no value, shows the record and lets the
// person confirm it. Nothing is sent before.
func fillIn(ctx context.Context, opts *createOptions, d *draft.Create) error {
	ask, err := opts.app.Prompt()
	if err != nil {
		return err
	}
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	f := &form{opts, ask, names, d}
	// Read first what the questions need: who is not signed in learns it now.
	_, err = names.Warehouses(ctx)
	if err != nil && failure.KindOf(err) != failure.Permission {
		return err
	}
	for _, question := range []func(context.Context) error{
		f.product, f.warehouse, f.initialQty, f.location, f.reorderLevel, f.reorderQty, f.confirm,
	} {
		if err := question(ctx); err != nil {
			return err
		}
	}
	return nil
}

// product asks for the product until it is one that can have stock, and for
// the SKU where it has variants.
func (f *form) product(ctx context.Context) error {
	if id := f.d.Request.ProductID; id != "" {
		return f.sku(ctx, id)
	}
	q := prompt.Question{
		Title:       "Product",
		Help:        "your own code, a barcode, a product's id or name",
		Suggestions: f.suggestions(ctx),
		Validate: func(s string) error {
			if strings.TrimSpace(s) != s || s == "" {
				return problem(api.CheckID(draft.ProductID, s))
			}
			return nil
		},
	}
	for {
		text, err := f.ask.Input(ctx, q)
		if err != nil {
			return err
		}
		item, err := f.names.ItemOrID(ctx, text, lookup.Write)
		switch kind := failure.KindOf(err); {
		case err != nil && (kind == failure.NotFound || kind == failure.Usage):
			f.app.Note("%s", sentence(err))
			continue
		case err != nil:
			return err
		case item.Type == "BUNDLE":
			f.app.Note("%s is a bundle: bundles have no stock of their own", text)
			continue
		}
		f.d.Set(draft.ProductID, item.ProductID, "")
		if item.SKUID != "" {
			f.d.Set(draft.SKUID, item.SKUID, "")
		}
		return f.sku(ctx, item.ProductID)
	}
}

// suggestions are the ids, names and codes of the first products. They are a
// help, not a need: an account that may not read them types the id.
func (f *form) suggestions(ctx context.Context) []string {
	var names []string
	for p, err := range f.names.Products(ctx) {
		if err != nil || len(names) >= maxSuggestions {
			break
		}
		if p.ProductType == "BUNDLE" {
			continue
		}
		found := []string{p.ID, p.Name, p.Code}
		for _, s := range p.SKUs() {
			found = append(found, s.Code)
		}
		names = append(names, slices.DeleteFunc(found, func(s string) bool { return s == "" })...)
	}
	return names
}

// sku asks which SKU of a product with variants, and fills in its attributes.
func (f *form) sku(ctx context.Context, product string) error {
	if f.d.Request.SKUID != "" {
		return nil
	}
	p, err := f.names.Product(ctx, product)
	switch failure.KindOf(err) {
	case failure.NotFound, failure.Permission:
		return f.typedSKU(ctx)
	}
	if err != nil {
		return err
	}
	if p.ProductType != "VARIABLE" {
		return nil
	}
	skus := slices.DeleteFunc(p.SKUs(), func(s api.SKU) bool { return s.ID == "" })
	if len(skus) == 0 {
		return failure.New(failure.Refused, "product %s has variants, but no SKU yet", p.ID)
	}
	choice := prompt.Choice{Title: "SKU", Help: "of " + name(p)}
	for _, s := range skus {
		choice.Options = append(choice.Options, prompt.Option{Label: skuLabel(s), Value: s.ID, Names: []string{s.Code}})
	}
	id, err := f.ask.Select(ctx, choice)
	if err != nil {
		return err
	}
	f.d.Set(draft.SKUID, id, "")
	i := slices.IndexFunc(skus, func(s api.SKU) bool { return s.ID == id })
	if i >= 0 && len(f.d.Request.VariantAttributes) == 0 && len(skus[i].Attributes) > 0 {
		f.d.SetAttributes(skus[i].Attributes, "")
	}
	return nil
}

// typedSKU asks for the SKU of a product that cannot be read.
func (f *form) typedSKU(ctx context.Context) error {
	return f.optional(ctx, draft.SKUID, prompt.Question{Title: "SKU", Help: "its id; leave it blank for a product without variants"},
		func(s string) error { return problem(api.CheckID(draft.SKUID, s)) })
}

func (f *form) warehouse(ctx context.Context) error {
	if f.d.Request.WarehouseID != "" {
		return nil
	}
	list, err := f.names.Warehouses(ctx)
	if err != nil {
		return f.required(ctx, draft.WarehouseID, prompt.Question{Title: "Warehouse", Help: "its id: this account may not read the list"},
			func(s string) error { return problem(api.CheckID(draft.WarehouseID, s)) })
	}
	choice := prompt.Choice{Title: "Warehouse"}
	for _, w := range list {
		if !w.Active {
			continue
		}
		choice.Options = append(choice.Options, prompt.Option{Label: show.Warehouse(w), Value: w.ID, Names: []string{w.Code, w.Name}})
		if w.IsDefault {
			choice.Default = w.ID
		}
	}
	if len(choice.Options) == 0 {
		return failure.New(failure.NotFound, "this store has no active warehouse")
	}
	id, err := f.ask.Select(ctx, choice)
	if err == nil {
		f.d.Set(draft.WarehouseID, id, "")
	}
	return err
}

func (f *form) initialQty(ctx context.Context) error {
	if f.d.Request.InitialQty != nil {
		return nil
	}
	return f.required(ctx, draft.InitialQty, prompt.Question{Title: "Initial quantity", Help: "a whole number, 0 or more"}, f.valid(draft.InitialQty))
}

func (f *form) location(ctx context.Context) error {
	if f.d.Request.Location != "" {
		return nil
	}
	return f.optional(ctx, draft.Location, prompt.Question{Title: "Location", Help: "shelf or bin, such as B-02-1; optional"}, f.valid(draft.Location))
}

func (f *form) reorderLevel(ctx context.Context) error {
	if f.d.Request.ReorderLevel != nil {
		return nil
	}
	return f.optional(ctx, draft.ReorderLevel, prompt.Question{Title: "Reorder level", Help: "stock is low at or below it; optional"}, f.valid(draft.ReorderLevel))
}

func (f *form) reorderQty(ctx context.Context) error {
	if f.d.Request.ReorderQty != nil {
		return nil
	}
	return f.optional(ctx, draft.ReorderQty, prompt.Question{Title: "Reorder quantity", Help: "how much to reorder; optional"}, f.valid(draft.ReorderQty))
}

// valid checks one field's text by the rules of the request itself.
func (f *form) valid(field string) func(string) error {
	return func(text string) error {
		var try draft.Create
		try.Set(field, text, "")
		for _, p := range try.Problems() {
			if p.Field == field {
				return failure.Usagef("%s", p.What)
			}
		}
		return nil
	}
}

func (f *form) required(ctx context.Context, field string, q prompt.Question, valid func(string) error) error {
	q.Validate = valid
	text, err := f.ask.Input(ctx, q)
	if err == nil {
		f.d.Set(field, text, "")
	}
	return err
}

func (f *form) optional(ctx context.Context, field string, q prompt.Question, valid func(string) error) error {
	return f.required(ctx, field, q, func(text string) error {
		if text == "" {
			return nil
		}
		return valid(text)
	})
}

// confirm shows the record and asks whether to create it. The answer is no
// unless the person says yes: a terminal that closes must not write.
func (f *form) confirm(ctx context.Context) error {
	if err := f.preview(ctx); err != nil || f.dryRun || f.app.Yes {
		return err
	}
	yes, err := f.ask.Confirm(ctx, "Create this record?", false)
	if err != nil {
		return err
	}
	if !yes {
		return failure.New(failure.Interrupted, "cancelled: nothing was created")
	}
	f.confirmed = true
	return nil
}

func (f *form) preview(ctx context.Context) error {
	warehouse := f.d.Request.WarehouseID
	if w, err := f.names.Warehouse(ctx, warehouse); err == nil {
		warehouse = show.Warehouse(w)
	}
	r := f.d.Request
	var b strings.Builder
	line := func(title, value string) {
		if value != "" {
			fmt.Fprintf(&b, "\n  %-17s %s", title, output.Clean(value))
		}
	}
	line("profile", f.app.Target())
	line("product", r.ProductID)
	line("SKU", r.SKUID)
	line("attributes", attributes(r.VariantAttributes))
	line("warehouse", warehouse)
	line("initial quantity", number(r.InitialQty))
	line("location", r.Location)
	line("reorder level", number(r.ReorderLevel))
	line("reorder quantity", number(r.ReorderQty))
	_, err := fmt.Fprintf(f.app.IO.Err, "%s\n\n", b.String())
	return err
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

func attributes(m map[string]string) string {
	var pairs []string
	for k, v := range m {
		pairs = append(pairs, k+"="+v)
	}
	sort.Strings(pairs)
	return strings.Join(pairs, ", ")
}

func skuLabel(s api.SKU) string {
	label := s.ID
	if s.Code != "" {
		label = s.Code + "  " + s.ID
	}
	if len(s.Attributes) > 0 {
		label += "  " + attributes(s.Attributes)
	}
	return label
}

func name(p api.Product) string {
	if p.Name != "" {
		return p.Name
	}
	return p.ID
}

func problem(p *failure.Problem) error {
	if p == nil {
		return nil
	}
	return failure.Usagef("%s", p.What)
}
