package lookup

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

const (
	// smallStore is the largest number of products to read only to show names, which
	// takes five requests.
	smallStore = 500
	// Names are looked up one by one until it is more than this number, and than a
	// fraction of the copy: reading all of it takes as long as that many lookups.
	singly     = 2
	singlyPart = 25
	// strangers is for how many products a run reads the records only to show the
	// item of a movement.
	strangers = 5
)

// markForbidden names the time when the API last refused the product list for showing
// names.
const markForbidden = "products refused"

// shown caches the names that a run shows.
type shown struct {
	prepared   bool
	items      map[stock.Address]catalog.Item // by product and SKU
	codes      map[stock.Address]string       // of items that their code names alone; blank for others
	complete   bool                           // items holds the whole copy
	asked      int
	most       int // how many are asked for one by one; 0: not known yet
	warehouses map[string]catalog.Warehouse
	records    map[string]catalog.Record
	strangers  int
	unnamed    map[string]bool // unknown products
	current    bool            // the copy was read a short while ago
}

// NameRecord fills in the names for a record's ids: the product's name, the item's
// code, and the warehouse's code and name. Unknown ones stay nil. It reads only the
// list of warehouses and, for a person, the products of a small store.
func (n *Names) NameRecord(ctx context.Context, r *api.Record) error {
	if err := n.prepare(ctx); err != nil {
		return err
	}
	if err := n.knowProduct(ctx, r.ProductID); err != nil {
		return err
	}
	if item, known := n.named(ctx, r.ProductID, r.SKUID); known {
		r.ProductName, r.SKUCode = textOf(item.Name), textOf(item.Code)
	}
	w := n.warehouseOf(ctx, r.WarehouseID)
	r.WarehouseCode = textOf(w.Code)
	if r.WarehouseName == "" {
		r.WarehouseName = w.Name
	}
	return nil
}

// NameMovement fills in the item and the warehouse of a movement. The log has only
// the record's id: for a person, the records of a few unknown products are read.
func (n *Names) NameMovement(ctx context.Context, m *api.Movement) error {
	if err := n.prepare(ctx); err != nil {
		return err
	}
	if err := n.knowProduct(ctx, m.ProductID); err != nil {
		return err
	}
	r, known := n.recordOf(ctx, m.InventoryID)
	if !known && n.people && n.shown.strangers < strangers && m.ProductID != "" {
		n.shown.strangers++
		if _, err := n.readRecords(ctx, m.ProductID, ""); err != nil && failure.KindOf(err) != failure.Permission {
			return err
		}
		r, known = n.recordOf(ctx, m.InventoryID)
	}
	product := m.ProductID
	if known {
		product = r.ProductID
		m.WarehouseCode = textOf(n.warehouseOf(ctx, r.WarehouseID).Code)
	}
	if item, named := n.named(ctx, product, r.SKUID); named {
		m.ProductName = textOf(item.Name)
		if known {
			m.SKUCode = textOf(item.Code)
		}
	}
	return nil
}

// NamesOf returns the known names of an item.
func (n *Names) NamesOf(ctx context.Context, product, sku string) (api.Named, error) {
	r := api.Record{ProductID: product, SKUID: sku}
	err := n.NameRecord(ctx, &r)
	return r.Named, err
}

// Store returns a key for the store, for data that is kept outside the copy.
func (n *Names) Store(ctx context.Context) (string, error) {
	if err := n.identifyStore(ctx); err != nil {
		return "", err
	}
	key, _ := n.copy.Store()
	return key, nil
}

func textOf(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// prepare makes sure that the store is known. If the list of warehouses cannot be
// read, names are left out: they are no reason to fail.
func (n *Names) prepare(ctx context.Context) error {
	if n.shown.prepared {
		return nil
	}
	if err := n.identifyStore(ctx); err != nil {
		if ctx.Err() != nil || failure.KindOf(err) == failure.Auth {
			return err
		}
		n.copy.Assume()
	}
	n.shown = shown{prepared: true, items: map[stock.Address]catalog.Item{}, records: map[string]catalog.Record{}, unnamed: map[string]bool{}}
	return nil
}

// warehouseOf returns a warehouse from the copy, or from the list.
func (n *Names) warehouseOf(ctx context.Context, id string) catalog.Warehouse {
	load := func() {
		n.shown.warehouses = map[string]catalog.Warehouse{}
		list, err := n.copy.Warehouses(ctx)
		if err != nil {
			return
		}
		for _, w := range list {
			n.shown.warehouses[w.ID] = w
		}
	}
	if n.shown.warehouses == nil {
		load()
	}
	w, known := n.shown.warehouses[id]
	if known || id == "" {
		return w
	}
	if list, err := n.Warehouses(ctx); err == nil { // once per run, even if it fails
		for _, w := range list {
			n.shown.warehouses[w.ID] = catalog.Warehouse{ID: w.ID, Code: w.Code, Name: w.Name, Active: w.Active}
		}
	}
	w, known = n.shown.warehouses[id]
	if !known {
		n.shown.warehouses[id] = catalog.Warehouse{ID: id}
	}
	return w
}

// knowProduct reads the products of a small store for a person if this one is not
// known.
func (n *Names) knowProduct(ctx context.Context, id string) error {
	if _, known := n.named(ctx, id, ""); known || id == "" {
		return nil
	}
	err := n.readSmall(ctx)
	if _, known := n.named(ctx, id, ""); !known {
		n.shown.unnamed[id] = true
	}
	return err
}

// readSmall reads the product list of a small store into the copy, only for a person,
// and not again for a while.
func (n *Names) readSmall(ctx context.Context) error {
	n.filling.Lock()
	defer n.filling.Unlock()
	if !n.people || n.filled || n.forbidden || n.large || n.shown.current {
		return nil
	}
	at, complete, err := n.copy.Complete(ctx)
	if err != nil || complete && n.now().Sub(at) < freshness {
		n.shown.current = err == nil
		return nil
	}
	if total, counted, err := n.copy.Total(ctx); err != nil || counted && total > smallStore {
		n.large = true
		return nil
	}
	if refused, marked, err := n.copy.Stamped(ctx, markForbidden); err == nil && marked && n.recent(refused) {
		n.forbidden, n.large = true, true // it was refused a short while ago
		return nil
	}
	unnamed := n.shown.unnamed
	err = n.fill(ctx, bounds{most: smallStore, live: true}, nil)
	n.large = err != nil // do not try again after any failure
	if n.forbidden {
		_ = n.copy.Stamp(ctx, markForbidden) // on failure it is merely requested again
	}
	if prepared := n.prepare(ctx); prepared != nil {
		return prepared
	}
	n.shown.unnamed = unnamed
	return ctx.Err()
}

// named returns an item from the copy. For an unknown SKU, it returns the product's
// name.
func (n *Names) named(ctx context.Context, product, sku string) (catalog.Item, bool) {
	if n.shown.items == nil {
		n.shown.items = map[stock.Address]catalog.Item{}
	}
	key := stock.Address{Product: product, SKU: sku}
	if item, known := n.shown.items[key]; known || n.shown.complete {
		if !known && sku != "" {
			item, known = n.shown.items[stock.Address{Product: product}]
			item.Code = ""
		}
		return item, known && item.Name+item.Code != ""
	}
	if n.shown.asked++; n.shown.asked > singly && n.shown.asked > n.mostSingly(ctx) {
		n.shown.complete = true
		if all, err := n.copy.All(ctx); err == nil {
			for _, i := range all {
				n.shown.items[i.Address()] = i
			}
		}
		return n.named(ctx, product, sku)
	}
	found, err := n.copy.ByID(ctx, product)
	if err != nil {
		return catalog.Item{}, false
	}
	n.shown.items[stock.Address{Product: product}] = catalog.Item{}
	for _, i := range found {
		if i.ProductID == product && i.SKUID == "" {
			n.shown.items[stock.Address{Product: product}] = i
		}
	}
	if sku != "" {
		unknown := n.shown.items[stock.Address{Product: product}]
		unknown.SKUID, unknown.Code = sku, ""
		n.shown.items[key] = unknown
		skus, err := n.copy.SKUs(ctx, product)
		if err != nil {
			return catalog.Item{}, false
		}
		for _, i := range skus {
			n.shown.items[stock.Address{Product: product, SKU: i.SKUID}] = i
		}
	}
	item := n.shown.items[key]
	return item, item.Name+item.Code != ""
}

// mostSingly is how many names are looked up one by one.
func (n *Names) mostSingly(ctx context.Context) int {
	if n.shown.most == 0 {
		products, skus, err := n.copy.Size(ctx)
		if err != nil {
			return 0
		}
		n.shown.most = max(singly, (products+skus)/singlyPart)
	}
	return n.shown.most
}

func (n *Names) recordOf(ctx context.Context, id string) (catalog.Record, bool) {
	if r, known := n.shown.records[id]; known {
		return r, true
	}
	r, known, err := n.copy.Record(ctx, id)
	if err != nil || !known {
		return catalog.Record{}, false
	}
	n.shown.records[id] = r
	return r, true
}

// unnamedCount returns how many products were shown by id because they are not known.
func (n *Names) unnamedCount() int { return len(n.shown.unnamed) }
