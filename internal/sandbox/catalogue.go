package sandbox

import "slices"

// The kinds of product.
const (
	simple   = "SIMPLE"
	variable = "VARIABLE"
	digital  = "DIGITAL"
	bundle   = "BUNDLE"
)

// product is an entry of the catalogue, which is the same in every sandbox,
// because the API only reads it.
type product struct {
	id, name, kind string
	price          float64
	archived       bool
	createdAt      string
	attributes     map[string]string
	groups         []variantGroup
}

// variantGroup gathers the SKUs that share one value of one attribute.
type variantGroup struct {
	id, attribute, value string
	skus                 []sku
}

type sku struct {
	id, code   string
	price      float64
	attributes map[string]string
}

// catalogue is all the products there are. It is read by many calls at once and
// never changed.
type catalogue []*product

// seededCatalogue is the published samples' shop and one product of each
// further kind.
func seededCatalogue() catalogue {
	phone := func(id, code, tint, storage string, price float64) sku {
		return sku{id, code, price, map[string]string{"Color": tint, "Storage": storage}}
	}
	return catalogue{
		{
			id: "prod_abc123", name: "Canvas Tote Bag", kind: simple, price: 5500,
			createdAt: "2026-01-05T08:00:00.000Z", attributes: map[string]string{"Material": "Canvas"},
		},
		{
			id: "prod_phone_789", name: "Aurora Phone", kind: variable, price: 420000,
			createdAt: "2026-01-05T08:10:00.000Z", attributes: map[string]string{"Brand": "Aurora"},
			groups: []variantGroup{
				{"vg_red", "Color", "Red", []sku{
					phone("sku_red_128gb", "PHONE-RED-128", "Red", "128GB", 420000),
					phone("sku_red_256gb", "PHONE-RED-256", "Red", "256GB", 480000),
				}},
				{"vg_blue", "Color", "Blue", []sku{
					phone("sku_blue_128gb", "PHONE-BLUE-128", "Blue", "128GB", 420000),
					phone("sku_blue_256gb", "PHONE-BLUE-256", "Blue", "256GB", 480000),
				}},
			},
		},
		{
			id: "prod_ebook_101", name: "Stock Keeping for Beginners", kind: digital, price: 2500,
			createdAt: "2026-01-05T08:20:00.000Z", attributes: map[string]string{"Format": "EPUB"},
		},
		{
			id: "prod_bundle_202", name: "Phone and Tote Bundle", kind: bundle, price: 424000,
			createdAt: "2026-01-05T08:30:00.000Z",
		},
		{
			id: "prod_retired_303", name: "Paper Bag", kind: simple, price: 150, archived: true,
			createdAt: "2025-11-20T08:00:00.000Z", attributes: map[string]string{"Material": "Paper"},
		},
	}
}

// find returns a product, nil when it is not there.
func (c catalogue) find(id string) *product {
	for _, p := range c {
		if p.id == id {
			return p
		}
	}
	return nil
}

// findSKU returns a SKU of the product, nil when it has none of that id.
func (p *product) findSKU(id string) *sku {
	for _, g := range p.groups {
		if i := slices.IndexFunc(g.skus, func(s sku) bool { return s.id == id }); i >= 0 {
			return &g.skus[i]
		}
	}
	return nil
}

// has tells whether the product or one of its SKUs has an attribute.
func (p *product) has(key, value string) bool {
	if got, there := p.attributes[key]; there && got == value {
		return true
	}
	for _, g := range p.groups {
		if slices.ContainsFunc(g.skus, func(s sku) bool { return s.attributes[key] == value }) {
			return true
		}
	}
	return false
}
