package stock_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/stock"
)

func TestScanned(t *testing.T) {
	for quantity, refused := range map[string]bool{
		"40170725": true, "4006381333931": true, "-40170725": true, "01234565": true,
		"9999999": false, "-9999999": false, "0": false, "": false,
		"12345678x": false, // no number at all, which the rule for numbers reports
	} {
		if err := stock.Scanned(quantity); (err != nil) != refused {
			t.Errorf("%q: %v", quantity, err)
		}
	}
}
