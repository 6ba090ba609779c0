package columns

import (
	"context"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/stock"
)

// byRecord reports whether the rows name their records by inventoryId.
func (p *Parser) byRecord() bool { return p.options.Mode != Create && p.Mapping.Has(FieldRecord) }

// item replaces the names of product and SKU with their ids.
func (p *Parser) item(ctx context.Context) ([]failure.Problem, error) {
	product, sku, code := p.text[p.at.product], p.text[p.at.sku], p.text[p.at.code]
	if bad := join(join(nil, p.checkID(stock.ProductID, product)), p.checkID(stock.SKUID, sku)); bad != nil {
		return bad, nil
	}
	if product != "" {
		if code == "" {
			return nil, nil
		}
		if sku != "" {
			return []failure.Problem{{Field: fieldSKUCode, Value: code, What: "and skuId name the SKU twice: leave one of them blank"}}, nil
		}
		id, what, err := p.names.sku(ctx, product, code)
		if err != nil {
			return nil, err
		}
		if what != "" {
			return []failure.Problem{{Field: fieldSKUCode, Value: code, What: what}}, nil
		}
		p.put(stock.SKUID, id)
		return nil, nil
	}
	var given []itemName
	for _, field := range []string{fieldSKUCode, fieldBarcode, fieldName} {
		value := p.Get(field)
		if what := blanks(value); what != "" {
			return []failure.Problem{{Field: field, Value: value, What: what}}, nil
		}
		if value != "" {
			given = append(given, itemName{field, value})
		}
	}
	if len(given) == 0 {
		return []failure.Problem{{Field: p.itemField(), What: "is required"}}, nil
	}
	item, field, what, err := p.names.item(ctx, given)
	if err != nil {
		return nil, err
	}
	if what != "" {
		return []failure.Problem{{Field: field, Value: p.Get(field), What: what}}, nil
	}
	p.put(stock.ProductID, item.Product)
	p.put(stock.SKUID, item.SKU)
	return nil, nil
}

// checkID returns what is wrong with the id of a product or SKU. The form of the ids of
// rows that name a record is checked with the rest of the address.
func (p *Parser) checkID(field, id string) *failure.Problem {
	bad := checkDebris(field, id)
	if bad == nil && id != "" && (p.options.Mode == Create || p.options.Mode == Move) {
		return api.CheckID(field, id)
	}
	return bad
}

// namesItem reports whether a column of the row names its item. A skuId alone does not.
func (p *Parser) namesItem() bool {
	return p.Get(stock.ProductID)+p.Get(fieldSKUCode)+p.Get(fieldBarcode)+p.Get(fieldName) != ""
}

// itemField returns the most specific field with which the table names items.
func (p *Parser) itemField() string {
	for _, field := range itemFields() {
		if field != stock.SKUID && p.Mapping.Has(field) {
			return field
		}
	}
	return stock.ProductID
}

// address checks how a row of adjust, set or count names its record.
func (p *Parser) address() []failure.Problem {
	if p.byRecord() {
		record := p.Get(FieldRecord)
		if bad := checkDebris(FieldRecord, record); bad != nil {
			return []failure.Problem{*bad}
		}
		if record == "" && p.namesItem() {
			return []failure.Problem{{Field: FieldRecord, What: "is blank: fill it in, or let the other columns name the record (--map " + FieldRecord + "=_)"}}
		}
		return join(nil, api.CheckID(FieldRecord, record))
	}
	var problems []failure.Problem
	if product := p.Get(stock.ProductID); product != "" {
		problems = join(problems, api.CheckID(stock.ProductID, product))
	}
	if sku := p.Get(stock.SKUID); sku != "" {
		problems = join(problems, api.CheckID(stock.SKUID, sku))
	}
	if strings.TrimSpace(p.Get(fieldWarehouse)) == "" {
		problems = append(problems, failure.Problem{Field: fieldWarehouse, What: "is required"})
	}
	return problems
}

// warehouse replaces a warehouse's name with its id.
func (p *Parser) warehouse(ctx context.Context) (*failure.Problem, error) {
	text := p.text[p.at.warehouse]
	if strings.TrimSpace(text) == "" {
		return nil, nil // reported already
	}
	id, what, err := p.names.warehouse(ctx, fieldWarehouse, text)
	if err != nil {
		return nil, err
	}
	if what != "" {
		return &failure.Problem{Field: fieldWarehouse, Value: text, What: what}, nil
	}
	p.text[p.at.warehouse] = id
	return nil, nil
}

// alsoNamed reads the other names of the record in a row with an inventoryId. Names that
// cannot be resolved are ignored. Names of a different record are reported once the
// records are known.
func (p *Parser) alsoNamed(ctx context.Context) error {
	p.weaker = stock.Key{}
	place := p.Get(fieldWarehouse)
	if strings.TrimSpace(place) == "" || !p.namesItem() {
		return nil
	}
	id, what, err := p.names.warehouse(ctx, fieldWarehouse, place)
	if err != nil || what != "" {
		return err
	}
	wrong, err := p.item(ctx)
	if err == nil && len(wrong) == 0 {
		p.weaker = stock.Key{Address: stock.Address{Product: p.Get(stock.ProductID), SKU: p.Get(stock.SKUID), Warehouse: id}}
	}
	return err
}

// key returns the key of the record: its id, or product, SKU and warehouse.
func (p *Parser) key() stock.Key {
	if p.byRecord() {
		k := p.weaker
		k.Record = p.Get(FieldRecord)
		return k
	}
	return stock.Key{Address: stock.Address{Product: p.text[p.at.product], SKU: p.text[p.at.sku], Warehouse: p.text[p.at.keeps]}}
}

// identify sets the key of a row, and the ids of a create request.
func (p *Parser) identify(w *ledger.Write) {
	w.Key = p.key()
	if p.options.Mode == Create {
		w.Create.ProductID, w.Create.SKUID, w.Create.WarehouseID = w.Key.Product, w.Key.SKU, w.Key.Warehouse
	} else {
		w.Record = w.Key.Record
	}
}
