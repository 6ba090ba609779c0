package cmd_test

import (
	"strconv"
	"strings"
	"testing"
)

// A pipe can end without a newline; its last line counts like the others.
func TestTheLastScanNeedsNoLineEnd(t *testing.T) {
	t.Parallel()
	for stdin, want := range map[string]string{
		"prod_abc123\nprod_abc123":                                  "prod_abc123,2",
		"prod_abc123\nprod_abc123\n":                                "prod_abc123,2",
		"prod_abc123":                                               "prod_abc123,1",
		"prod_abc123\r\nprod_abc123\r\n \r":                         "prod_abc123,2",
		"prod_abc123\nqty 119":                                      "prod_abc123,119",
		"prod_abc123\nprod_abc123\nundo":                            "prod_abc123,1",
		"prod_abc123\ndone":                                         "prod_abc123,1",
		"PROD_ABC123\nQty 5\nDONE\nx":                               "prod_abc123,5",
		"Tote-Canvas\nlist":                                         "prod_abc123,1",
		"sku_red_256gb\nprod_abc123\nremove PHONE-red-256":          "prod_abc123,1",
		"prod_abc123\nprod_abc123\nRemove tote-canvas\nprod_abc123": "prod_abc123,1",
		"prod_abc123\nprod_abc123\nremove prod_abc123\nundo":        "prod_abc123,2",
		"prod_abc123\nprod_abc123\n\n\nqty 7":                       "prod_abc123,7",
	} {
		server, u := newShop(t)
		u.stdin = stdin
		code, out, errOut := u.run(t, t.Context(), "inventory", "count", "--scan", "--warehouse", "LGS-01", "-o", "csv", "--columns", "productId,counted")
		if code != 0 || strings.TrimSpace(out) != "productId,counted\n"+want {
			t.Errorf("%q: exit %d, want 0\n%s%s", stdin, code, out, errOut)
		}
		if got := server.stock(t)["prod_abc123@wh_abc123"]; want != "prod_abc123,"+strconv.FormatInt(got, 10) {
			t.Errorf("%q: %d are on hand", stdin, got)
		}
	}
}
