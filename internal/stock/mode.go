package stock

import (
	"slices"

	"github.com/bayworks/stockctl/internal/failure"
)

// Mode is what the rows of a table do.
type Mode string

// The modes.
const (
	Create Mode = "create" // each row creates a record
	Adjust Mode = "adjust" // each row is a stock movement
	Set    Mode = "set"    // each row sets the quantity on hand of a record
	Count  Mode = "count"  // each row is a counted quantity, for `inventory count`
	Move   Mode = "move"   // each row moves a quantity between warehouses, for `inventory transfer`
)

// Modes lists the modes of an import, in the order of the help.
func Modes() []string { return []string{string(Create), string(Adjust), string(Set)} }

// ParseMode parses a value of --mode.
func ParseMode(text string) (Mode, error) {
	if !slices.Contains(Modes(), text) {
		return "", failure.Usagef("--mode must be %s, not %q", failure.OneOf(Modes()), text)
	}
	return Mode(text), nil
}
