package bulk

import (
	"slices"

	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
)

// Mode is what the rows of a file do.
type Mode string

// The modes.
const (
	Create Mode = "create" // each row creates a record
	Adjust Mode = "adjust" // each row is a stock movement
	Set    Mode = "set"    // each row brings a record's on hand to a quantity
)

// Modes lists them in the order of the help.
func Modes() []string { return []string{string(Create), string(Adjust), string(Set)} }

// ParseMode reads a value of --mode.
func ParseMode(text string) (Mode, error) {
	if !slices.Contains(Modes(), text) {
		return "", failure.Usagef("--mode must be %s, not %q", failure.OneOf(Modes()), text)
	}
	return Mode(text), nil
}

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

// Fields lists the columns a mode takes, in order.
func (m Mode) Fields() []string {
	address := []string{draft.ProductID, draft.SKUID, draft.WarehouseID}
	switch m {
	case Adjust:
		return append(append([]string{fieldRecord}, address...), fieldQty, fieldAction, fieldReference, fieldNotes)
	case Set:
		return append(append([]string{fieldRecord}, address...), fieldOnHand)
	}
	return draft.CreateFields()
}

// required lists the columns that every row must fill, but for those that name
// the record in adjust and set.
func (m Mode) required() []string {
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
	}
}

// Template is a header with two example rows.
func (m Mode) Template() string {
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
