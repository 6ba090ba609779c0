package lookup

import (
	"context"
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Records reads the inventory records an address names: of one product, of one
// of its SKUs, and in one warehouse when the address says so. There may be none.
func (n *Names) Records(ctx context.Context, a Address) ([]api.Record, error) {
	sku := a.SKU
	if sku != "" {
		id, err := n.SKU(ctx, a.ProductID, sku)
		if err != nil {
			return nil, err
		}
		sku = id
	}
	var in api.Warehouse
	if a.Warehouse != "" {
		w, err := n.Warehouse(ctx, a.Warehouse)
		if err != nil {
			return nil, err
		}
		in = w
	}
	list, err := n.client.RecordsOf(ctx, a.ProductID, sku)
	if err != nil && failure.KindOf(err) != failure.NotFound {
		return nil, fmt.Errorf("reading the records of %s: %w", a.ProductID, err)
	}
	if in.ID != "" {
		list = filter(list, func(r api.Record) bool { return r.WarehouseID == in.ID })
	}
	return list, nil
}

// NameWarehouse fills in the name of a record's warehouse where the answer left
// it out. A list of warehouses that cannot be read leaves it blank.
func (n *Names) NameWarehouse(ctx context.Context, r *api.Record) {
	if r.WarehouseName != "" {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.names == nil {
		n.names = map[string]string{}
		list, err := n.Warehouses(ctx)
		if err != nil {
			return
		}
		for _, w := range list {
			n.names[w.ID] = w.Name
		}
	}
	r.WarehouseName = n.names[r.WarehouseID]
}

// None is the error for an address that names no record.
func None(a Address) error {
	return failure.New(failure.NotFound, "no inventory record for %s", a).
		Hint("create one with `stockctl inventory create`, or see `stockctl inventory list`")
}

// Record finds the one record that PRODUCT[/SKU]@WAREHOUSE names. Without a
// SKU it is the product's own record; a product that has only SKU records in
// that warehouse is an error that lists them.
func (n *Names) Record(ctx context.Context, a Address) (api.Record, error) {
	list, err := n.Records(ctx, a)
	if err != nil {
		return api.Record{}, err
	}
	if len(list) == 0 {
		return api.Record{}, None(a)
	}
	if a.SKU == "" {
		if own := filter(list, func(r api.Record) bool { return r.SKUID == "" }); len(own) > 0 {
			list = own
		} else {
			return api.Record{}, bySKU(a, list)
		}
	}
	if len(list) > 1 {
		return api.Record{}, failure.New(failure.Unexpected, "the API has %d inventory records for %s: there should be one", len(list), a)
	}
	return list[0], nil
}

func bySKU(a Address, list []api.Record) error {
	var names []string
	for _, r := range list[:min(len(list), 10)] {
		names = append(names, Address{r.ProductID, r.SKUID, a.Warehouse}.String())
	}
	return failure.Usagef("%s is kept by SKU: name one", a).Hint("there is %s", strings.Join(names, ", "))
}
