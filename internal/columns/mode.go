package columns

import (
	"slices"

	"github.com/bayworks/stockctl/internal/stock"
)

// Mode says what the rows of a file do.
type Mode = stock.Mode

// The modes. Count and Move are for the files of `inventory count` and `inventory
// transfer`; the importer does not send their rows.
const (
	Create = stock.Create
	Adjust = stock.Adjust
	Set    = stock.Set
	Count  = stock.Count
	Move   = stock.Move
)

// Fields that a create request does not have, and aliases of some that it has.
const (
	fieldSKUCode   = stock.Code
	fieldBarcode   = stock.Barcode
	fieldName      = stock.ProductName
	fieldWarehouse = stock.WarehouseID
	FieldRecord    = "inventoryId"
	fieldQty       = "qty"
	fieldAction    = "action"
	fieldReference = "reference"
	fieldNotes     = "notes"
	fieldOnHand    = "onHandQty"
	fieldCounted   = "countedQty"
	fieldBaseline  = "baselineQty"
	FieldFrom      = "from" // the sending warehouse
	FieldTo        = "to"   // the receiving warehouse
	// sheetOnHand is a column of our own sheets: the quantity on hand, for the people who
	// fill them in.
	sheetOnHand = "onHand"
	// fieldQuantity is the quantity in any command. It must be mapped explicitly: a column
	// with this name is not mapped to it.
	fieldQuantity = "quantity"
	// FieldOccurrence is the only column with an underscore that is read.
	FieldOccurrence = "_n"
	// fieldNone ignores a column.
	fieldNone = "_"
)

// itemFields returns the fields that name the product or SKU of a row, the most specific
// first.
func itemFields() []string {
	return []string{stock.ProductID, stock.SKUID, fieldSKUCode, fieldBarcode, fieldName}
}

// Fields lists the columns of a mode, in order.
func Fields(m Mode) []string {
	address := append(itemFields(), stock.WarehouseID)
	switch m {
	case Adjust:
		return append(append([]string{FieldRecord}, address...), fieldQty, fieldAction, fieldReference, fieldNotes)
	case Set:
		return append(append([]string{FieldRecord}, address...), fieldOnHand, fieldBaseline)
	case Count:
		return append(append([]string{FieldRecord}, address...), fieldCounted, fieldBaseline)
	case Move:
		return append(itemFields(), FieldFrom, FieldTo, fieldQty, fieldNotes)
	}
	return append(stock.FieldNames(), fieldSKUCode, fieldBarcode, fieldName)
}

// quantityOf returns the field for fieldQuantity in a mode.
func quantityOf(m Mode) string {
	switch m {
	case Adjust, Move:
		return fieldQty
	case Set:
		return fieldOnHand
	case Count:
		return fieldCounted
	}
	return stock.InitialQty
}

// requiredOf lists the columns that every row must fill in, except those that name the
// record.
func requiredOf(m Mode) []string {
	switch m {
	case Adjust:
		return []string{fieldQty, fieldAction}
	case Move:
		return []string{FieldFrom, FieldTo, fieldQty}
	}
	return []string{quantityOf(m)}
}

// named returns how to name a mode in a sentence.
func named(m Mode) string {
	switch m {
	case Count:
		return "a count"
	case Move:
		return "a transfer"
	}
	return "--mode " + string(m)
}

// recordFields returns the columns of a list of records. A mode ignores those it does not
// use, so that such a list can be imported.
func recordFields() []string {
	out := []string{
		"id", "tenantId", "warehouseName", "onHandQty", "reservedQty", "availableQty",
		"createdAt", "updatedAt", "lastStockAdjusted", "lastAdjustedBy", fieldBaseline,
	}
	for _, name := range stock.FieldNames() {
		if name != stock.InitialQty { // only a request has it
			out = append(out, name)
		}
	}
	return out
}

// nameFields returns the names that lists add to a record. The spelling must match
// exactly: "SKU code" is a column of another system.
func nameFields() []string {
	return []string{"productName", "skuCode", "warehouseCode", sheetOnHand}
}

// takes reports whether a mode has a field.
func takes(m Mode, field string) bool {
	return field == fieldQuantity || slices.Contains(Fields(m), field)
}

// Template returns a header with two example rows.
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
