package stock_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/stock"
)

func TestIDs(t *testing.T) {
	var ids stock.IDs[string]
	if got := ids.Of("KET") + ids.Several("KET"); got != "" {
		t.Errorf("without records: %q", got)
	}
	for _, r := range [][2]string{{"KET", "inv_1"}, {"TOT", "inv_2"}, {"KET", "inv_1"}, {"TOT", "inv_3"}, {"TOT", "inv_2"}, {"TOT", "inv_4"}} {
		ids.Add(r[0], r[1])
	}
	for _, test := range []struct{ of, id, several string }{
		{"KET", "inv_1", ""},
		{"TOT", "inv_2", "has two inventory records, inv_2 and inv_3, where there should be one"},
		{"other", "", ""},
	} {
		if id, several := ids.Of(test.of), ids.Several(test.of); id != test.id || several != test.several {
			t.Errorf("%s: %q, %q", test.of, id, several)
		}
	}
}
