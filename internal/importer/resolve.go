package importer

import (
	"context"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
)

// address checks how a row of adjust or set names its record.
func (p *parser) address() []failure.Problem {
	if p.columns.has(fieldRecord) {
		for _, field := range []string{draft.ProductID, draft.SKUID, fieldSKUCode, draft.WarehouseID} {
			if text := p.get(field); text != "" {
				return []failure.Problem{{Field: field, Value: text, What: "a file names its records in one way: this one has inventoryId"}}
			}
		}
		return join(nil, api.CheckID(fieldRecord, p.get(fieldRecord)))
	}
	var problems []failure.Problem
	problems = join(problems, api.CheckID(draft.ProductID, p.get(draft.ProductID)))
	if sku := p.get(draft.SKUID); sku != "" {
		problems = join(problems, api.CheckID(draft.SKUID, sku))
		if code := p.get(fieldSKUCode); code != "" {
			problems = append(problems, failure.Problem{Field: fieldSKUCode, Value: code, What: "and skuId name the SKU twice: leave one of them blank"})
		}
	}
	if strings.TrimSpace(p.get(draft.WarehouseID)) == "" {
		problems = append(problems, failure.Problem{Field: draft.WarehouseID, What: "is required"})
	}
	return problems
}

// resolve puts ids in place of names.
func (p *parser) resolve(ctx context.Context, w *ledger.Write) ([]failure.Problem, error) {
	if p.options.Mode != Create && p.columns.has(fieldRecord) {
		w.Record = p.get(fieldRecord)
		return nil, nil
	}
	var problems []failure.Problem
	warehouse := &p.text[p.columns.index(draft.WarehouseID)]
	if strings.TrimSpace(*warehouse) == "" {
		return nil, nil // told already
	}
	id, what, err := p.names.warehouse(ctx, *warehouse)
	if err != nil {
		return nil, err
	}
	if what != "" {
		problems = append(problems, failure.Problem{Field: draft.WarehouseID, Value: *warehouse, What: what})
	}
	*warehouse = id
	if code := p.get(fieldSKUCode); code != "" {
		id, what, err := p.names.sku(ctx, p.get(draft.ProductID), code)
		if err != nil {
			return nil, err
		}
		if what != "" {
			problems = append(problems, failure.Problem{Field: fieldSKUCode, Value: code, What: what})
		}
		p.text[p.columns.index(draft.SKUID)] = id
	}
	w.Create.WarehouseID, w.Create.SKUID = *warehouse, p.get(draft.SKUID)
	return problems, nil
}

// key names the record: its id, or product, SKU and warehouse.
func (p *parser) key() Key {
	if p.options.Mode != Create && p.columns.has(fieldRecord) {
		return Key{Record: p.get(fieldRecord)}
	}
	return Key{Product: p.get(draft.ProductID), SKU: p.get(draft.SKUID), Warehouse: p.get(draft.WarehouseID)}
}
