package seeing

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"strconv"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/forecast"
)

// checkNew refuses a file that exists, before anything is read for it.
func checkNew(flag, path string) error {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return failure.Usagef("%s %s exists, and no file is overwritten", flag, path).Hint("name another file, or remove this one")
	case !errors.Is(err, fs.ErrNotExist):
		return failure.Usagef("%s: %w", flag, err)
	}
	return nil
}

func (o *lowStockOptions) checkElsewhere() error {
	if o.elsewhere == "" {
		return nil
	}
	return checkNew("--elsewhere", o.elsewhere)
}

// writeMoves writes what other warehouses can spare as a file of transfers. Items
// are named by their codes, or by their ids where they have none of their own. No
// moves are a header alone.
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
	if err := writeNew(o.elsewhere, func(f *os.File) error { return csv.NewWriter(f).WriteAll(rows) }); err != nil {
		return failure.Usagef("--elsewhere: %w", err)
	}
	o.app.Note("%s of %s written to %s", failure.Count(len(moves), "move", "moves"), failure.Count(units, "unit", "units"), o.elsewhere)
	return nil
}

// writeNew writes a file that must not exist. One that could not be written to
// its end is removed again.
func writeNew(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
