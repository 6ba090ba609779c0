package seeing

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"strconv"

	"github.com/bayworks/stockctl/internal/api"
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

// writeMoves writes what other warehouses can spare as a file of transfers. No
// moves are a header alone.
func (o *lowStockOptions) writeMoves(ctx context.Context, moves []forecast.Move) error {
	nameOf, err := namer(ctx, o.app)
	if err != nil {
		return err
	}
	names, err := o.app.Names(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{{"sku", "from", "to", "qty"}}
	units := int64(0)
	for _, m := range moves {
		code := nameOf(m.From.Record).SKUCode
		if code == nil {
			if p, err := names.Product(ctx, m.From.Record.ProductID); err == nil { // without it, the id will do
				code = codeIn(p, m.From.Record)
			}
		}
		units += m.Qty
		rows = append(rows, []string{
			text(code, itemAddress(m.From.Record)),
			text(nameOf(m.From.Record).WarehouseCode, m.From.Record.WarehouseID),
			text(nameOf(m.To.Record).WarehouseCode, m.To.Record.WarehouseID),
			strconv.FormatInt(m.Qty, 10),
		})
	}
	if err := writeNew(o.elsewhere, func(f *os.File) error { return csv.NewWriter(f).WriteAll(rows) }); err != nil {
		return failure.Usagef("--elsewhere: %w", err)
	}
	o.app.Note("%s of %s written to %s", failure.Count(len(moves), "move", "moves"), failure.Count(units, "unit", "units"), o.elsewhere)
	return nil
}

// codeIn is the merchant's own code of what a record holds.
func codeIn(p api.Product, r api.Record) *string {
	if r.SKUID == "" {
		return &p.Code
	}
	for _, s := range p.SKUs() {
		if s.ID == r.SKUID {
			return &s.Code
		}
	}
	return nil
}

// itemAddress is PRODUCT[/SKU], where there is no code.
func itemAddress(r api.Record) string {
	if r.SKUID == "" {
		return r.ProductID
	}
	return r.ProductID + "/" + r.SKUID
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
