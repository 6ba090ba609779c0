package stock

import (
	"fmt"
	"strings"
)

// shortest is the number of digits of the shortest barcode that shops print: an EAN-8.
const shortest = 8

// Scanned refuses a quantity that is as long as a barcode. Someone who scans an item at
// the question for a quantity does not want to move millions. Only prompts use it: a
// quantity from a flag or a file was not scanned by mistake.
func Scanned(quantity string) error {
	digits := strings.TrimLeft(quantity, "+-")
	if len(digits) < shortest || strings.Trim(digits, "0123456789") != "" {
		return nil
	}
	return fmt.Errorf("looks like a barcode: type a quantity of at most %d digits", shortest-1)
}
