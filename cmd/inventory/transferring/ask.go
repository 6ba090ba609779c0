package transferring

import (
	"context"
	"errors"
	"fmt"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/prompt"
)

// complete asks for the flags that are missing, where a person can be asked.
func (r *route) complete(ctx context.Context, item lookup.Address) error {
	var missing []string
	for _, flag := range []struct{ name, value string }{{"--from", r.from}, {"--to", r.to}, {"--qty", r.qty}} {
		if flag.value == "" {
			missing = append(missing, flag.name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	ask, err := r.app.CanAsk()
	if err != nil {
		return err
	}
	if !ask {
		return failure.Usagef("missing %s", failure.AllOf(missing)).
			Hint("give the flags; on a terminal, without --no-input and CI, you are asked")
	}
	p, err := r.app.Prompt()
	if err != nil {
		return err
	}
	return r.ask(ctx, p, item)
}

// ask asks for what is missing, with the item's records to pick from.
func (r *route) ask(ctx context.Context, p prompt.Prompter, item lookup.Address) error {
	records, err := r.names.Records(ctx, item)
	if err != nil {
		return err
	}
	if item.SKU == "" {
		own := records[:0:0]
		for _, one := range records {
			if one.SKUID == "" {
				own = append(own, one)
			}
		}
		if len(own) == 0 && len(records) > 0 {
			return failure.Usagef("%s has SKUs: name one of them", item.ProductID).
				Hint("for example %s: see `stockctl inventory get %s`", failure.Arg(r.names.AddressOf(ctx, records[0].ProductID, records[0].SKUID, "")), failure.Arg(item.ProductID))
		}
		records = own
	}
	if len(records) == 0 {
		return r.names.None(item)
	}
	if r.from == "" {
		if r.from, err = r.pick(ctx, p, "From", records, r.to); err != nil {
			return err
		}
	}
	if r.to == "" {
		if r.to, err = r.pick(ctx, p, "To", records, r.from); err != nil {
			return err
		}
	}
	if r.qty == "" {
		from, have, err := r.available(ctx, records)
		if err != nil {
			return err
		}
		r.qty, err = p.Input(ctx, prompt.Question{Title: "Quantity", Help: transferTakes, Validate: func(text string) error {
			qty, err := api.ParseQuantity(text)
			if err == nil && qty < 1 {
				err = errors.New("must be 1 or more")
			}
			if err == nil && have != nil && qty > *have {
				err = fmt.Errorf("only %d are available in %s", *have, lookup.Label(from))
			}
			return err
		}})
		return err
	}
	return nil
}

// available is how much the warehouse that gives can spare; nil when that is not known.
func (r *route) available(ctx context.Context, records []api.Record) (api.Warehouse, *int64, error) {
	from, err := r.names.Warehouse(ctx, r.from)
	if err != nil {
		return from, nil, fmt.Errorf("--from: %w", err)
	}
	for _, one := range records {
		if one.WarehouseID != from.ID {
			continue
		}
		if one.AvailableQty != nil {
			return from, one.AvailableQty, nil
		}
		return from, one.OnHandQty, nil
	}
	return from, nil, nil
}

// pick asks for the warehouse of one end: one that has a record of the item and
// is not the other end.
func (r *route) pick(ctx context.Context, p prompt.Prompter, title string, records []api.Record, other string) (string, error) {
	taken := ""
	if other != "" {
		w, err := r.names.Warehouse(ctx, other)
		if err != nil {
			return "", err
		}
		taken = w.ID
	}
	choice := prompt.Choice{Title: title}
	for _, one := range records {
		w, err := r.names.Warehouse(ctx, one.WarehouseID)
		if err != nil {
			return "", err
		}
		if w.ID == taken || title == "To" && !w.Active {
			continue
		}
		label := fmt.Sprintf("%s  %s on hand, %s available", show.Warehouse(w), show.Quantity(one.OnHandQty), show.Quantity(one.AvailableQty))
		choice.Options = append(choice.Options, prompt.Option{Label: label, Value: w.ID, Names: []string{w.Code, w.Name}})
	}
	if len(choice.Options) == 0 {
		return "", failure.New(failure.NotFound, "no other warehouse has an inventory record of %s", r.item).
			Hint("create one with `stockctl inventory create`")
	}
	return p.Select(ctx, choice)
}
