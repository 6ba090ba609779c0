package sandbox

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/bayworks/stockctl/internal/failure"
)

// founder turns a start file into a shop: it makes up missing ids and checks that
// everything the file refers to exists.
type founder struct {
	shop  Start
	taken map[string]bool     // ids
	items map[string][]stored // by id and by code
	kinds map[string]string   // of products
	looks map[stored]string   // the attributes of SKUs, as JSON
	keys  map[[3]string]bool  // of records
}

// stored is a product or SKU that can have records.
type stored struct{ product, sku string }

func (f startFile) start() (*Start, error) {
	b := &founder{taken: map[string]bool{}, items: map[string][]stored{}, kinds: map[string]string{}, looks: map[stored]string{}, keys: map[[3]string]bool{}}
	b.reserve(f)
	for i, w := range f.Warehouses {
		if err := b.warehouse(w); err != nil {
			return nil, failure.Usagef("warehouse %d of the start file: %w", i+1, err)
		}
	}
	if n := len(b.shop.warehouses); n > 0 && !slices.ContainsFunc(b.shop.warehouses, func(w *warehouse) bool { return w.isDefault }) {
		b.shop.warehouses[0].isDefault = true
	}
	for i, p := range f.Products {
		if err := b.product(p); err != nil {
			return nil, failure.Usagef("product %d of the start file: %w", i+1, err)
		}
	}
	for i, r := range f.Records {
		if err := b.record(r); err != nil {
			return nil, failure.Usagef("record %d of the start file: %w", i+1, err)
		}
	}
	return &b.shop, nil
}

// reserve prevents ids in the file from being made up a second time.
func (b *founder) reserve(f startFile) {
	for _, w := range f.Warehouses {
		b.taken[w.ID] = true
	}
	for _, p := range f.Products {
		b.taken[p.ID] = true
		for _, g := range p.groups() {
			for _, k := range g.SKUs {
				b.taken[k.ID] = true
			}
		}
	}
	for _, r := range f.Records {
		b.taken[r.ID] = true
	}
}

// id returns the given id, or makes one up from the first name that has letters or
// digits, such as prod_ket_red.
func (b *founder) id(given string, prefix string, names ...string) string {
	if given != "" {
		return given
	}
	for _, name := range names {
		if slug := slugOf(name); slug != "" {
			prefix += "_" + slug
			break
		}
	}
	id := prefix
	for n := 2; b.taken[id]; n++ {
		id = fmt.Sprintf("%s_%d", prefix, n)
	}
	b.taken[id] = true
	return id
}

// slugOf keeps the ASCII letters and digits of a name.
func slugOf(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "_")
}

func (b *founder) warehouse(in startWarehouse) error {
	w := &warehouse{
		id: b.id(in.ID, "wh", in.Code, in.Name), name: in.Name, code: in.Code, address: in.Address,
		isDefault: in.IsDefault, active: in.Active == nil || *in.Active, kind: in.Type,
		createdAt: seededAt, updatedAt: seededAt,
	}
	if w.kind == "" {
		w.kind = owned
	}
	if w.code == "" {
		w.code = strings.ToUpper(strings.TrimPrefix(w.id, "wh_"))
	}
	switch {
	case strings.TrimSpace(w.name) == "":
		return fmt.Errorf("the name is missing")
	case !slices.Contains(warehouseTypes(), w.kind):
		return fmt.Errorf("type must be one of %s", strings.Join(warehouseTypes(), ", "))
	}
	for _, other := range b.shop.warehouses {
		switch {
		case other.id == w.id:
			return fmt.Errorf("the id %q is taken", w.id)
		case strings.EqualFold(other.code, w.code):
			return fmt.Errorf("the code %q is taken", w.code)
		case other.isDefault && w.isDefault:
			return fmt.Errorf("%s is already the default warehouse", other.code)
		}
	}
	b.shop.warehouses = append(b.shop.warehouses, w)
	return nil
}

func (b *founder) product(in startProduct) error {
	p := &product{
		id: b.id(in.ID, "prod", in.SKU, in.Name), name: in.Name, code: in.SKU, kind: in.ProductType, price: in.Price,
		archived: in.Archived, createdAt: in.CreatedAt, attributes: in.Attributes,
	}
	groups := in.groups()
	if p.kind == "" && len(groups) > 0 {
		p.kind = variable
	} else if p.kind == "" {
		p.kind = simple
	}
	if p.createdAt == "" {
		p.createdAt = seededAt
	}
	switch {
	case strings.TrimSpace(p.name) == "":
		return fmt.Errorf("the name is missing")
	case !slices.Contains(kinds(), p.kind):
		return fmt.Errorf("productType must be one of %s", strings.Join(kinds(), ", "))
	case p.kind != variable && len(groups) > 0:
		return fmt.Errorf("a %s product has no SKUs", p.kind)
	case b.kinds[p.id] != "":
		return fmt.Errorf("the id %q is taken", p.id)
	}
	b.kinds[p.id] = p.kind
	b.add(stored{product: p.id}, p.id, p.code)
	for _, g := range groups {
		group := variantGroup{id: b.id(g.ID, "vg", p.id+" "+g.AttributeValue), attribute: g.AttributeName, value: g.AttributeValue}
		for _, k := range g.SKUs {
			one := sku{b.id(k.ID, "sku", k.SKU, p.id+" "+g.AttributeValue), k.SKU, k.Price, k.Attributes}
			if one.attributes == nil {
				one.attributes = map[string]string{}
			}
			group.skus = append(group.skus, one)
			b.add(stored{p.id, one.id}, one.id, one.code)
			if len(one.attributes) > 0 {
				b.looks[stored{p.id, one.id}] = encode(one.attributes)
			}
		}
		p.groups = append(p.groups, group)
	}
	b.shop.products = append(b.shop.products, p)
	return nil
}

func (b *founder) add(item stored, names ...string) {
	for _, name := range names {
		if name != "" && !slices.Contains(b.items[name], item) {
			b.items[name] = append(b.items[name], item)
		}
	}
}

func (b *founder) record(in startStock) error {
	item, err := b.item(in)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(b.shop.warehouses, func(w *warehouse) bool {
		name := in.Warehouse
		return w.id == name || strings.EqualFold(w.code, name) || w.name == name
	})
	if i < 0 {
		return fmt.Errorf("no warehouse %q in the file", in.Warehouse)
	}
	w := b.shop.warehouses[i]
	key := [3]string{item.product, item.sku, w.id}
	switch {
	case b.keys[key]:
		return fmt.Errorf("%s already has a record in %s", in.name(), w.code)
	case in.OnHand < 0 || in.OnHand > math.MaxInt32:
		return fmt.Errorf("onHandQty must be from 0 to %d", math.MaxInt32)
	case in.Reserved < 0 || in.Reserved > in.OnHand:
		return fmt.Errorf("reservedQty must be from 0 to onHandQty")
	}
	b.keys[key] = true
	switch kind := b.kinds[item.product]; {
	case kind == bundle:
		return fmt.Errorf("%s is a BUNDLE, which has no stock of its own", in.name())
	case kind == variable && item.sku == "":
		return fmt.Errorf("%s is a VARIABLE product: give the sku of one of its SKUs", in.name())
	}
	r := startRecord{received: int64(in.OnHand), record: record{
		id: b.id(in.ID, "inv", in.name()+" "+w.code), productID: item.product, skuID: item.sku, warehouseID: w.id,
		location: in.Location, onHand: int64(in.OnHand), reserved: int64(in.Reserved),
		reorderLevel: (*int64)(in.ReorderLevel), reorderQty: (*int64)(in.ReorderQty), createdAt: seededAt, updatedAt: seededAt,
	}}
	if looks, has := b.looks[item]; has {
		r.variantAttributes = &looks
	}
	b.shop.records = append(b.shop.records, r)
	return nil
}

// name is how a record in the file refers to its product or SKU.
func (r startStock) name() string {
	for _, name := range []string{r.SKU, r.SKUID, r.ProductID} {
		if name != "" {
			return name
		}
	}
	return ""
}

// item finds the product or SKU of a record.
func (b *founder) item(in startStock) (stored, error) {
	if in.name() == "" {
		return stored{}, fmt.Errorf("the product is missing: give sku or productId")
	}
	found := slices.Clone(b.items[in.name()])
	if in.ProductID != "" {
		found = slices.DeleteFunc(found, func(s stored) bool { return s.product != in.ProductID })
	}
	switch len(found) {
	case 0:
		return stored{}, fmt.Errorf("no product or SKU %q in the file", in.name())
	case 1:
		return found[0], nil
	}
	return stored{}, fmt.Errorf("%d products or SKUs are called %q: give productId and skuId", len(found), in.name())
}
