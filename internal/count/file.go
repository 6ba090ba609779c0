package count

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/lookup"
)

// The columns of a count; sku, the merchant's code, may stand for skuId.
const (
	columnProduct   = "productId"
	columnSKU       = "skuId"
	columnCode      = "sku"
	columnWarehouse = "warehouseId"
	columnQty       = "countedQty"
)

// ReadFile reads what was counted from a table. A warehouse, when it is given,
// is that of every row. Every mistake is in the *failure.Problems returned.
func ReadFile(ctx context.Context, name string, text []byte, names *lookup.Names, in api.Warehouse) ([]Counted, error) {
	verdict, err := intake.Sniff(name, text[:min(len(text), 64<<10)], intake.Options{})
	if err != nil {
		return nil, err
	}
	reader, err := intake.NewReader(name, bytes.NewReader(text), verdict, intake.Options{})
	if err != nil {
		return nil, err
	}
	f := &fileReader{
		reader: reader, names: names, in: in, problems: failure.Problems{Source: name}, seen: map[Item]int{},
	}
	for {
		row, err := reader.Next()
		var spoilt *intake.RowError
		switch {
		case errors.Is(err, io.EOF):
			if row == nil && f.rows == 0 {
				return nil, failure.Usagef("%s holds no row: there is nothing to count", name)
			}
			return f.counts, f.problems.Err()
		case errors.As(err, &spoilt):
			f.rows++
			f.problems.Add(spoilt.Problem())
			continue
		case err != nil:
			return nil, err
		}
		f.rows++
		if err := f.take(ctx, row); err != nil {
			return nil, err
		}
	}
}

type fileReader struct {
	reader   *intake.Reader
	names    *lookup.Names
	in       api.Warehouse
	problems failure.Problems
	rows     int
	columns  []string // the field of each column
	seen     map[Item]int
	counts   []Counted
}

// header finds the fields of the columns that are new.
func (f *fileReader) header() {
	all := []string{columnProduct, columnSKU, columnCode, columnWarehouse, columnQty}
	first := len(f.columns) == 0
	for i, name := range f.reader.Header() {
		if i < len(f.columns) {
			continue
		}
		field := ""
		for _, known := range all {
			if intake.Fold(name) == intake.Fold(known) {
				field = known
			}
		}
		if field != "" && slices.Contains(f.columns, field) {
			f.problems.Add(failure.Problem{Where: f.problems.Source, Field: name, What: "stands for a column that is there already"})
			field = ""
		} else if field == "" {
			f.problems.Add(failure.Problem{Where: f.problems.Source, Field: name, What: "is no column of a count: there are " + failure.OneOf(all)})
		}
		f.columns = append(f.columns, field)
	}
	if !first {
		return
	}
	for _, need := range []string{columnProduct, columnQty} {
		if !slices.Contains(f.columns, need) {
			f.problems.Add(failure.Problem{Where: f.problems.Source, Field: need, What: "is required, and no column is called so"})
		}
	}
	if f.in.ID == "" && !slices.Contains(f.columns, columnWarehouse) {
		f.problems.Add(failure.Problem{Where: f.problems.Source, Field: columnWarehouse, What: "is required: name the warehouse in the file or with --warehouse"})
	}
}

// take reads one row. Its error is one that ends the reading.
func (f *fileReader) take(ctx context.Context, row *intake.Row) error {
	f.header()
	cell := func(field string) string {
		if i := slices.Index(f.columns, field); i >= 0 && i < len(row.Cells) {
			return strings.TrimSpace(row.Cells[i])
		}
		return ""
	}
	bad := false
	wrong := func(field, what string) {
		bad = true
		where := f.reader.Pos(row, slices.Index(f.columns, field)).String()
		f.problems.Add(failure.Problem{Where: where, Field: field, Value: cell(field), What: what})
	}
	item, qty := Item{Product: cell(columnProduct), SKU: cell(columnSKU), Warehouse: f.in.ID}, int64(0)
	if slices.Contains(f.columns, columnQty) {
		var err error
		if qty, err = api.ParseQuantity(cell(columnQty)); err != nil {
			wrong(columnQty, err.Error())
		} else if qty < 0 {
			wrong(columnQty, "must be 0 or more")
		}
	}
	if p := api.CheckID(columnProduct, item.Product); p != nil && slices.Contains(f.columns, columnProduct) {
		wrong(columnProduct, p.What)
	}
	if code := cell(columnCode); item.SKU == "" && code != "" {
		item.SKU = code
	}
	if err := f.place(ctx, cell(columnWarehouse), &item, wrong); err != nil {
		return err
	}
	if item.SKU != "" && item.Product != "" {
		id, err := f.names.SKU(ctx, item.Product, item.SKU)
		if err := said(err, func(what string) { wrong(columnSKU, what) }); err != nil {
			return err
		}
		item.SKU = id
	}
	if bad {
		return nil
	}
	if line, twice := f.seen[item]; twice {
		wrong(columnProduct, fmt.Sprintf("is the same record as line %d", line))
		return nil
	}
	f.seen[item] = row.Line
	f.counts = append(f.counts, Counted{item, qty})
	return nil
}

// place finds the warehouse of a row.
func (f *fileReader) place(ctx context.Context, text string, item *Item, wrong func(field, what string)) error {
	if text == "" {
		if f.in.ID == "" && slices.Contains(f.columns, columnWarehouse) {
			wrong(columnWarehouse, "is required")
		}
		return nil
	}
	w, err := f.names.Warehouse(ctx, text)
	if err != nil {
		return said(err, func(what string) { wrong(columnWarehouse, what) })
	}
	if f.in.ID != "" && w.ID != f.in.ID {
		wrong(columnWarehouse, "is not the warehouse of this count, "+lookup.Label(f.in))
		return nil
	}
	item.Warehouse = w.ID
	return nil
}

// said turns a name nobody knows into a mistake of the file; other errors are
// returned.
func said(err error, wrong func(string)) error {
	switch {
	case err == nil:
		return nil
	case api.Answered(err): // the file is not to blame
		return err
	case failure.KindOf(err) == failure.NotFound || failure.KindOf(err) == failure.Usage:
		what := err.Error()
		if hint := failure.HintOf(err); hint != "" {
			what += " (" + hint + ")"
		}
		wrong(what)
		return nil
	}
	return err
}
