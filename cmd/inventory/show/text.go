package show

import (
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/prompt"
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

// WarehouseChoice offers warehouses by id, code and name. The one with the id in selected
// comes first or, if it is not in the list, the store's default.
func WarehouseChoice(title string, list []api.Warehouse, selected string) (prompt.Choice, error) {
	choice := prompt.Choice{Title: title}
	for _, w := range list {
		choice.Options = append(choice.Options, prompt.Option{Label: Warehouse(w), Value: w.ID, Names: []string{w.Code, w.Name}})
		if w.IsDefault && choice.Default == "" || w.ID == selected {
			choice.Default = w.ID
		}
	}
	if len(list) == 0 {
		return choice, failure.New(failure.NotFound, "this store has no active warehouse").Hint("create one with `stockctl warehouse create`")
	}
	return choice, nil
}

// Quantity returns a quantity for a sentence.
func Quantity(n *int64) string {
	if n == nil {
		return "an unknown quantity"
	}
	return fmt.Sprint(*n)
}
