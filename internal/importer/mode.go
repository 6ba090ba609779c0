package importer

import (
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/stock"
)

// Mode is what the rows of a file do.
type Mode = stock.Mode

// The modes.
const (
	Create = stock.Create
	Adjust = stock.Adjust
	Set    = stock.Set
)

// The fields that a create request does not have.
const (
	fieldSKUCode   = "sku" // the merchant's own code, in place of skuId
	fieldRecord    = "inventoryId"
	fieldQty       = "qty"
	fieldAction    = "action"
	fieldReference = "reference"
	fieldNotes     = "notes"
	fieldOnHand    = "onHandQty"
	// fieldOccurrence is the one column with an underscore that is read.
	fieldOccurrence = "_n"
)

// fieldsOf lists the columns a mode takes, in order.
func fieldsOf(m Mode) []string {
	address := []string{draft.ProductID, draft.SKUID, draft.WarehouseID}
	switch m {
	case Adjust:
		return append(append([]string{fieldRecord}, address...), fieldQty, fieldAction, fieldReference, fieldNotes)
	case Set:
		return append(append([]string{fieldRecord}, address...), fieldOnHand)
	}
	return draft.CreateFields()
}

// requiredOf lists the columns that every row must fill, but for those that name
// the record in adjust and set.
func requiredOf(m Mode) []string {
	switch m {
	case Adjust:
		return []string{fieldQty, fieldAction}
	case Set:
		return []string{fieldOnHand}
	}
	return draft.RequiredFields()
}

// recordFields are the fields of a record as lists write it: where a mode does
// not take one it is passed over, so that a list can be read back.
func recordFields() []string {
	return []string{
		"id", "productId", "skuId", "tenantId", "warehouseId", "warehouseName", "location", "onHandQty", "reservedQty",
		"availableQty", "reorderLevel", "reorderQty", "variantAttributes", "createdAt", "updatedAt", "lastStockAdjusted", "lastAdjustedBy",
		"productName", "skuCode", "warehouseCode",
	}
}

// Template is a header with two example rows.
func Template(m Mode) string {
	switch m {
	case Adjust:
		return "productId,skuId,warehouseId,qty,action,reference,notes\n" +
			"prod_abc123,,LGS-01,40,RECEIVED,PO-1042,\n" +
			"prod_phone_789,sku_red_256gb,LGS-01,-1,DAMAGED,,screen broken\n"
	case Set:
		return "productId,skuId,warehouseId,onHandQty\n" +
			"prod_abc123,,LGS-01,120\n" +
			"prod_phone_789,sku_red_256gb,LGS-01,0\n"
	}
	return "productId,skuId,warehouseId,initialQty,location,reorderLevel,reorderQty,variantAttributes\n" +
		"prod_abc123,,ABJ-01,50,B-02-1,10,30,\n" +
		"prod_phone_789,sku_red_256gb,ABJ-01,0,,,,Color=Red;Storage=256GB\n"
}
