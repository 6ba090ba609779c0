package columns

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/stock"
)

// Barcodes maps barcodes to items. An item is an id, a code, or PRODUCT/SKU.
type Barcodes interface {
	Barcode(ctx context.Context, code string) (item string, known bool, err error)
}

// productList is the product list, read once, with an index for each kind of name.
type productList struct {
	kinds  map[string]string          // product → type
	ids    map[string][]stock.Address // of products and SKUs
	codes  map[string][]stock.Address // the merchant's
	folded map[string][]stock.Address // codes in lower case
	titles map[string][]stock.Address // names of products
}

func newProductList() *productList {
	return &productList{map[string]string{}, map[string][]stock.Address{}, map[string][]stock.Address{}, map[string][]stock.Address{}, map[string][]stock.Address{}}
}

func put(to map[string][]stock.Address, name string, item stock.Address) {
	if name != "" && !slices.Contains(to[name], item) {
		to[name] = append(to[name], item)
	}
}

// items returns the product list. It reads it on first use.
func (n *Names) items(ctx context.Context) (*productList, error) {
	if n.products != nil {
		return n.products, nil
	}
	c := newProductList()
	for p, err := range n.lookup.Catalogue(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading the products for the column %s: %w", n.wants, err)
		}
		c.kinds[p.ID] = p.ProductType
		own := stock.Address{Product: p.ID}
		put(c.ids, p.ID, own)
		put(c.titles, p.Name, own)
		c.code(p.Code, own)
		for _, s := range p.SKUs() {
			if s.ID == "" {
				continue
			}
			item := stock.Address{Product: p.ID, SKU: s.ID}
			put(c.ids, s.ID, item)
			c.code(s.Code, item)
		}
	}
	n.products = c
	return c, nil
}

func (c *productList) code(code string, item stock.Address) {
	put(c.codes, code, item)
	put(c.folded, strings.ToLower(code), item)
}

// byCode finds the items with exactly this code of the merchant or, if there are none,
// regardless of case.
func (c *productList) byCode(code string) []stock.Address {
	if found := c.codes[code]; len(found) > 0 {
		return found
	}
	return c.folded[strings.ToLower(code)]
}

// codeOrID finds the items with a code, or else the item with an id, since lists show the
// id of an item without a code. It also accepts a code that was escaped for a
// spreadsheet.
func (c *productList) codeOrID(text string) []stock.Address {
	for _, one := range []string{text, intake.Plain(text)} {
		if found := c.byCode(one); len(found) > 0 {
			return found
		}
		if found := c.ids[one]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// named finds the items that the value of a field names.
func (n *Names) named(ctx context.Context, field, value string) ([]stock.Address, error) {
	n.wants = field
	c, err := n.items(ctx)
	if err != nil {
		return nil, err
	}
	switch field {
	case fieldSKUCode:
		return c.codeOrID(value), nil
	case fieldName:
		if found := c.titles[value]; len(found) > 0 {
			return found, nil
		}
		return c.titles[intake.Plain(value)], nil
	}
	if n.barcodes != nil {
		item, known, err := n.barcodes.Barcode(ctx, value)
		if err != nil {
			return nil, err
		}
		if known {
			return c.address(item), nil
		}
	}
	return c.byCode(value), nil
}

// address finds the item of a barcode.
func (c *productList) address(text string) []stock.Address {
	if found := c.ids[text]; len(found) > 0 {
		return found
	}
	if found := c.byCode(text); len(found) > 0 {
		return found
	}
	if a, err := stock.ParseAddress(text); err == nil && a.Warehouse == "" {
		return []stock.Address{a.Address}
	}
	return []stock.Address{{Product: text}}
}

// itemName is a field of a row that names its item.
type itemName struct{ field, value string }

// item resolves the names in a row. The first is the most specific and decides. If what
// is not blank, it is the mistake in field.
func (n *Names) item(ctx context.Context, given []itemName) (item stock.Address, field, what string, err error) {
	for i, one := range given {
		found, err := n.named(ctx, one.field, one.value)
		if err != nil {
			return stock.Address{}, "", "", err
		}
		if i == 0 {
			if item, what = n.only(one, found); what != "" {
				return stock.Address{}, one.field, what, nil
			}
			continue
		}
		// A product's name matches each of its SKUs.
		fits := func(f stock.Address) bool { return f == item || one.field == fieldName && f.Product == item.Product }
		if len(found) == 1 && !fits(found[0]) {
			return stock.Address{}, one.field, fmt.Sprintf("is %s, but %s %q of this row is %s", found[0], given[0].field, given[0].value, item), nil
		}
	}
	return item, "", "", nil
}

// maxShown is how many candidates a message lists.
const maxShown = 5

// only returns the item if exactly one was found, and otherwise what is wrong.
func (n *Names) only(name itemName, found []stock.Address) (stock.Address, string) {
	things := map[string]string{fieldSKUCode: "code", fieldBarcode: "barcode", fieldName: "name"}
	thing := things[name.field]
	switch len(found) {
	case 1:
		return found[0], n.stocked(found[0])
	case 0:
		if what := stock.Debris(name.value); what != "" {
			return stock.Address{}, what
		}
		what := "no product or SKU has this " + thing
		if name.field == fieldBarcode {
			what += ": add it with `stockctl product barcode add`, or map another column"
		} else if near := n.near(name); len(near) > 0 {
			what += ": did you mean " + failure.OneOf(near) + "?"
		}
		return stock.Address{}, what
	}
	var list []string
	for _, one := range found[:min(len(found), maxShown)] {
		list = append(list, one.String())
	}
	return stock.Address{}, fmt.Sprintf("is the %s of %d items (%s): give productId, or skuId with it", thing, len(found), strings.Join(list, ", "))
}

// maxNear limits how many names are compared to suggest a correction.
const maxNear = 2000

func (n *Names) near(name itemName) []string {
	all := n.products.codes
	if name.field == fieldName {
		all = n.products.titles
	}
	if len(all) > maxNear {
		return nil
	}
	var known []string
	for one := range all {
		known = append(known, one)
	}
	slices.Sort(known)
	return failure.Nearest(name.value, known)
}

// stocked returns why an item has no stock; "" if it may have some.
func (n *Names) stocked(item stock.Address) string {
	switch kind := n.products.kinds[item.Product]; {
	case kind == "VARIABLE" && item.SKU == "":
		return "is VARIABLE, and no SKU is named: stock is kept for each SKU (map a column to sku or skuId)"
	case kind == "BUNDLE":
		return "is a bundle, which has no stock of its own"
	}
	return ""
}
