package sandbox

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
)

// productJSON is a product in a response.
type productJSON struct {
	ID            string             `json:"id"`
	Name          string             `json:"name"`
	ProductType   string             `json:"productType"`
	SKU           string             `json:"sku,omitempty"`
	Price         float64            `json:"price"`
	Attributes    map[string]string  `json:"attributes"`
	VariantGroups []variantGroupJSON `json:"variantGroups"`
}

type variantGroupJSON struct {
	ID             string    `json:"id"`
	AttributeName  string    `json:"attributeName"`
	AttributeValue string    `json:"attributeValue"`
	SKUs           []skuJSON `json:"skus"`
}

type skuJSON struct {
	ID              string            `json:"id"`
	SKU             string            `json:"sku"`
	Price           float64           `json:"price"`
	QuantityInStock int64             `json:"quantityInStock"` // on hand in all warehouses
	Attributes      map[string]string `json:"attributes"`
}

// listProducts returns a page of the catalogue, filtered and sorted.
func (s *Server) listProducts(c *call) (*response, error) {
	query := c.URL.Query()
	page, limit, err := pageOf(query)
	if err != nil {
		return nil, err
	}
	keep, err := productFilter(query)
	if err != nil {
		return nil, err
	}
	order, err := productOrder(query)
	if err != nil {
		return nil, err
	}
	products, err := s.catalogue(c.Context())
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(slices.Clone(products.list), func(p *product) bool { return !keep(p) })
	slices.SortStableFunc(found, order)

	at := slice{page: page, limit: limit, total: len(found)}
	start := min(int64(page)*int64(limit), int64(len(found)))
	found = found[start:min(start+int64(limit), int64(len(found)))]
	out := make([]*productJSON, len(found))
	for i, p := range found {
		if out[i], err = s.productJSON(c.Context(), p); err != nil {
			return nil, err
		}
	}
	return ok(s.view.page(contentKey, out, at)), nil
}

// getProduct returns one product, archived or not.
func (s *Server) getProduct(c *call) (*response, error) {
	products, err := s.catalogue(c.Context())
	if err != nil {
		return nil, err
	}
	p := products.find(c.ids[0])
	if p == nil {
		return nil, notFound("Product")
	}
	out, err := s.productJSON(c.Context(), p)
	if err != nil {
		return nil, err
	}
	return ok(out), nil
}

// productFilter reads productType, attribute (Key:Value, repeatable; all must
// match) and archived (default false: products on sale).
func productFilter(query url.Values) (func(*product) bool, error) {
	kind := query.Get("productType")
	if kind != "" && !slices.Contains(kinds(), kind) {
		return nil, invalid("productType must be one of " + strings.Join(kinds(), ", "))
	}
	archived := query.Get("archived")
	if !slices.Contains([]string{"", "true", "false"}, archived) {
		return nil, invalid("archived must be true or false")
	}
	wanted := slices.DeleteFunc(query["attribute"], func(s string) bool { return s == "" })
	for _, attribute := range wanted {
		if !strings.Contains(attribute, ":") {
			return nil, invalid("attribute must be Key:Value")
		}
	}
	return func(p *product) bool {
		if p.archived != (archived == "true") || kind != "" && p.kind != kind {
			return false
		}
		for _, attribute := range wanted {
			key, value, _ := strings.Cut(attribute, ":")
			if !p.has(key, value) {
				return false
			}
		}
		return true
	}, nil
}

// productOrder reads sortFieldParam (default NAME) and sortDirectionParam
// (default ASC).
func productOrder(query url.Values) (func(a, b *product) int, error) {
	var by func(a, b *product) int
	switch query.Get("sortFieldParam") {
	case "", "NAME":
		by = func(a, b *product) int { return cmp.Compare(a.name, b.name) }
	case "PRICE":
		by = func(a, b *product) int { return cmp.Compare(a.price, b.price) }
	case "CREATED_AT":
		by = func(a, b *product) int { return cmp.Compare(a.createdAt, b.createdAt) }
	default:
		return nil, invalid("sortFieldParam must be one of NAME, PRICE, CREATED_AT")
	}
	switch query.Get("sortDirectionParam") {
	case "", "ASC":
		return by, nil
	case "DESC":
		return func(a, b *product) int { return by(b, a) }, nil
	}
	return nil, invalid("sortDirectionParam must be ASC or DESC")
}

// productJSON returns a product with the current quantities of its SKUs.
func (s *Server) productJSON(ctx context.Context, p *product) (*productJSON, error) {
	out := &productJSON{
		ID: p.id, Name: p.name, ProductType: p.kind, SKU: p.code, Price: p.price,
		Attributes: p.attributes, VariantGroups: []variantGroupJSON{},
	}
	if out.Attributes == nil {
		out.Attributes = map[string]string{}
	}
	if len(p.groups) == 0 {
		return out, nil
	}
	records, err := s.stockOf(ctx, p.id)
	if err != nil {
		return nil, err
	}
	onHand := map[string]int64{}
	for _, r := range records {
		onHand[r.skuID] += r.onHand
	}
	for _, g := range p.groups {
		group := variantGroupJSON{ID: g.id, AttributeName: g.attribute, AttributeValue: g.value}
		for _, k := range g.skus {
			group.SKUs = append(group.SKUs, skuJSON{k.id, k.code, k.price, onHand[k.id], k.attributes})
		}
		out.VariantGroups = append(out.VariantGroups, group)
	}
	return out, nil
}
