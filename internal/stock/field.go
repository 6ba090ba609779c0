package stock

import "sync"

// The fields of the request that creates a record, named as in the API.
const (
	ProductID         = "productId"
	SKUID             = "skuId"
	WarehouseID       = "warehouseId"
	InitialQty        = "initialQty"
	Location          = "location"
	ReorderLevel      = "reorderLevel"
	ReorderQty        = "reorderQty"
	VariantAttributes = "variantAttributes"
)

// The fields of a file that identify an item without the API's ids: by the merchant's
// code, a known barcode, or the product's name.
const (
	Code        = "sku"
	Barcode     = "barcode"
	ProductName = "productName"
)

// NameFields returns these fields, the most specific first.
func NameFields() []string { return []string{Code, Barcode, ProductName} }

// Type is the type of a field's value, which determines what values are valid.
type Type int

// The types.
const (
	ID         Type = iota // an id of the API, or a name that is resolved to one
	Quantity               // a whole number from 0 to 2,147,483,647
	Line                   // one line of at most 255 characters
	Attributes             // names and values
)

// Field describes one field of the request that creates a record. The flags, the prompts,
// the files, the columns of an import, its plan and the comparison with an existing
// record are all based on this table.
type Field struct {
	Name     string // the API's name
	Type     Type
	Required bool
	Flag     string // of `inventory create`
	Usage    string // of the flag
	Title    string // of the prompt, and in the preview
	Help     string // of an optional field's prompt; blank: the field has a special prompt
	Meaning  string // in a list of fields to choose from
	Column   string // the title in -o wide; blank: no column, or one defined elsewhere
}

// CreateFields returns the fields of a create request in the published order. Callers
// must not modify them: all share one table, because imports use it for every row.
func CreateFields() []Field { return fields() }

var fields = sync.OnceValue(func() []Field {
	return []Field{
		{
			Name: ProductID, Type: ID, Required: true,
			Flag: "product", Usage: "the `product`: your own code, a barcode, its id or its name", Title: "Product", Meaning: "the id of the product",
		},
		{
			Name: SKUID, Type: ID,
			Flag: "sku", Usage: "the `SKU`: your own code or its id; --product is then not needed", Title: "SKU", Meaning: "the id of the SKU",
		},
		{
			Name: WarehouseID, Type: ID, Required: true,
			Flag: "warehouse", Usage: "the `warehouse`: its id, code or name (STOCKCTL_WAREHOUSE)", Title: "Warehouse", Meaning: "the warehouse: id, code or name",
		},
		{
			Name: InitialQty, Type: Quantity, Required: true,
			Flag: "initial-qty", Usage: "the initial `quantity`, 0 or more", Title: "Initial quantity", Meaning: "the quantity of the new record",
		},
		{
			Name: Location, Type: Line,
			Flag: "location", Usage: "the `shelf` or bin, such as B-02-1", Title: "Location", Help: "shelf or bin, such as B-02-1; optional",
			Meaning: "the shelf or bin",
		},
		{
			Name: ReorderLevel, Type: Quantity,
			Flag: "reorder-level", Usage: "the `quantity` at or below which stock is low", Title: "Reorder level", Help: "stock is low at or below it; optional",
			Meaning: "when to order more",
			Column:  "REORDER AT",
		},
		{
			Name: ReorderQty, Type: Quantity,
			Flag: "reorder-qty", Usage: "the `quantity` to reorder", Title: "Reorder quantity", Help: "how much to reorder; optional",
			Meaning: "how many to order",
			Column:  "REORDER QTY",
		},
		{
			Name: VariantAttributes, Type: Attributes,
			Flag: "attribute", Usage: "an attribute of the SKU: `Key=Value`; may be repeated", Title: "Attributes", Meaning: "such as Color=Red;Size=M", Column: "ATTRIBUTES",
		},
	}
})

// FieldNames returns the names of CreateFields.
func FieldNames() []string {
	var names []string
	for _, f := range CreateFields() {
		names = append(names, f.Name)
	}
	return names
}

// FieldOf returns the field with the given name, or the zero Field.
func FieldOf(name string) Field {
	for _, f := range CreateFields() {
		if f.Name == name {
			return f
		}
	}
	return Field{}
}
