package lookup

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
)

const (
	// smallStore is how many products may be read only to show their names: five
	// requests.
	smallStore = 500
	// Names are looked up one by one until more were asked for than singly, and than
	// a part of the copy: reading all of it takes as long as looking that many up.
	singly     = 100
	singlyPart = 25
	// strangers is how many products have their records read, in one run, only to
	// show what a movement moved.
	strangers = 5
)

// markForbidden is when the API last refused the product list to a person who was
// only to see names.
const markForbidden = "products refused"

// shown is what a run knows of the names that it shows.
type shown struct {
	prepared   bool
	items      map[[2]string]catalog.Item // by product and SKU
	codes      map[[2]string]string       // of items that their code names alone; blank for others
	whole      bool                       // items holds the whole copy
	asked      int
	most       int // how many are asked for one by one; 0: not known yet
	warehouses map[string]catalog.Warehouse
	records    map[string]catalog.Record
	strangers  int
	unnamed    map[string]bool // products that nothing is known of
}

// NameRecord fills in what a record's ids stand for: the product's name, the
// code of what it holds, and the warehouse's code and name. What is not known
// stays nil. Only the list of warehouses is read for it, and for a person the
// products of a small store.
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

// NameMovement fills in what a movement moved and where. The log names the
// record alone: of one that is not known, the product's records are read for a
// person, and only for a few.
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

// NamesOf returns what is known of an item's names, for things that hold no more
// than its ids.
func (n *Names) NamesOf(ctx context.Context, product, sku string) (api.Named, error) {
	r := api.Record{ProductID: product, SKUID: sku}
	err := n.NameRecord(ctx, &r)
	return r.Named, err
}

// Store names the store, for what is kept outside the copy.
func (n *Names) Store(ctx context.Context) (string, error) {
	if err := n.ready(ctx); err != nil {
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

// prepare makes sure that it is known whose names are shown. A list of
// warehouses that cannot be read leaves names out: they are no reason to fail.
func (n *Names) prepare(ctx context.Context) error {
	if n.shown.prepared {
		return nil
	}
	if err := n.ready(ctx); err != nil {
		if ctx.Err() != nil || failure.KindOf(err) == failure.Auth {
			return err
		}
		n.copy.Assume()
	}
	n.shown = shown{prepared: true, items: map[[2]string]catalog.Item{}, records: map[string]catalog.Record{}, unnamed: map[string]bool{}}
	return nil
}

// warehouseOf returns what is known of a warehouse; the list is read when the
// copy does not have it.
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
	if list, err := n.Warehouses(ctx); err == nil { // once a run, whatever it brings
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

// knowProduct reads the products of a small store for a person, when one of
// them is not known.
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

// readSmall reads the product list of a small store into the copy, for a person
// alone, and not again for a while.
func (n *Names) readSmall(ctx context.Context) error {
	n.filling.Lock()
	defer n.filling.Unlock()
	if !n.people || n.filled || n.forbidden || n.large {
		return nil
	}
	at, complete, err := n.copy.Complete(ctx)
	if err != nil || complete && n.now().Sub(at) < freshness {
		return nil
	}
	if total, counted, err := n.copy.Total(ctx); err != nil || counted && total > smallStore {
		n.large = true
		return nil
	}
	if refused, marked, err := n.copy.Marked(ctx, markForbidden); err == nil && marked && n.recent(refused) {
		n.forbidden, n.large = true, true // it was asked for a short while ago
		return nil
	}
	unnamed := n.shown.unnamed
	err = n.fill(ctx, smallStore, nil)
	n.large = err != nil // whatever went wrong, once is enough
	if n.forbidden {
		_ = n.copy.Mark(ctx, markForbidden) // else it is asked for again
	}
	if prepared := n.prepare(ctx); prepared != nil {
		return prepared
	}
	n.shown.unnamed = unnamed
	return ctx.Err()
}

// named returns what the copy knows of an item. A SKU that it does not know is
// still one of a product with a name.
func (n *Names) named(ctx context.Context, product, sku string) (catalog.Item, bool) {
	if n.shown.items == nil {
		n.shown.items = map[[2]string]catalog.Item{}
	}
	key := [2]string{product, sku}
	if item, known := n.shown.items[key]; known || n.shown.whole {
		if !known && sku != "" {
			item, known = n.shown.items[[2]string{product}]
			item.Code = ""
		}
		return item, known && item.Name+item.Code != ""
	}
	if n.shown.asked++; n.shown.asked > singly && n.shown.asked > n.mostSingly(ctx) {
		n.shown.whole = true
		if all, err := n.copy.All(ctx); err == nil {
			for _, i := range all {
				n.shown.items[[2]string{i.ProductID, i.SKUID}] = i
			}
		}
		return n.named(ctx, product, sku)
	}
	found, err := n.copy.ByID(ctx, product)
	if err != nil {
		return catalog.Item{}, false
	}
	n.shown.items[[2]string{product}] = catalog.Item{}
	for _, i := range found {
		if i.ProductID == product && i.SKUID == "" {
			n.shown.items[[2]string{product}] = i
		}
	}
	if sku != "" {
		unknown := n.shown.items[[2]string{product}]
		unknown.SKUID, unknown.Code = sku, ""
		n.shown.items[key] = unknown
		skus, err := n.copy.SKUs(ctx, product)
		if err != nil {
			return catalog.Item{}, false
		}
		for _, i := range skus {
			n.shown.items[[2]string{product, i.SKUID}] = i
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

// Unnamed tells how many products were shown by their ids, because nothing more
// is known of them here.
func (n *Names) Unnamed() int { return len(n.shown.unnamed) }
