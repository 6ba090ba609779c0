package count

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
)

// Codes maps scanned codes to items: a SKU by the merchant's code or its id, a product
// by its id, or an entry of the alias file.
type Codes struct {
	by      map[string]Item   // without a warehouse
	several map[string]bool   // codes of more than one SKU
	folded  map[string][]Item // by the code in lower case
	names   map[Item]string   // as people call them
	bySKU   map[string]bool   // products with stock per SKU
	aliases *Aliases
}

// ReadCodes reads the catalogue. base adds products that it does not list. An account
// without permission to read the catalogue uses only base.
func ReadCodes(ctx context.Context, names *lookup.Names, base []StockLevel, aliases *Aliases) (*Codes, error) {
	c := &Codes{by: map[string]Item{}, several: map[string]bool{}, folded: map[string][]Item{}, names: map[Item]string{}, bySKU: map[string]bool{}, aliases: aliases}
	for p, err := range names.Catalogue(ctx) {
		if failure.KindOf(err) == failure.Permission && err != nil {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading the catalogue: %w", err)
		}
		c.add(p.ID, Item{Product: p.ID})
		c.add(p.Code, Item{Product: p.ID})
		c.names[Item{Product: p.ID}] = called(p.Code, p.Name)
		for _, s := range p.SKUs() {
			if s.ID == "" {
				continue
			}
			c.bySKU[p.ID] = true
			c.add(s.ID, Item{Product: p.ID, SKU: s.ID})
			c.add(s.Code, Item{Product: p.ID, SKU: s.ID})
			c.names[Item{Product: p.ID, SKU: s.ID}] = called(s.Code, p.Name)
		}
	}
	own := map[string]bool{} // products with a record of their own
	for _, f := range base {
		c.add(f.Product, Item{Product: f.Product})
		if f.SKU == "" {
			own[f.Product] = true
			continue
		}
		c.bySKU[f.Product] = true
		c.add(f.SKU, Item{Product: f.Product, SKU: f.SKU})
	}
	for product := range own {
		delete(c.bySKU, product)
	}
	return c, nil
}

func (c *Codes) add(code string, item Item) {
	if code == "" {
		return
	}
	if other, taken := c.by[code]; taken && other != item {
		c.several[code] = true
	}
	c.by[code] = item
	low := strings.ToLower(code)
	if !slices.Contains(c.folded[low], item) {
		c.folded[low] = append(c.folded[low], item)
	}
}

// called returns an item's code and name for people.
func called(code, name string) string { return strings.TrimSpace(code + "  " + name) }

// Name returns the code and the name of an item, or its ids if it has neither.
func (c *Codes) Name(item Item) string {
	item.Warehouse = ""
	if name := c.names[item]; name != "" {
		return name
	}
	return item.String()
}

// Known reports whether a text is the code or the id of an item.
func (c *Codes) Known(code string) bool {
	_, known := c.by[code]
	return known
}

// Find returns the item of a code. If the code does not identify exactly one item, why
// is the reason.
func (c *Codes) Find(code string) (item Item, why string) {
	item, known := c.by[code]
	if alias, named := c.aliases.find(code); !known && named {
		item, why = c.Parse(alias)
		if why != "" {
			why = "is a barcode of " + alias + ", which " + why
		}
		return item, why
	}
	if like := c.folded[strings.ToLower(code)]; !known && len(like) > 0 {
		if len(like) > 1 {
			return Item{}, "matches the codes of several items that differ only in case"
		}
		item, known = like[0], true
	}
	switch {
	case c.several[code]:
		return Item{}, "is the code of several items"
	case !known:
		return Item{}, "is not known"
	case item.SKU == "" && c.bySKU[item.Product]:
		return Item{}, "has SKUs: scan the SKU's code"
	}
	return item, ""
}

// Parse parses PRODUCT[/SKU] or a known code, as users type it.
func (c *Codes) Parse(text string) (item Item, why string) {
	if item, known := c.by[text]; known && !c.several[text] {
		if item.SKU == "" && c.bySKU[item.Product] {
			return Item{}, "has SKUs: write " + item.Product + "/SKU"
		}
		return item, ""
	}
	product, sku, both := strings.Cut(text, "/")
	if !both {
		return Item{}, "is no product, SKU or code of this store"
	}
	found, known := c.by[sku]
	if !known || found.Product != product || found.SKU == "" || c.several[sku] {
		return Item{}, "is no SKU of this store"
	}
	return found, ""
}

// Remember stores the item of a code.
func (c *Codes) Remember(code string, item Item) error {
	return c.aliases.remember(code, item.String())
}
