package show

import (
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/lookup"
)

// Warehouse returns a warehouse in one line: "LGS-01 Lagos Main (default)".
func Warehouse(w api.Warehouse) string {
	label := lookup.Label(w)
	if w.Name != "" && w.Name != label {
		label += "  " + w.Name
	}
	if w.IsDefault {
		label += " (default)"
	}
	return label
}

// Quantity returns a quantity for a sentence.
func Quantity(n *int64) string {
	if n == nil {
		return "an unknown quantity"
	}
	return fmt.Sprint(*n)
}
