package lookup

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// Target finds the record that a command is to change: by ITEM[/SKU]@WAREHOUSE, or by
// its id. For an id it may return only the item and warehouse, because the API has no
// call that reads a record by id. An item instead of a record is an error that lists
// the item's records.
func (n *Names) Target(ctx context.Context, text string) (api.Record, error) {
	a, err := n.ParseItem(ctx, text)
	if err != nil {
		return api.Record{}, err
	}
	if a.Warehouse != "" {
		return n.Record(ctx, a)
	}
	id := a.Whole()
	if r, known, err := n.KnownRecord(ctx, id); err != nil || known {
		return api.Record{ID: r.ID, ProductID: r.ProductID, SKUID: r.SKUID, WarehouseID: r.WarehouseID}, err
	}
	if n.copy.Known() {
		found, _, err := n.local(ctx, a.Product)
		if err != nil {
			return api.Record{}, err
		}
		known, err := n.copy.Records(ctx, id, 1) // the product may not be in the list
		if err != nil {
			return api.Record{}, err
		}
		if len(found)+len(known) > 0 {
			return api.Record{}, n.needsWarehouse(ctx, text, a)
		}
	}
	if a.SKU == "" && canBeID(id) {
		return api.Record{ID: id}, nil
	}
	return api.Record{}, n.needsWarehouse(ctx, text, a)
}

// Find reads the records that a text names: all of an item, or one by ITEM@WAREHOUSE
// or by id. There is at least one.
func (n *Names) Find(ctx context.Context, text string) (list []api.Record, one bool, err error) {
	a, err := n.ParseItem(ctx, text)
	if err != nil {
		return nil, false, err
	}
	if a.Warehouse != "" {
		r, err := n.Record(ctx, a)
		return []api.Record{r}, true, err
	}
	id := a.Whole()
	if _, known, err := n.KnownRecord(ctx, id); err != nil {
		return nil, false, err
	} else if known {
		r, err := n.RecordByID(ctx, id)
		return []api.Record{r}, true, err
	}
	if list, _, err = n.recordsOf(ctx, a); err != nil || len(list) > 0 {
		return list, false, err
	}
	none := n.None(a)
	if n.near(a) || a.SKU != "" && a.Joined == "" || !canBeID(id) {
		return nil, false, none
	}
	r, err := n.RecordByID(ctx, id)
	if failure.KindOf(err) == failure.NotFound {
		err = none
	}
	return []api.Record{r}, true, err
}

// needsWarehouse is the error for an item in place of a record.
func (n *Names) needsWarehouse(ctx context.Context, text string, a stock.TypedAddress) error {
	list, _, err := n.recordsOf(ctx, a)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return n.None(a)
	}
	var labels []string
	for _, r := range list[:min(len(list), 10)] {
		labels = append(labels, failure.Arg(n.Label(ctx, r)))
	}
	return failure.Usagef("%q is an item, not a record: add the warehouse", text).Hint("use %s", failure.OneOf(labels))
}

// ExplainTarget adds a hint to the API's "not found" if the text that was sent as a
// record's id names an item.
func (n *Names) ExplainTarget(ctx context.Context, err error, text string) error {
	if failure.KindOf(err) != failure.NotFound || !canBeID(text) {
		return err
	}
	item, failed := n.Item(ctx, text, Read)
	var unknown *UnknownError
	switch {
	case errors.As(failed, &unknown) && unknown.Unlisted:
		return failure.WithHint(err, "%q was sent as a record's id; an item is written ITEM@WAREHOUSE", text)
	case failed != nil:
		return err
	}
	return failure.WithHint(err, "%q is %s, not a record: add the warehouse, as in %s", text, item.Label(), stock.Address{Product: text, Warehouse: "WAREHOUSE"})
}

// Label names a record for people: by the codes of its item and warehouse, or by ids
// if the codes are not known.
func (n *Names) Label(ctx context.Context, r api.Record) string {
	if r.ProductID == "" {
		return r.ID
	}
	warehouse := r.WarehouseID
	if n.copy.Known() {
		if w := n.warehouseOf(ctx, r.WarehouseID); speakable(w.Code) {
			warehouse = w.Code
		}
	}
	return n.AddressOf(ctx, r.ProductID, r.SKUID, warehouse)
}

// NameRecords fills in the names in a stream of records: either everything that
// NameRecord does, or only the warehouses.
func (n *Names) NameRecords(ctx context.Context, list iter.Seq2[api.Record, error], fully bool) iter.Seq2[api.Record, error] {
	return func(yield func(api.Record, error) bool) {
		for r, err := range list {
			switch {
			case err != nil:
			case fully:
				err = n.NameRecord(ctx, &r)
			default:
				n.NameWarehouse(ctx, &r)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// NameWarehouse fills in the name of a record's warehouse if the response does not
// have it. It stays blank if the list of warehouses cannot be read.
func (n *Names) NameWarehouse(ctx context.Context, r *api.Record) {
	if r.WarehouseName != "" || r.WarehouseID == "" {
		return
	}
	if !n.copy.Known() {
		if n.identifyStore(ctx) != nil {
			n.copy.Assume()
		}
	}
	r.WarehouseName = n.warehouseOf(ctx, r.WarehouseID).Name
}

// Advice says how to see names if ids were shown, else it is blank.
func (n *Names) Advice() string {
	if n.unnamedCount() == 0 || !n.large {
		return "" // all names are shown, or they cannot be known
	}
	if n.forbidden {
		return "this account cannot read the product list, so products are shown by their ids"
	}
	return fmt.Sprintf("%s shown by id: `stockctl product sync` reads the names", failure.Count(n.unnamedCount(), "product is", "products are"))
}

// Movements is a filter for movements: by item, record or warehouse.
type Movements struct {
	names     *Names
	product   string
	record    string
	records   map[string]bool // of a SKU; nil: any
	warehouse string
	list      map[string]string // record → warehouse, once the list was read
}

// FilterMovements resolves the names of a filter; blank ones match everything. The
// record is an id or an address, the item PRODUCT[/SKU].
func (n *Names) FilterMovements(ctx context.Context, item, record, warehouse string) (*Movements, error) {
	m := &Movements{names: n}
	if warehouse != "" {
		w, err := n.Warehouse(ctx, warehouse)
		if err != nil {
			return nil, err
		}
		m.warehouse = w.ID
	}
	if record != "" {
		r, err := n.Target(ctx, record)
		if err != nil {
			return nil, err
		}
		m.record = r.ID
	}
	if item == "" {
		return m, nil
	}
	a, err := n.ParseItem(ctx, item)
	if err != nil {
		return nil, err
	}
	if a.Warehouse != "" {
		return nil, failure.Usagef("%q names a warehouse: use --warehouse, or give the record as the argument", item)
	}
	found, err := n.ItemAt(ctx, a, Read)
	if err != nil {
		return nil, err
	}
	m.product = found.ProductID
	unread := n.Unread(a)
	if found.SKUID == "" && unread == nil {
		return m, nil
	}
	list, err := n.readRecords(ctx, found.ProductID, found.SKUID)
	if err == nil && len(list) == 0 {
		err = unread
	}
	if found.SKUID == "" {
		return m, err
	}
	m.records = map[string]bool{}
	for _, r := range list {
		m.records[r.ID] = true
	}
	return m, err
}

// Match reports whether a movement passes the filter. The log has no warehouses, so
// the list of records is read once if a record is not known.
func (m *Movements) Match(ctx context.Context, one api.Movement) (bool, error) {
	switch {
	case m.product != "" && one.ProductID != m.product,
		m.record != "" && one.InventoryID != m.record,
		m.records != nil && !m.records[one.InventoryID]:
		return false, nil
	case m.warehouse == "":
		return true, nil
	}
	if m.list == nil {
		r, known, err := m.names.KnownRecord(ctx, one.InventoryID)
		if err != nil || known {
			return r.WarehouseID == m.warehouse, err
		}
		if err := m.read(ctx); err != nil {
			return false, err
		}
	}
	return m.list[one.InventoryID] == m.warehouse, nil
}

func (m *Movements) read(ctx context.Context) error {
	m.list = map[string]string{}
	m.names.note("reading the list of records, because the log does not have the warehouses")
	for r, err := range m.names.client.Records().PageSize(pageSize).All(ctx) {
		if err != nil {
			return fmt.Errorf("reading the records: %w", err)
		}
		m.list[r.ID] = r.WarehouseID
	}
	return nil
}
