package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/stock"
)

// Record is the stock of a product, or of one of its SKUs, in one warehouse. The API
// leaves many fields out of lists. A field that is null or absent is unknown.
type Record struct {
	ID            string `json:"id"`
	ProductID     string `json:"productId"`
	SKUID         string `json:"skuId,omitempty"`
	TenantID      string `json:"tenantId,omitempty"`
	WarehouseID   string `json:"warehouseId"`
	WarehouseName string `json:"warehouseName,omitempty"`

	Location     *string `json:"location,omitempty"`
	OnHandQty    *int64  `json:"onHandQty,omitempty"`
	ReservedQty  *int64  `json:"reservedQty,omitempty"`
	AvailableQty *int64  `json:"availableQty,omitempty"` // on hand minus reserved
	ReorderLevel *int64  `json:"reorderLevel,omitempty"`
	ReorderQty   *int64  `json:"reorderQty,omitempty"`

	VariantAttributes map[string]string `json:"variantAttributes,omitempty"`

	CreatedAt         *Time  `json:"createdAt,omitempty"`
	UpdatedAt         *Time  `json:"updatedAt,omitempty"`
	LastStockAdjusted *Time  `json:"lastStockAdjusted,omitempty"`
	LastAdjustedBy    string `json:"lastAdjustedBy,omitempty"`

	Named
}

// Named has the names for the ids in a response. The API does not return them: they
// are filled in from elsewhere, and nil if unknown.
type Named struct {
	ProductName   *string `json:"productName"`
	SKUCode       *string `json:"skuCode"` // the merchant's code of the SKU, or of a product without SKUs
	WarehouseCode *string `json:"warehouseCode"`
}

// Text returns a text by the name of its field in a create request, or nil if it is
// not known.
func (r *Record) Text(field string) *string {
	var id *string
	switch field {
	case stock.Location:
		return r.Location
	case stock.ProductID:
		id = &r.ProductID
	case stock.SKUID:
		id = &r.SKUID
	case stock.WarehouseID:
		id = &r.WarehouseID
	}
	if id == nil || *id == "" {
		return nil
	}
	return id
}

// Number returns a quantity by the name of its field in a create request, or nil if
// it is not known. The initial quantity of a record is what it has on hand.
func (r *Record) Number(field string) *int64 {
	switch field {
	case stock.InitialQty:
		return r.OnHandQty
	case stock.ReorderLevel:
		return r.ReorderLevel
	case stock.ReorderQty:
		return r.ReorderQty
	}
	return nil
}

// Low reports whether the available stock is at or below the reorder level. It is
// false if either is unknown.
func (r Record) Low() bool {
	return r.AvailableQty != nil && r.ReorderLevel != nil && *r.AvailableQty <= *r.ReorderLevel
}

// Address returns the ids that identify the record.
func (r Record) Address() stock.Address {
	return stock.Address{Product: r.ProductID, SKU: r.SKUID, Warehouse: r.WarehouseID}
}

// recordWire is a record in a response.
type recordWire struct {
	ID                string             `json:"id"`
	ProductID         string             `json:"productId"`
	SKUID             string             `json:"skuId"`
	TenantID          string             `json:"tenantId"`
	WarehouseID       string             `json:"warehouseId"`
	WarehouseName     string             `json:"warehouseName"`
	Location          *string            `json:"location"`
	OnHandQty         *lenient.Int       `json:"onHandQty"`
	ReservedQty       *lenient.Int       `json:"reservedQty"`
	AvailableQty      *lenient.Int       `json:"availableQty"`
	ReorderLevel      *lenient.Int       `json:"reorderLevel"`
	ReorderQty        *lenient.Int       `json:"reorderQty"`
	VariantAttributes lenient.Attributes `json:"variantAttributes"`
	CreatedAt         *Time              `json:"createdAt"`
	UpdatedAt         *Time              `json:"updatedAt"`
	LastStockAdjusted *Time              `json:"lastStockAdjusted"`
	LastAdjustedBy    lenient.Loose      `json:"lastAdjustedBy"`
}

// UnmarshalJSON reads a record.
func (r *Record) UnmarshalJSON(b []byte) error {
	var w recordWire
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*r = w.record()
	return nil
}

// record computes the available quantity if the response leaves it out.
func (w recordWire) record() Record {
	r := Record{
		ID: w.ID, ProductID: w.ProductID, SKUID: w.SKUID, TenantID: w.TenantID,
		WarehouseID: w.WarehouseID, WarehouseName: w.WarehouseName, Location: w.Location,
		OnHandQty: (*int64)(w.OnHandQty), ReservedQty: (*int64)(w.ReservedQty), AvailableQty: (*int64)(w.AvailableQty),
		ReorderLevel: (*int64)(w.ReorderLevel), ReorderQty: (*int64)(w.ReorderQty),
		VariantAttributes: w.VariantAttributes,
		CreatedAt:         lenient.Known(w.CreatedAt), UpdatedAt: lenient.Known(w.UpdatedAt),
		LastStockAdjusted: lenient.Known(w.LastStockAdjusted), LastAdjustedBy: string(w.LastAdjustedBy),
	}
	if r.AvailableQty == nil && r.OnHandQty != nil && r.ReservedQty != nil {
		available := *r.OnHandQty - *r.ReservedQty
		r.AvailableQty = &available
	}
	return r
}

func (r Record) key() string { return r.ID }

// Records lists the whole store's records: GET /v1/inventory.
func (c *Client) Records() *List[Record] {
	return newList[Record](c, "/v1/inventory", nil)
}

// RecordsOf returns the records of a product in every warehouse, for all its SKUs or,
// with a skuID, for that one: GET /v1/inventory/product/….
func (c *Client) RecordsOf(ctx context.Context, productID, skuID string) ([]Record, error) {
	segments := []string{"v1", "inventory", "product", productID}
	if skuID != "" {
		segments = append(segments, "sku", skuID)
	}
	path, err := pathOf(segments...)
	if err != nil {
		return nil, err
	}
	asked := Subject{ProductID: productID}
	all, err := readAll(ctx, c, path, func(r Record) error { return asked.differs("", r) })
	if err != nil || skuID == "" {
		return all, err
	}
	// A server may list all the SKUs of the product. If none is the requested one,
	// the response is about something else.
	asked.SKUID = skuID
	own := slices.DeleteFunc(slices.Clone(all), func(r Record) bool { return asked.differs("", r) != nil })
	if len(own) == 0 && len(all) > 0 {
		k := call{method: "GET", path: path, safe: true}
		return nil, k.fault(http.StatusOK, asked.differs("", all[0]))
	}
	return own, nil
}

// LowStock returns the records with available stock at or below the reorder level:
// GET /v1/inventory/low-stock.
func (c *Client) LowStock(ctx context.Context) ([]Record, error) {
	return readAll[Record](ctx, c, "/v1/inventory/low-stock", nil)
}
