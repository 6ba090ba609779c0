package inventory

import (
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/output"
)

// entryView shows the outcome of each record of a file.
func entryView() output.View[entry] {
	type column = output.Column[entry]
	of := func(field func(api.Record) any) func(entry) any {
		return func(e entry) any {
			if e.Record == nil {
				return nil
			}
			return field(*e.Record)
		}
	}
	return output.View[entry]{
		ID: func(e entry) string {
			if e.Record == nil {
				return ""
			}
			return e.Record.ID
		},
		People: []column{
			{Name: "outcome", Title: "OUTCOME", Keep: true, Mark: outcomeMark, Value: func(e entry) any { return string(e.Outcome) }},
			{Name: "source", Title: "SOURCE", Keep: true, Value: func(e entry) any { return e.Source }},
			{Name: "product", Title: "PRODUCT", Spare: 1, Value: of(func(r api.Record) any { return show.Known(r.ProductName, r.ProductID) })},
			{Name: "sku", Title: "SKU", Keep: true, Value: of(func(r api.Record) any { return show.Known(r.SKUCode, r.SKUID) })},
			{Name: "warehouse", Title: "WAREHOUSE", Keep: true, Value: of(show.Place)},
			{Name: "onHandQty", Title: "ON HAND", Keep: true, Value: of(func(r api.Record) any { return r.OnHandQty })},
			{Name: "error", Title: "ERROR", Value: failed},
		},
		Columns: []column{
			{Name: "outcome", Title: "OUTCOME", Keep: true, Mark: outcomeMark, Value: func(e entry) any { return string(e.Outcome) }},
			{Name: "source", Title: "SOURCE", Keep: true, Value: func(e entry) any { return e.Source }},
			{Name: "id", Title: "ID", Wide: true, Value: of(func(r api.Record) any { return r.ID })},
			{Name: "productId", Title: "PRODUCT", Value: of(func(r api.Record) any { return r.ProductID })},
			{Name: "skuId", Title: "SKU", Value: of(func(r api.Record) any { return r.SKUID })},
			{Name: "warehouseName", Title: "WAREHOUSE", Spare: 1, Value: of(show.WarehouseName)},
			{Name: "onHandQty", Title: "ON HAND", Keep: true, Value: of(func(r api.Record) any { return r.OnHandQty })},
			{Name: "error", Title: "ERROR", Value: failed},
		},
	}
}

func failed(e entry) any {
	if e.Error == nil {
		return nil
	}
	return e.Error.Message
}

func outcomeMark(e entry) output.Mark {
	switch {
	case e.Error != nil:
		return output.MarkLow
	case e.Outcome == "created":
		return output.MarkOK
	}
	return output.MarkDim
}
