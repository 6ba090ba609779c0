package seeing

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
)

// item are the names of what a record holds and where, as people know them; nil
// where they are not known.
type item struct {
	ProductName   *string `json:"productName"`
	SKUCode       *string `json:"skuCode"`
	WarehouseCode *string `json:"warehouseCode"`
}

// namer returns what names a record: the one place where the verbs of this
// package learn names. It asks for the warehouses alone, and reads no product.
func namer(ctx context.Context, a *app.App) (func(api.Record) item, error) {
	names, err := a.Names(ctx)
	if err != nil {
		return nil, err
	}
	codes := map[string]string{}
	if list, err := names.Warehouses(ctx); err == nil { // an account may not read them
		for _, w := range list {
			codes[w.ID] = w.Code
		}
	}
	return func(r api.Record) item {
		var i item
		if code := codes[r.WarehouseID]; code != "" {
			i.WarehouseCode = &code
		}
		return i
	}, nil
}

// text is what a name says, or else the id.
func text(name *string, id string) string {
	if name == nil || *name == "" {
		return id
	}
	return *name
}
