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
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/prompt"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// maxSuggestions is how many products are read for suggestions.
const maxSuggestions = 200

// form asks for the fields of one record that were not given as flags.
type form struct {
	*createOptions
	ask   prompt.Prompter
	names *lookup.Names
	d     *draft.Create
	walk  *prompt.Walk
	fixed bool // the answer for the product also named its SKU
	// existing is the record that the item already has in the warehouse; nil if there
	// is none, or if that is unknown.
	existing *api.Record
}

// The titles of the questions, by which they are reopened.
const (
	askProduct   = "Product"
	askSKU       = "SKU"
	askWarehouse = "Warehouse"
	askExisting  = "It already exists"
	askQuantity  = "Initial quantity"
)

// fillIn asks for every field without a value, shows the record and asks for consent. It
// sends nothing.
func fillIn(ctx context.Context, opts *createOptions, d *draft.Create) error {
	ask, err := opts.app.Prompt()
	if err != nil {
		return err
	}
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	f := &form{createOptions: opts, ask: ask, names: names, d: d}
	// Read the warehouses first: if the user is not signed in, this fails before the
	// first question.
	_, err = names.Warehouses(ctx)
	if err != nil && failure.KindOf(err) != failure.Permission {
		return err
	}
	f.walk = &prompt.Walk{Steps: f.steps(ctx)}
	return f.walk.Run(ctx)
}

// steps returns the questions in their order.
func (f *form) steps(ctx context.Context) []prompt.Step {
	r := &f.d.Request
	steps := []prompt.Step{
		{Title: askProduct, Known: r.ProductID != "" || r.SKUID != "", Ask: f.product, Answer: func() string { return r.ProductID }},
		{Title: askSKU, Known: r.SKUID != "", Ask: f.sku},
		{Title: askWarehouse, Known: r.WarehouseID != "", Ask: f.warehouse, Answer: func() string { return f.spot(ctx, r.WarehouseID) }},
		{Title: askExisting, Known: f.ifExists != settle.Fail, Ask: f.exists},
		{Title: askQuantity, Known: r.InitialQty != nil, Ask: f.initialQty, Answer: func() string { return number(r.InitialQty) }},
	}
	for _, field := range stock.CreateFields() {
		if field.Help != "" {
			steps = append(steps, f.detail(field))
		}
	}
	return append(steps, prompt.Step{Title: "confirm", Ask: f.confirm})
}

// answer returns a field's value as it is typed.
func (f *form) answer(field stock.Field) string {
	if text := f.d.Request.Text(field.Name); text != nil {
		return *text
	}
	return number(*f.d.Request.Number(field.Name))
}

// detail returns the step for an optional field. It is skipped for an existing record,
// because the API cannot change these fields.
func (f *form) detail(field stock.Field) prompt.Step {
	answer := func() string { return f.answer(field) }
	return prompt.Step{Title: field.Title, Known: answer() != "", Answer: answer, Ask: func(ctx context.Context) error {
		if f.existing != nil {
			return prompt.ErrSkip
		}
		q := prompt.Question{Title: field.Title, Help: field.Help, Default: answer()}
		return f.optional(ctx, field.Name, q, f.valid(field.Name))
	}}
}

// product asks for a product until the answer is one that can have stock.
func (f *form) product(ctx context.Context) error {
	q := prompt.Question{
		Title:       askProduct,
		Help:        "your own code, a barcode, a product's id or name",
		Default:     f.d.Request.ProductID,
		Suggestions: f.suggestions(ctx),
		Validate: func(s string) error {
			if strings.TrimSpace(s) != s || s == "" {
				return problem(api.CheckID(stock.ProductID, s))
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
			f.app.Note("%s", failure.Sentence(err))
			continue
		case err != nil:
			return err
		case item.Type == "BUNDLE":
			f.app.Note("%s is a bundle: bundles have no stock of their own", text)
			continue
		}
		f.chosen(item.ProductID, item.SKUID)
		return nil
	}
}

// chosen sets the product. If it is a different one, chosen clears the SKU and the
// attributes.
func (f *form) chosen(product, sku string) {
	if f.d.Request.ProductID != product || sku != "" {
		f.d.Request.SKUID = ""
		f.d.SetAttributes(nil, "")
	}
	f.d.Set(stock.ProductID, product, "")
	f.fixed = sku != ""
	f.walk.Reopen(askSKU)
	f.walk.Reopen(askExisting)
	if sku != "" {
		f.d.Set(stock.SKUID, sku, "")
	}
}

// suggestions returns the ids, names and codes of the first products. They are
// optional: an account that may not read products types the id.
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

// sku asks for the SKU of a product with variants, and fills in its attributes.
func (f *form) sku(ctx context.Context) error {
	product := f.d.Request.ProductID
	if f.fixed {
		return prompt.ErrSkip
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
		return prompt.ErrSkip
	}
	skus := slices.DeleteFunc(p.SKUs(), func(s api.SKU) bool { return s.ID == "" })
	if len(skus) == 0 {
		return failure.New(failure.Refused, "product %s has variants, but no SKU yet", p.ID)
	}
	choice := prompt.Choice{Title: askSKU, Help: "of " + name(p), Default: f.d.Request.SKUID}
	for _, s := range skus {
		choice.Options = append(choice.Options, prompt.Option{Label: skuLabel(s), Value: s.ID, Names: []string{s.Code}})
	}
	id, err := f.ask.Select(ctx, choice)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(skus, func(s api.SKU) bool { return s.ID == id })
	if i >= 0 && (f.d.Request.SKUID != "" || len(f.d.Request.VariantAttributes) == 0) && len(skus[i].Attributes) > 0 {
		f.d.SetAttributes(skus[i].Attributes, "")
	}
	f.d.Set(stock.SKUID, id, "")
	f.walk.Reopen(askExisting)
	return nil
}

// typedSKU asks for the SKU of a product that cannot be read.
func (f *form) typedSKU(ctx context.Context) error {
	return f.optional(ctx, stock.SKUID, prompt.Question{Title: askSKU, Help: "its id; leave it blank for a product without variants"},
		func(s string) error { return problem(api.CheckID(stock.SKUID, s)) })
}

func (f *form) warehouse(ctx context.Context) error {
	f.walk.Reopen(askExisting)
	list, err := f.names.Warehouses(ctx)
	if err != nil {
		return f.required(ctx, stock.WarehouseID, prompt.Question{Title: askWarehouse, Help: "its id: this account is not allowed to read the list"},
			func(s string) error { return problem(api.CheckID(stock.WarehouseID, s)) })
	}
	list = slices.DeleteFunc(slices.Clone(list), func(w api.Warehouse) bool { return !w.Active })
	choice, err := show.WarehouseChoice(askWarehouse, list, f.d.Request.WarehouseID)
	if err != nil {
		return err
	}
	id, err := f.ask.Select(ctx, choice)
	if err == nil {
		f.d.Set(stock.WarehouseID, id, "")
	}
	return err
}

// exists reports an existing record before it asks anything else. The user can set its
// quantity, or choose a different warehouse.
func (f *form) exists(ctx context.Context) error {
	if f.existing != nil {
		f.existing, f.ifExists = nil, settle.Fail
	}
	if f.ifExists != settle.Fail {
		return prompt.ErrSkip
	}
	found, there, err := f.find(ctx)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil || !there:
		return prompt.ErrSkip // the create will report it
	}
	const set, other, leave = "set", "other", "leave"
	answer, err := f.ask.Select(ctx, prompt.Choice{
		Title: fmt.Sprintf("%s already has a record in %s, with %s on hand", f.names.AddressOf(ctx, found.ProductID, found.SKUID, ""), f.spot(ctx, found.WarehouseID), show.Quantity(found.OnHandQty)),
		Options: []prompt.Option{
			{Label: "set its quantity on hand", Value: set},
			{Label: "choose another warehouse", Value: other},
			{Label: "leave it unchanged", Value: leave},
		},
		Default: leave,
	})
	switch {
	case err != nil:
		return err
	case answer == other:
		f.walk.Reopen(askWarehouse)
		return prompt.ErrAgain
	case answer == leave:
		return failure.New(failure.Interrupted, "cancelled: nothing was changed")
	}
	f.existing, f.ifExists = &found, settle.Set
	return nil
}

// find looks for the record of the item in the warehouse.
func (f *form) find(ctx context.Context) (api.Record, bool, error) {
	r := f.d.Request
	item, err := f.names.Resolve(ctx, r.ProductID, r.SKUID, lookup.Write)
	if err != nil {
		return api.Record{}, false, err
	}
	list, err := f.names.Records(ctx, stock.TypedAddress{Address: stock.Address{Product: item.ProductID, SKU: item.SKUID, Warehouse: r.WarehouseID}})
	at := slices.IndexFunc(list, func(r api.Record) bool { return r.SKUID == item.SKUID })
	if err != nil || at < 0 {
		return api.Record{}, false, err
	}
	return list[at], true, nil
}

func (f *form) initialQty(ctx context.Context) error {
	q := prompt.Question{Title: askQuantity, Help: "a whole number, 0 or more", Default: number(f.d.Request.InitialQty)}
	if f.existing != nil {
		q.Title, q.Help = "Quantity on hand", fmt.Sprintf("a whole number, 0 or more; now %s", show.Quantity(f.existing.OnHandQty))
	}
	return f.required(ctx, stock.InitialQty, q, f.valid(stock.InitialQty))
}

// valid checks the text of one field with the rules of the request itself.
func (f *form) valid(field string) func(string) error {
	at := slices.IndexFunc(stock.CreateFields(), func(f stock.Field) bool { return f.Name == field })
	quantity := at >= 0 && stock.CreateFields()[at].Type == stock.Quantity
	return func(text string) error {
		if err := stock.Scanned(text); quantity && err != nil {
			return err
		}
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

// confirm shows the record and asks whether to create it.
func (f *form) confirm(ctx context.Context) error {
	if err := f.preview(ctx); err != nil || f.dryRun || f.app.Yes {
		return err
	}
	title := "Create this record?"
	if f.existing != nil {
		title = "Set the quantity on hand of this record?"
	}
	err := f.walk.Confirm(ctx, f.ask, title, "nothing was created")
	f.confirmed = err == nil
	return err
}

// spot returns how to name a warehouse to people.
func (f *form) spot(ctx context.Context, warehouse string) string {
	if w, err := f.names.WarehouseOrID(ctx, warehouse); err == nil {
		return show.Warehouse(w)
	}
	return warehouse
}

func (f *form) preview(ctx context.Context) error {
	warehouse := f.spot(ctx, f.d.Request.WarehouseID)
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
	if f.existing == nil {
		line("initial quantity", number(r.InitialQty))
	} else {
		line("on hand", show.Quantity(f.existing.OnHandQty)+" → "+number(r.InitialQty))
	}
	for _, field := range stock.CreateFields() {
		if field.Help != "" {
			line(strings.ToLower(field.Title), f.answer(field))
		}
	}
	_, err := fmt.Fprintf(f.app.IO.Err, "%s\n\n", iostreams.Loud(b.String(), f.app.ColorErr()))
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
