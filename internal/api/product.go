package api

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/bayworks/stockctl/internal/api/lenient"
)

// Product is a product of the catalogue. It is read-only.
type Product struct {
	ID            string            `json:"id"`
	Name          string            `json:"name"`
	ProductType   string            `json:"productType"`   // SIMPLE, VARIABLE, DIGITAL or BUNDLE
	Code          string            `json:"sku,omitempty"` // the merchant's code; only for a product without SKUs
	Price         json.Number       `json:"price,omitempty"`
	Attributes    map[string]string `json:"attributes,omitempty"`
	VariantGroups []VariantGroup    `json:"variantGroups,omitempty"`
}

// ProductTypes returns the types of products, the most common first.
func ProductTypes() []string { return []string{"SIMPLE", "VARIABLE", "DIGITAL", "BUNDLE"} }

// VariantGroup is the SKUs that share one value of one attribute.
type VariantGroup struct {
	ID             string `json:"id,omitempty"`
	AttributeName  string `json:"attributeName"`
	AttributeValue string `json:"attributeValue"`
	SKUs           []SKU  `json:"skus"`
}

// SKU is one variant that can be stocked.
type SKU struct {
	ID              string            `json:"id,omitempty"`
	Code            string            `json:"sku,omitempty"` // the merchant's code
	Price           json.Number       `json:"price,omitempty"`
	QuantityInStock *int64            `json:"quantityInStock,omitempty"`
	Attributes      map[string]string `json:"attributes,omitempty"`
}

// SKUs returns the SKUs of all groups, each once: a SKU with two attributes is in a
// group of each.
func (p Product) SKUs() []SKU {
	var out []SKU
	type name struct{ id, code string }
	seen := make(map[name]bool)
	for _, group := range p.VariantGroups {
		for _, sku := range group.SKUs {
			named := name{id: sku.ID}
			if sku.ID == "" {
				named.code = sku.Code
			}
			if named != (name{}) && seen[named] {
				continue
			}
			seen[named] = true
			out = append(out, sku)
		}
	}
	return out
}

// productWire is a product in a response.
type productWire struct {
	ID            string             `json:"id"`
	Name          string             `json:"name"`
	ProductType   string             `json:"productType"`
	Code          lenient.Loose      `json:"sku"`
	Price         json.Number        `json:"price"`
	Attributes    lenient.Attributes `json:"attributes"`
	VariantGroups []VariantGroup     `json:"variantGroups"`
}

// UnmarshalJSON reads a product. Attribute values that are not text become their JSON.
func (p *Product) UnmarshalJSON(b []byte) error {
	var w productWire
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*p = Product{w.ID, w.Name, w.ProductType, string(w.Code), w.Price, w.Attributes, w.VariantGroups}
	return nil
}

// skuWire is a SKU in a response.
type skuWire struct {
	ID              string             `json:"id"`
	Code            lenient.Loose      `json:"sku"`
	Price           json.Number        `json:"price"`
	QuantityInStock *lenient.Int       `json:"quantityInStock"`
	Attributes      lenient.Attributes `json:"attributes"`
}

// UnmarshalJSON reads a SKU. The quantity may be written as 50.0, and attribute values
// need not be text.
func (s *SKU) UnmarshalJSON(b []byte) error {
	var w skuWire
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*s = SKU{w.ID, string(w.Code), w.Price, (*int64)(w.QuantityInStock), w.Attributes}
	return nil
}

func (p Product) key() string { return p.ID }

// ProductFilter filters and sorts a list of products. The zero value asks for all that
// are not archived, in the API's own order.
type ProductFilter struct {
	Type      string // one of ProductTypes
	Attribute string // Key:Value
	Sort      string // NAME, PRICE or CREATED_AT
	Direction string // ASC or DESC
	Archived  bool
}

func (f ProductFilter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		"productType": f.Type, "attribute": f.Attribute,
		"sortFieldParam": f.Sort, "sortDirectionParam": f.Direction,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Archived {
		q.Set("archived", "true")
	}
	return q
}

// Products lists the catalogue: GET /v2/products.
func (c *Client) Products(f ProductFilter) *List[Product] {
	return newList[Product](c, "/v2/products", f.query())
}

// Product returns one product: GET /v2/products/{id}.
func (c *Client) Product(ctx context.Context, id string) (Product, error) {
	path, err := pathOf("v2", "products", id)
	if err != nil {
		return Product{}, err
	}
	return read(ctx, c, path, func(p Product) error {
		if p.ID == "" {
			return lenient.Wrong("contains no product")
		}
		return differs(pair{"product", id, p.ID})
	})
}
