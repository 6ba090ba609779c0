package transferring

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/transfer"
)

// route turns what was typed into the plan of a transfer.
type route struct {
	*transferOptions
	names *lookup.Names
}

// plan finds both records, checks that the stock can go, and lets the person
// confirm it. Nothing is sent before.
func (r *route) plan(ctx context.Context) (before [2]api.Record, p transfer.Plan, err error) {
	item, err := r.names.ParseItem(ctx, r.item)
	switch {
	case err != nil:
		return before, p, err
	case item.Warehouse != "":
		return before, p, failure.Usagef("%q names a warehouse: write PRODUCT[/SKU], and the warehouses as --from and --to", r.item)
	}
	if err := r.complete(ctx, item); err != nil {
		return before, p, err
	}
	qty, err := api.ParseQuantity(r.qty)
	if err == nil && qty < 1 {
		err = errors.New("must be 1 or more")
	}
	if err != nil {
		return before, p, failure.Usagef("--qty %q: %w", r.qty, err)
	}
	from, to, err := r.warehouses(ctx)
	if err != nil {
		return before, p, err
	}
	for i, w := range []api.Warehouse{from, to} {
		if before[i], err = r.record(ctx, item, w, i == 1); err != nil {
			return before, p, err
		}
		if item.Joined != "" && before[i].ProductID == item.Joined { // the slash was part of the product's id
			item = lookup.Address{ProductID: before[i].ProductID}
		}
	}
	p = transfer.Plan{
		ProductID: before[0].ProductID, SKUID: before[0].SKUID, Qty: qty, Notes: r.notes,
		Called: r.names.AddressOf(ctx, before[0].ProductID, before[0].SKUID, ""),
		From:   side(before[0], from), To: side(before[1], to),
	}
	if err := r.check(p, before); err != nil {
		return before, p, err
	}
	return before, p, r.confirm(ctx, p, before)
}

func side(r api.Record, w api.Warehouse) transfer.Side {
	return transfer.Side{RecordID: r.ID, WarehouseID: r.WarehouseID, Label: lookup.Label(w), OnHand: r.OnHandQty}
}

// warehouses finds both ends. The one that takes must be active.
func (r *route) warehouses(ctx context.Context) (from, to api.Warehouse, err error) {
	if from, err = r.names.Warehouse(ctx, r.from); err != nil {
		return from, to, fmt.Errorf("--from: %w", err)
	}
	if to, err = r.names.Warehouse(ctx, r.to); err != nil {
		return from, to, fmt.Errorf("--to: %w", err)
	}
	switch {
	case from.ID == to.ID:
		return from, to, failure.Usagef("--from and --to are the same warehouse, %s", lookup.Label(from))
	case !to.Active:
		return from, to, failure.New(failure.Refused, "--to: warehouse %s is inactive and takes no stock", lookup.Label(to)).
			Hint("see `stockctl warehouse list`, or make it active with `stockctl warehouse update %s --active`", failure.Arg(lookup.Label(to)))
	}
	return from, to, nil
}

// record finds the record of the item in one warehouse.
func (r *route) record(ctx context.Context, item lookup.Address, w api.Warehouse, taking bool) (api.Record, error) {
	item.Warehouse = w.ID
	found, err := r.names.Record(ctx, item)
	item.Warehouse = lookup.Label(w)
	switch {
	case failure.KindOf(err) == failure.NotFound && taking:
		sku := ""
		if item.SKU != "" {
			sku = " --sku " + failure.Arg(item.SKU)
		}
		return found, failure.WithHint(r.names.None(item),
			"create it with `stockctl inventory create --product %s%s --warehouse %s --initial-qty 0`", failure.Arg(item.ProductID), sku, failure.Arg(item.Warehouse))
	case failure.KindOf(err) == failure.NotFound && len(failure.HintOf(err)) > 0:
		return found, fmt.Errorf("--from: %w", r.names.None(item))
	case err != nil:
		return found, err
	}
	if p := api.CheckID("id", found.ID); p != nil {
		return found, failure.New(failure.Unexpected, "the API's record of %s has a bad id: %s", item, p.What)
	}
	if found.WarehouseName == "" {
		found.WarehouseName = w.Name
	}
	return found, r.names.NameRecord(ctx, &found)
}

// check refuses what the API would refuse after the first half, or what would
// take stock that is set aside for others.
func (r *route) check(p transfer.Plan, before [2]api.Record) error {
	if before[0].ID == before[1].ID {
		return failure.New(failure.Unexpected, "the API has one inventory record, %s, for both warehouses", p.From.RecordID)
	}
	if what := p.Problem(); what != "" {
		return failure.Usagef("%s", what)
	}
	if have := spare(before[0]); have != nil && *have < p.Qty {
		return failure.New(failure.Refused, "not enough stock: %s has %s of %s on hand, %s reserved and %s available",
			p.From.Label, show.Quantity(before[0].OnHandQty), p.Item(), show.Quantity(before[0].ReservedQty), show.Quantity(before[0].AvailableQty))
	}
	return nil
}

// spare is what a record can give: what is available or, where the API does not say
// that, on hand; nil where it says neither.
func spare(r api.Record) *int64 {
	if r.AvailableQty != nil {
		return r.AvailableQty
	}
	return r.OnHandQty
}

// confirm shows the plan on a terminal and asks.
func (r *route) confirm(ctx context.Context, p transfer.Plan, before [2]api.Record) error {
	if r.dryRun {
		return nil
	}
	ask, err := r.app.CanAsk()
	if err != nil {
		return err
	}
	if ask && !r.app.Yes {
		r.preview(p, before)
	}
	return confirmStep(ctx, r.app, "Move this stock")
}

// preview shows what would be moved.
func (r *route) preview(p transfer.Plan, before [2]api.Record) {
	var b strings.Builder
	line := func(title, value string) {
		if value != "" {
			fmt.Fprintf(&b, "\n  %-9s %s", title, output.Clean(value))
		}
	}
	line("profile", r.app.Target())
	line("product", show.Known(before[0].ProductName, p.ProductID))
	line("SKU", show.Known(before[0].SKUCode, p.SKUID))
	line("quantity", fmt.Sprint(p.Qty))
	line("from", p.From.Label+foreseen(before[0].OnHandQty, -p.Qty))
	line("to", p.To.Label+foreseen(before[1].OnHandQty, p.Qty))
	line("notes", p.Notes)
	fmt.Fprintf(r.app.IO.Err, "%s\n\n", b.String())
}

func foreseen(onHand *int64, change int64) string {
	if onHand == nil {
		return ""
	}
	return fmt.Sprintf(", on hand %d → %d", *onHand, *onHand+change)
}
