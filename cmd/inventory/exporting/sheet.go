package exporting

import (
	"strconv"

	"github.com/bayworks/stockctl/internal/api"
)

// row is a record with its texts for people.
type row struct {
	api.Record
	code, name, place, shelf string
}

// toFill returns the column to fill in.
func toFill(purpose string) string {
	switch purpose {
	case forSet:
		return "onHandQty"
	case forReorder:
		return "orderQty"
	}
	return "countedQty"
}

// header returns the column names of a sheet.
func header(purpose string) []string {
	out := []string{"inventoryId", "sku", "productName", "warehouseId", "location", "onHand"}
	if purpose == forReorder {
		return append(out, "available", "reorderLevel", "reorderQty", toFill(purpose))
	}
	return append(out, toFill(purpose), "baselineQty")
}

// cells returns the cells of a row.
func (r row) cells(purpose string) []string {
	out := []string{r.ID, r.code, r.name, r.place, r.shelf, number(r.OnHandQty)}
	if purpose == forReorder {
		return append(out, number(r.AvailableQty), number(r.ReorderLevel), number(r.ReorderQty), "")
	}
	return append(out, "", number(r.OnHandQty))
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}
