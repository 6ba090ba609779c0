package sandbox

import "encoding/json"

// recordJSON is a record in a response.
type recordJSON struct {
	ID                string          `json:"id"`
	ProductID         string          `json:"productId"`
	SKUID             *string         `json:"skuId"`
	TenantID          string          `json:"tenantId"`
	WarehouseID       string          `json:"warehouseId"`
	WarehouseName     string          `json:"warehouseName"`
	Location          *string         `json:"location"`
	OnHandQty         int64           `json:"onHandQty"`
	ReservedQty       int64           `json:"reservedQty"`
	AvailableQty      int64           `json:"availableQty"`
	ReorderLevel      *int64          `json:"reorderLevel"`
	ReorderQty        *int64          `json:"reorderQty"`
	VariantAttributes json.RawMessage `json:"variantAttributes"`
	CreatedAt         string          `json:"createdAt"`
	UpdatedAt         string          `json:"updatedAt"`
}

// lowStockJSON is a record in the low-stock list.
type lowStockJSON struct {
	recordJSON
	LastStockAdjusted *string `json:"lastStockAdjusted"`
}

// adjustedJSON is a record in the response to an adjustment.
type adjustedJSON struct {
	lowStockJSON
	LastAdjustedBy *string `json:"lastAdjustedBy"`
}

// quantitiesJSON is a record in the response to reserve and release.
type quantitiesJSON struct {
	ID           string `json:"id"`
	OnHandQty    int64  `json:"onHandQty"`
	ReservedQty  int64  `json:"reservedQty"`
	AvailableQty int64  `json:"availableQty"`
}

func (r *record) json(v view) recordJSON {
	out := recordJSON{
		ID:            r.id,
		ProductID:     r.productID,
		TenantID:      tenantID,
		WarehouseID:   r.warehouseID,
		WarehouseName: r.warehouseName,
		Location:      r.location,
		OnHandQty:     r.onHand,
		ReservedQty:   r.reserved,
		AvailableQty:  r.available(),
		ReorderLevel:  r.reorderLevel,
		ReorderQty:    r.reorderQty,
		CreatedAt:     v.stamp(r.createdAt),
		UpdatedAt:     v.stamp(r.updatedAt),
	}
	if r.skuID != "" {
		out.SKUID = &r.skuID
	}
	if r.variantAttributes != nil {
		out.VariantAttributes = json.RawMessage(*r.variantAttributes)
	}
	return out
}

func (r *record) lowStockJSON(v view) lowStockJSON {
	out := lowStockJSON{recordJSON: r.json(v)}
	if r.lastAdjusted != nil {
		at := v.stamp(*r.lastAdjusted)
		out.LastStockAdjusted = &at
	}
	return out
}

func (r *record) adjustedJSON(v view) adjustedJSON {
	return adjustedJSON{r.lowStockJSON(v), r.lastActor}
}
