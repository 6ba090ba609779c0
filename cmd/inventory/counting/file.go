package counting

import (
	"context"

	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/stock"
)

// readNothing starts a count with a scanner.
func (c *counting) readNothing(ctx context.Context, in api.Warehouse) ([]count.Counted, []count.StockLevel, error) {
	base, err := count.Snapshot(ctx, c.env.Reader, in.ID, nil)
	return nil, base, err
}

// readFile reads the counts from a table, and the records of the store.
func (c *counting) readFile(ctx context.Context, in api.Warehouse) (counts []count.Counted, base []count.StockLevel, err error) {
	c.reading.Warehouse = in.ID
	env := importer.Env{Env: c.env, Names: c.names, Barcodes: c.names, In: c.app.Stdin(ctx)}
	if c.ownBarcodes {
		env.Barcodes = barcodeFile{catalog.OpenBarcodes(ctx, c.aliases)}
	}
	plan, err := mapping.Check(ctx, c.app, env, &c.reading)
	if err != nil {
		return nil, nil, err
	}
	c.plan = plan
	others := map[string]stock.Key{}
	base, err = count.Snapshot(ctx, c.env.Reader, in.ID, func(r api.Record) {
		others[r.ID] = stock.Key{Address: r.Address()}
	})
	if err != nil {
		return nil, nil, err
	}
	levels, records := map[count.Item]int{}, map[string]count.Item{}
	for i, f := range base {
		levels[f.Item], records[f.Record] = i, f.Item
	}
	rows, err := plan.Counts(func(record string) (stock.Key, bool) {
		if item, here := records[record]; here {
			return stock.Key{Address: stock.Address{Product: item.Product, SKU: item.SKU, Warehouse: item.Warehouse}}, true
		}
		key, known := others[record]
		return key, known
	})
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		item := count.Item{Product: row.Key.Product, SKU: row.Key.SKU, Warehouse: row.Key.Warehouse}
		counts = append(counts, count.Counted{Item: item, Qty: row.Qty})
		if i, known := levels[item]; known {
			base[i].Baseline = row.Baseline
		}
	}
	mapping.Describe(c.app, plan, plan.Parts())
	return counts, base, nil
}

// barcodeFile is a barcode file that the user named. It applies to any store.
type barcodeFile struct{ file *catalog.Barcodes }

// Barcode returns the item of a barcode.
func (b barcodeFile) Barcode(_ context.Context, code string) (item string, known bool, err error) {
	return b.file.Find("", code)
}
