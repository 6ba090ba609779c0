package seeing

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/forecast"
)

func (o *lowStockOptions) checkElsewhere() error {
	if o.elsewhere == "" {
		return nil
	}
	return cli.CheckNewFile("--elsewhere "+o.elsewhere, o.elsewhere)
}

// writeMoves writes the stock that other warehouses can spare to a file of transfers.
// It names items by their codes, or by their ids if they have none. Without any moves
// the file has only a header.
func (o *lowStockOptions) writeMoves(ctx context.Context, moves []forecast.Move) error {
	names, err := o.app.Names(ctx)
	if err != nil {
		return err
	}
	codes, byCode := make([]string, len(moves)), true
	for i, m := range moves {
		codes[i] = names.CodeOf(ctx, m.From.Record)
		byCode = byCode && codes[i] != ""
	}
	units := int64(0)
	rows := [][]string{{"sku", "from", "to", "qty"}}
	if !byCode {
		rows[0] = append(rows[0], "productId", "skuId")
	}
	for i, m := range moves {
		from, to := m.From.Record, m.To.Record
		units += m.Qty
		row := []string{codes[i], show.Known(from.WarehouseCode, from.WarehouseID), show.Known(to.WarehouseCode, to.WarehouseID), strconv.FormatInt(m.Qty, 10)}
		switch {
		case byCode:
		case codes[i] != "":
			row = append(row, "", "")
		default:
			row = append(row, from.ProductID, from.SKUID)
		}
		rows = append(rows, row)
	}
	if err := cli.WriteNewFile(o.elsewhere, func(f io.Writer) error { return csv.NewWriter(f).WriteAll(rows) }); err != nil {
		return failure.Usagef("--elsewhere: %w", err)
	}
	o.app.Note("%s of %s written to %s", failure.Count(len(moves), "move", "moves"), failure.Count(units, "unit", "units"), o.elsewhere)
	return nil
}
