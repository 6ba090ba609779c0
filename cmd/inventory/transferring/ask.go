package transferring

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/prompt"
	"github.com/bayworks/stockctl/internal/stock"
)

// missing reports the flags that were not given.
func (r *route) missing() error {
	var flags []string
	for _, flag := range []struct{ name, value string }{{"--from", r.from}, {"--to", r.to}, {"--qty", r.qty}} {
		if flag.value == "" {
			flags = append(flags, flag.name)
		}
	}
	if len(flags) == 0 {
		return nil
	}
	return failure.Usagef("missing %s", failure.AllOf(flags)).
		Hint("pass the flags; on a terminal, unless --no-input or CI is set, you are prompted")
}

// form prompts for the missing parts of a transfer, and for consent.
type form struct {
	*route
	p       prompt.Prompter
	walk    *prompt.Walk
	records []api.Record // of the item, in every warehouse
	fixedTo string       // the receiving warehouse, if a flag named it
}

// ask prompts until the transfer is complete and confirmed.
func (r *route) ask(ctx context.Context) error {
	p, err := r.app.Prompt()
	if err != nil {
		return err
	}
	f := &form{route: r, p: p, walk: &prompt.Walk{}, fixedTo: r.to}
	f.walk.Steps = []prompt.Step{
		{Title: "SKU", Known: r.from != "" && r.to != "" && r.qty != "", Ask: f.item},
		{Title: "From", Known: r.from != "", Ask: f.source, Answer: func() string { return f.label(ctx, r.from) }},
		{Title: "To", Known: r.to != "", Answer: func() string { return f.label(ctx, r.to) }, Ask: func(ctx context.Context) error {
			return f.pick(ctx, "To", &r.to, r.from)
		}},
		{Title: "Quantity", Known: r.qty != "", Ask: f.quantity, Answer: func() string { return r.qty }},
		{Title: "confirm", Ask: f.confirm},
	}
	return f.walk.Run(ctx)
}

// item reads the records of the item. It asks for the SKU if only SKUs have records.
func (f *form) item(ctx context.Context) error {
	found, err := f.names.Records(ctx, f.address)
	if err != nil {
		return err
	}
	of := func(sku string) []api.Record {
		return slices.DeleteFunc(slices.Clone(found), func(r api.Record) bool { return r.SKUID != sku })
	}
	switch {
	case len(found) == 0:
		return f.names.None(f.address)
	case f.address.SKU != "":
		f.records = found
		return f.enough(ctx)
	}
	if f.records = of(""); len(f.records) > 0 {
		return f.enough(ctx)
	}
	choice := prompt.Choice{Title: "SKU", Help: "of " + f.names.AddressOf(ctx, found[0].ProductID, "", "")}
	for _, one := range found {
		label := f.names.AddressOf(ctx, one.ProductID, one.SKUID, "")
		if !slices.ContainsFunc(choice.Options, func(o prompt.Option) bool { return o.Value == one.SKUID }) {
			choice.Options = append(choice.Options, prompt.Option{Label: label, Value: one.SKUID, Names: []string{label}})
		}
	}
	sku, err := f.p.Select(ctx, choice)
	if err != nil {
		return err
	}
	f.records = of(sku)
	f.address = stock.TypedAddress{Address: stock.Address{Product: found[0].ProductID, SKU: sku}}
	if err := f.enough(ctx); !errors.Is(err, prompt.ErrSkip) {
		return err
	}
	return nil
}

// enough refuses an item that has a record in only one warehouse, before asking for more.
func (f *form) enough(ctx context.Context) error {
	if f.to != "" || len(f.records) > 1 {
		return prompt.ErrSkip
	}
	only := f.records[0]
	flags := "--product " + failure.Arg(only.ProductID)
	if code := f.names.CodeOf(ctx, only); code != "" {
		flags = "--sku " + failure.Arg(code)
	} else if only.SKUID != "" {
		flags += " --sku " + failure.Arg(only.SKUID)
	}
	return failure.New(failure.NotFound, "%s has an inventory record in %s only", f.names.AddressOf(ctx, only.ProductID, only.SKUID, ""), f.label(ctx, only.WarehouseID)).
		Hint("create one in the warehouse that takes the stock: `stockctl inventory create %s --warehouse CODE --initial-qty 0`", flags)
}

// label returns how to name a warehouse to people.
func (f *form) label(ctx context.Context, warehouse string) string {
	if w, err := f.names.WarehouseOrID(ctx, warehouse); err == nil {
		return lookup.Label(w)
	}
	return warehouse
}

// source asks which warehouse to take from. Answers that do not fit it are asked for
// again.
func (f *form) source(ctx context.Context) error {
	err := f.pick(ctx, "From", &f.from, f.fixedTo)
	if err != nil {
		return err
	}
	if f.to == f.from {
		f.to = ""
		f.walk.Reopen("To")
	}
	if f.qty != "" && f.valid(ctx)(f.qty) != nil {
		f.walk.Reopen("Quantity")
	}
	return nil
}

func (f *form) quantity(ctx context.Context) (err error) {
	q := prompt.Question{Title: "Quantity", Help: transferTakes, Default: f.qty, Validate: f.valid(ctx)}
	if from, have := f.available(ctx); have != nil {
		q.Help += fmt.Sprintf("; %d are available in %s", *have, from)
	}
	answer, err := f.p.Input(ctx, q)
	if err == nil {
		f.qty = answer
	}
	return err
}

// valid checks a quantity against what is available.
func (f *form) valid(ctx context.Context) func(string) error {
	from, have := f.available(ctx)
	return func(text string) error {
		if err := stock.Scanned(text); err != nil {
			return err
		}
		qty, err := parseQty(text)
		if err == nil && have != nil && qty > *have {
			err = fmt.Errorf("only %d are available in %s", *have, from)
		}
		return err
	}
}

func parseQty(text string) (int64, error) {
	qty, err := api.ParseQuantity(text)
	if err == nil && qty < 1 {
		err = errors.New("must be 1 or more")
	}
	return qty, err
}

// available returns how much the sending warehouse can spare; nil if that is unknown.
func (f *form) available(ctx context.Context) (from string, have *int64) {
	w, err := f.names.WarehouseOrID(ctx, f.from)
	if err != nil {
		return f.from, nil // reported when the records are read
	}
	for _, one := range append(slices.Clone(f.records), f.before[0]) {
		if one.WarehouseID == w.ID {
			return lookup.Label(w), spare(one)
		}
	}
	return lookup.Label(w), nil
}

// confirm shows what would be moved, and asks for consent.
func (f *form) confirm(ctx context.Context) error {
	if err := f.find(ctx); err != nil || f.dryRun || f.app.Yes {
		return err
	}
	f.preview()
	return f.walk.Confirm(ctx, f.p, "Move this stock?", "nothing was moved")
}

// pick asks for the warehouse of one end. It must have a record of the item, and not be
// the other end.
func (f *form) pick(ctx context.Context, title string, answer *string, other string) error {
	if f.records == nil {
		if err := f.item(ctx); err != nil && !errors.Is(err, prompt.ErrSkip) {
			return err
		}
	}
	taken := ""
	if other != "" {
		w, err := f.names.WarehouseOrID(ctx, other)
		if err != nil {
			return err
		}
		taken = w.ID
	}
	choice := prompt.Choice{Title: title, Default: *answer}
	for _, one := range f.records {
		w, err := f.names.WarehouseOrID(ctx, one.WarehouseID)
		if err != nil {
			return err
		}
		if w.ID == taken || title == "To" && !w.Active {
			continue
		}
		label := fmt.Sprintf("%s  %s on hand, %s available", show.Warehouse(w), show.Quantity(one.OnHandQty), show.Quantity(one.AvailableQty))
		choice.Options = append(choice.Options, prompt.Option{Label: label, Value: w.ID, Names: []string{w.Code, w.Name}})
	}
	if len(choice.Options) == 0 {
		return failure.New(failure.NotFound, "no other active warehouse has an inventory record of %s", f.transferOptions.item).
			Hint("create one with `stockctl inventory create`")
	}
	chosen, err := f.p.Select(ctx, choice)
	if err == nil {
		*answer = chosen
	}
	return err
}
