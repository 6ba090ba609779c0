package sandbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// The kinds of product.
const (
	simple   = "SIMPLE"
	variable = "VARIABLE"
	digital  = "DIGITAL"
	bundle   = "BUNDLE"
)

func kinds() []string { return []string{simple, variable, digital, bundle} }

// product is an entry of the catalogue, which is read-only in the API.
type product struct {
	id, name, kind string
	code           string // the merchant's own code; blank for none
	price          float64
	archived       bool
	createdAt      string
	attributes     map[string]string
	groups         []variantGroup
}

// variantGroup contains the SKUs that share one value of one attribute.
type variantGroup struct {
	id, attribute, value string
	skus                 []sku
}

type sku struct {
	id, code   string
	price      float64
	attributes map[string]string
}

// catalogue contains all products. Concurrent calls read it, and it never
// changes: a reset replaces it.
type catalogue struct {
	list []*product
	byID map[string]*product
	seal string // changes with every reset; blank for the built-in shop
}

func newCatalogue(list []*product, seal string) *catalogue {
	c := &catalogue{list: list, byID: make(map[string]*product, len(list)), seal: seal}
	for _, p := range list {
		c.byID[p.id] = p
	}
	return c
}

// find returns a product, or nil if there is none with this id.
func (c *catalogue) find(id string) *product { return c.byID[id] }

// The settings that store a catalogue other than the built-in one.
const (
	settingProducts = "products" // as a start file writes them
	settingSeal     = "products_seal"
)

// catalogue returns the current products, which another process may have reset.
func (s *Server) catalogue(ctx context.Context) (*catalogue, error) {
	known := s.products.Load()
	if known != nil && s.store.anchor != nil {
		return known, nil // no other process can open this database
	}
	seal, err := s.store.setting(ctx, settingSeal)
	if err != nil || known != nil && known.seal == string(seal) {
		return known, err
	}
	text, err := s.store.setting(ctx, settingProducts)
	if err != nil {
		return nil, err
	}
	list := builtIn().products
	if len(text) > 0 {
		if list, err = productsOf(text); err != nil {
			return nil, err
		}
	}
	fresh := newCatalogue(list, string(seal))
	s.products.Store(fresh)
	return fresh, nil
}

// setting reads one setting, or nil if there is none.
func (s *store) setting(ctx context.Context, name string) (value []byte, err error) {
	err = s.prepared.setting.QueryRowContext(ctx, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the setting %s: %w", name, err)
	}
	return value, nil
}

// keepProducts stores a shop's products unless they are the built-in ones.
func keepProducts(ctx context.Context, tx *sql.Tx, shop *Start) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM settings WHERE name IN (?, ?)", settingProducts, settingSeal); err != nil || shop.builtIn {
		return err
	}
	for name, value := range map[string][]byte{settingProducts: textOf(shop.products), settingSeal: []byte(newID("seal"))} {
		if _, err := tx.ExecContext(ctx, "INSERT INTO settings (name, value) VALUES (?, ?)", name, value); err != nil {
			return err
		}
	}
	return nil
}

func textOf(list []*product) []byte {
	out := make([]startProduct, len(list))
	for i, p := range list {
		out[i] = startProduct{
			ID: p.id, Name: p.name, ProductType: p.kind, SKU: p.code, Price: p.price,
			Archived: p.archived, CreatedAt: p.createdAt, Attributes: p.attributes,
		}
		for _, g := range p.groups {
			group := startGroup{ID: g.id, AttributeName: g.attribute, AttributeValue: g.value}
			for _, k := range g.skus {
				group.SKUs = append(group.SKUs, startSKU{ID: k.id, SKU: k.code, Price: k.price, Attributes: k.attributes})
			}
			out[i].VariantGroups = append(out[i].VariantGroups, group)
		}
	}
	return []byte(encode(out))
}

func productsOf(text []byte) ([]*product, error) {
	var list []startProduct
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("reading the products of the sandbox: %w", err)
	}
	shop, err := startFile{Products: list}.start()
	if err != nil {
		return nil, err
	}
	return shop.products, nil
}

// findSKU returns the product's SKU with this id, or nil.
func (p *product) findSKU(id string) *sku {
	for _, g := range p.groups {
		if i := slices.IndexFunc(g.skus, func(s sku) bool { return s.id == id }); i >= 0 {
			return &g.skus[i]
		}
	}
	return nil
}

// has reports whether the product or one of its SKUs has this attribute.
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
