package lookup

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// ParseItem reads PRODUCT[/SKU] where no warehouse is expected. A known code with an
// @ needs no quotes; any other @ is followed by a warehouse, which is returned too.
func (n *Names) ParseItem(ctx context.Context, text string) (stock.TypedAddress, error) {
	a, err := stock.ParseAddress(text)
	if err == nil && a.Warehouse == "" || !n.copy.Known() {
		return a, err
	}
	if found, _, failed := n.local(ctx, text); failed == nil && len(found) > 0 {
		return typed(stock.Address{Product: text}), nil
	}
	return a, err
}

// typed returns an address without joined parts.
func typed(a stock.Address) stock.TypedAddress { return stock.TypedAddress{Address: a} }

// Records reads the inventory records of an address: of a product or one of its SKUs,
// in all warehouses or in one. There may be none.
func (n *Names) Records(ctx context.Context, a stock.TypedAddress) ([]api.Record, error) {
	list, _, err := n.records(ctx, a)
	return list, err
}

func (n *Names) records(ctx context.Context, a stock.TypedAddress) ([]api.Record, stock.TypedAddress, error) {
	var in api.Warehouse
	var err error
	if a.Warehouse != "" {
		if in, err = n.WarehouseOrID(ctx, a.Warehouse); err != nil {
			return nil, a, err
		}
	}
	list, as, err := n.recordsOf(ctx, a)
	if err == nil && in.ID != "" && Unlisted(in) && len(list) > 0 {
		in, err = inRecords(in.ID, each(list))
	}
	if in.ID != "" {
		list = filter(list, func(r api.Record) bool { return r.WarehouseID == in.ID })
	}
	return list, as, err
}

// each yields the records of a list.
func each(list []api.Record) iter.Seq2[api.Record, error] {
	return func(yield func(api.Record, error) bool) {
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// recordsOf reads the records of an address in every warehouse, and returns how it
// read the address.
func (n *Names) recordsOf(ctx context.Context, a stock.TypedAddress) ([]api.Record, stock.TypedAddress, error) {
	if a.SKU == "" {
		list, done, err := n.recordsByID(ctx, a.Product)
		if done || err != nil {
			return list, a, err
		}
	}
	readings, err := n.interpretations(ctx, a, Write)
	for i, r := range readings {
		if r.item == (catalog.Item{ProductID: a.Product}) {
			continue // requested before
		}
		list, failed := n.readRecords(ctx, r.item.ProductID, r.item.SKUID)
		if i > 0 && unlisted(failed) {
			continue // a guess that the API refuses
		}
		if failed != nil || len(list) > 0 {
			return list, r.as, failed
		}
	}
	var unknown *UnknownError
	if errors.As(err, &unknown) {
		err = nil
	}
	return nil, a, err
}

// recordsByID tries a text that is not in the copy as a product's id: if it has
// records, it is one. done is false if it has none.
func (n *Names) recordsByID(ctx context.Context, text string) (list []api.Record, done bool, err error) {
	if !canBeID(text) {
		return nil, false, nil
	}
	if n.copy.Known() {
		found, _, err := n.local(ctx, text)
		if err != nil || len(found) > 0 {
			return nil, false, err
		}
	}
	list, err = n.readRecords(ctx, text, "")
	return list, len(list) > 0, err
}

func (n *Names) readRecords(ctx context.Context, product, sku string) ([]api.Record, error) {
	list, err := n.client.RecordsOf(ctx, product, sku)
	if err != nil && failure.KindOf(err) != failure.NotFound {
		return nil, fmt.Errorf("reading the records of %s: %w", product, err)
	}
	return list, nil
}

// None is the error for an address that names no record.
func (n *Names) None(a stock.TypedAddress) error {
	err := failure.New(failure.NotFound, "no inventory record for %s", a)
	if unknown := n.unknownOf(a); unknown != nil && (len(unknown.Near) > 0 || unknown.Unlisted) {
		return err.Hint("%s; %s", unknown.Error(), unknown.advice())
	}
	return err.Hint("create one with `stockctl inventory create`, or see `stockctl inventory list`")
}

// Unread is the error for an address without records whose item could not be looked up,
// because the account may not read the product list; else nil.
func (n *Names) Unread(a stock.TypedAddress) error {
	if unknown := n.unknownOf(a); unknown != nil && unknown.Unlisted {
		return failure.New(failure.Permission, "no record is for a product with the id %q", unknown.Text).Hint("%s", unknown.advice())
	}
	return nil
}

// near reports whether an address names nothing but resembles something.
func (n *Names) near(a stock.TypedAddress) bool {
	unknown := n.unknownOf(a)
	return unknown != nil && len(unknown.Near) > 0
}

// unknownOf returns what is known about an item that was not found.
func (n *Names) unknownOf(a stock.TypedAddress) (unknown *UnknownError) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, text := range []string{a.Joined, a.Product, a.SKU} {
		for _, use := range []Use{Write, Read} {
			if errors.As(n.answers[question{text, use, Any}].err, &unknown) {
				return unknown
			}
		}
	}
	return nil
}

// Record finds the record that ITEM[/SKU]@WAREHOUSE names. Without a SKU that is the
// product's own record; if the product has only SKU records in that warehouse, the
// error lists them.
func (n *Names) Record(ctx context.Context, a stock.TypedAddress) (api.Record, error) {
	list, a, err := n.records(ctx, a)
	if err != nil {
		return api.Record{}, err
	}
	if len(list) > 1 {
		if own := filter(list, func(r api.Record) bool { return r.SKUID == "" }); len(own) > 0 {
			list = own
		}
	}
	switch {
	case len(list) == 0:
		return api.Record{}, n.None(a)
	case a.SKU == "" && list[0].SKUID != "":
		if named, err := n.namesSKU(ctx, a.Product, list[0]); err != nil || !named {
			return api.Record{}, errors.Join(err, n.bySKU(ctx, a, list))
		}
	}
	if len(list) > 1 {
		return api.Record{}, failure.New(failure.Unexpected, "%s %s", a, stock.Several(list[0].ID, list[1].ID)).
			Hint("name the one you mean by its id: see `stockctl inventory list --product %s -o wide`", failure.Arg(list[0].ProductID))
	}
	return list[0], nil
}

// namesSKU reports whether a text alone names the SKU of a record.
func (n *Names) namesSKU(ctx context.Context, text string, r api.Record) (bool, error) {
	if text == r.ProductID {
		return false, nil
	}
	item, err := n.Item(ctx, text, Write)
	var unknown *UnknownError
	if errors.As(err, &unknown) {
		return false, nil
	}
	return item.SKUID != "" && item.SKUID == r.SKUID, err
}

func (n *Names) bySKU(ctx context.Context, a stock.TypedAddress, list []api.Record) error {
	var names []string
	for _, r := range list[:min(len(list), 10)] {
		names = append(names, failure.Arg(n.AddressOf(ctx, r.ProductID, r.SKUID, a.Warehouse)))
	}
	return failure.Usagef("%s has SKUs: name one of them", a).Hint("use %s", failure.OneOf(names))
}

// AddressOf writes the address of an item in a warehouse: with its code if that is
// unique, else with its ids.
func (n *Names) AddressOf(ctx context.Context, product, sku, warehouse string) string {
	a := stock.Address{Product: product, SKU: sku, Warehouse: warehouse}
	if code := n.code(ctx, product, sku); code != "" {
		a.Product, a.SKU = code, ""
	}
	return a.String()
}

// CodeOf returns the code of a record's item if it is known and unique, else blank.
func (n *Names) CodeOf(ctx context.Context, r api.Record) string {
	return n.code(ctx, r.ProductID, r.SKUID)
}

// speakable reports whether people can type a code: a terminal must show it as it is.
func speakable(code string) bool {
	return code != "" && !strings.ContainsFunc(code, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
}

// Spoken names a warehouse in an address.
func Spoken(w api.Warehouse) string {
	if label := Label(w); speakable(label) {
		return label
	}
	return w.ID
}

// code returns an item's code if it is unique in the copy.
func (n *Names) code(ctx context.Context, product, sku string) string {
	if !n.copy.Known() {
		return ""
	}
	key := stock.Address{Product: product, SKU: sku}
	if code, known := n.shown.codes[key]; known {
		return code
	}
	item, known := n.named(ctx, product, sku)
	code := ""
	if known && speakable(item.Code) {
		if found, _, err := n.local(ctx, item.Code); err == nil && len(found) == 1 && found[0].Same(item) {
			code = item.Code
		}
	}
	if n.shown.codes == nil {
		n.shown.codes = map[stock.Address]string{}
	}
	n.shown.codes[key] = code
	return code
}

// RecordByID finds a record by its id, for which the API has no call: through the
// copy, else in the list of all records.
func (n *Names) RecordByID(ctx context.Context, id string) (api.Record, error) {
	if known, there, err := n.KnownRecord(ctx, id); err != nil {
		return api.Record{}, err
	} else if there {
		list, err := n.readRecords(ctx, known.ProductID, known.SKUID)
		if err != nil {
			return api.Record{}, err
		}
		if found := filter(list, func(r api.Record) bool { return r.ID == id }); len(found) > 0 {
			return found[0], nil
		}
	}
	began, said := time.Now(), false
	for r, err := range n.client.Records().PageSize(pageSize).All(ctx) {
		switch {
		case err != nil:
			return api.Record{}, fmt.Errorf("looking for record %s: %w", id, err)
		case r.ID == id:
			return r, nil
		case !said && time.Since(began) > time.Second:
			said = true
			n.note("reading the list of records to find %s", id)
		}
	}
	return api.Record{}, failure.New(failure.NotFound, "no inventory record has the id %q", id).
		Hint("name it as ITEM@WAREHOUSE, or see `stockctl inventory list -o wide`")
}

// KnownRecord returns the item and warehouse of a record, if the copy has them.
func (n *Names) KnownRecord(ctx context.Context, id string) (catalog.Record, bool, error) {
	if !n.copy.Known() {
		return catalog.Record{}, false, nil
	}
	return n.copy.Record(ctx, id)
}
