package transferring

import (
	"context"
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/stock"
	"github.com/bayworks/stockctl/internal/transfer"
)

// route turns the arguments into the plan of a transfer.
type route struct {
	*transferOptions
	names   *lookup.Names
	address stock.TypedAddress
	before  [2]api.Record
	plan    transfer.Plan
}

// complete finds both records, checks that the stock can be moved, and asks for consent.
// It sends nothing.
func (r *route) complete(ctx context.Context) (err error) {
	r.address, err = r.names.ParseItem(ctx, r.item)
	if err != nil {
		return err
	}
	ask, err := r.app.CanAsk()
	switch {
	case err != nil:
		return err
	case ask && r.from == "": // the preview shows where the stock comes from
		r.from, r.address.Warehouse = r.address.Warehouse, ""
	case r.address.Warehouse != "":
		return failure.Usagef("%q names a warehouse: write PRODUCT[/SKU], and the warehouses as --from and --to", r.item)
	}
	if ask {
		return r.ask(ctx)
	}
	if err := r.missing(); err != nil {
		return err
	}
	if err := r.find(ctx); err != nil || r.dryRun {
		return err
	}
	return r.app.Consent(ctx, "Move this stock")
}

// find reads the records of the transfer, and checks whether it can be made.
func (r *route) find(ctx context.Context) error {
	qty, err := parseQty(r.qty)
	if err != nil {
		return failure.Usagef("--qty %q: %w", r.qty, err)
	}
	from, to, err := r.warehouses(ctx)
	if err != nil {
		return err
	}
	item := r.address
	for i, w := range []api.Warehouse{from, to} {
		if r.before[i], err = r.record(ctx, item, w, i == 1); err != nil {
			return err
		}
		if item.Joined != "" && r.before[i].ProductID == item.Joined { // the slash was part of the product's id
			item = stock.TypedAddress{Address: stock.Address{Product: r.before[i].ProductID}}
		}
	}
	r.plan = transfer.Plan{
		ProductID: r.before[0].ProductID, SKUID: r.before[0].SKUID, Qty: qty, Notes: r.notes,
		Called: r.names.AddressOf(ctx, r.before[0].ProductID, r.before[0].SKUID, ""),
		From:   side(r.before[0], from), To: side(r.before[1], to),
	}
	return r.check()
}

func side(r api.Record, w api.Warehouse) transfer.Side {
	return transfer.Side{RecordID: r.ID, WarehouseID: r.WarehouseID, Label: lookup.Label(w), OnHand: r.OnHandQty}
}

// warehouses finds both warehouses. The receiving one must be active.
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
		return from, to, failure.New(failure.Refused, "--to: warehouse %s is inactive and cannot receive stock", lookup.Label(to)).
			Hint("see `stockctl warehouse list`, or make it active with `stockctl warehouse update %s --active`", failure.Arg(lookup.Label(to)))
	}
	return from, to, nil
}

// record finds the record of the item in one warehouse.
func (r *route) record(ctx context.Context, item stock.TypedAddress, w api.Warehouse, taking bool) (api.Record, error) {
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
			"create it with `stockctl inventory create --product %s%s --warehouse %s --initial-qty 0`", failure.Arg(item.Product), sku, failure.Arg(item.Warehouse))
	case failure.KindOf(err) == failure.NotFound && len(failure.HintOf(err)) > 0:
		return found, fmt.Errorf("--from: %w", r.names.None(item))
	case err != nil:
		return found, err
	}
	if p := api.CheckID("id", found.ID); p != nil {
		return found, failure.New(failure.Unexpected, "the API's record of %s has an invalid id: %s", item, p.What)
	}
	if found.WarehouseName == "" {
		found.WarehouseName = w.Name
	}
	return found, r.names.NameRecord(ctx, &found)
}

// check refuses what the API would refuse after the first movement, and moves of stock
// that is reserved.
func (r *route) check() error {
	p, before := r.plan, r.before
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

// spare returns how much a record can give: what is available or, if the API does not
// report that, on hand. It returns nil if the API reports neither.
func spare(r api.Record) *int64 {
	if r.AvailableQty != nil {
		return r.AvailableQty
	}
	return r.OnHandQty
}

// preview shows what would be moved.
func (r *route) preview() {
	p, before := r.plan, r.before
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
	line("from", p.From.Label+predicted(before[0].OnHandQty, -p.Qty))
	line("to", p.To.Label+predicted(before[1].OnHandQty, p.Qty))
	line("notes", p.Notes)
	fmt.Fprintf(r.app.IO.Err, "%s\n\n", iostreams.Loud(b.String(), r.app.ColorErr()))
}

func predicted(onHand *int64, change int64) string {
	if onHand == nil {
		return ""
	}
	return fmt.Sprintf(", on hand %d → %d", *onHand, *onHand+change)
}
