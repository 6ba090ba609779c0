package cmd_test

import (
	"net/http"
	"strings"
	"testing"
)

const liveKey = "pk_live_4242"

// takesLive lets the shop, which turns live keys away, take one.
func takesLive(f *faultServer) {
	f.meddle = func(_ http.ResponseWriter, r *http.Request, _ int) bool {
		if r.Header.Get("X-MerchantApiKey") == liveKey {
			r.Header.Set("X-MerchantApiKey", f.shop.Account().MerchantAPIKey)
		}
		return false
	}
}

// Where nobody can be asked, live stock is changed only with --yes; a file that
// changes nothing, or is only looked at, needs none.
func TestALiveKeyNeedsYes(t *testing.T) {
	const shelf = "productId,countedQty\nprod_abc123,100\n"
	for _, test := range []struct {
		name, text string
		args       []string
		want       string
	}{
		{"create", "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n", []string{"import", "FILE"}, "this import changes live stock, and there is nobody to ask\nhint: add --yes"},
		{"adjust", "productId,warehouseId,qty,action\nprod_abc123,LGS-01,4,received\n", []string{"import", "FILE", "--mode", "adjust"}, "this import changes live stock, and there is nobody to ask\nhint: add --yes"},
		{"set", "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,7\n", []string{"import", "FILE", "--mode", "set"}, "this import changes live stock, and there is nobody to ask\nhint: add --yes"},
		{"set, nothing to do", "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,120\n", []string{"import", "FILE", "--mode", "set"}, ""},
		{"import, dry run", "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n", []string{"import", "FILE", "--dry-run"}, ""},
		{"count", shelf, []string{"count", "FILE", "--warehouse", "LGS-01"}, "this count changes live stock, and there is nobody to ask\nhint: add --yes, or --dry-run"},
		{"scan", shelf, []string{"count", "--scan", "--warehouse", "LGS-01"}, "this count changes live stock, and there is nobody to ask\nhint: add --yes, or --dry-run"},
		{"count, dry run", shelf, []string{"count", "FILE", "--warehouse", "LGS-01", "--dry-run"}, ""},
	} {
		server, u := newShop(t)
		takesLive(server)
		u.env["STOCKCTL_MERCHANT_API_KEY"] = liveKey
		u.secrets = append(u.secrets, liveKey)
		u.stdin = "prod_abc123\nqty 100\ndone\n"
		args := withFile(u.file(t, "rows.csv", test.text), test.args)
		code, _, errOut := u.run(t, t.Context(), args...)
		if len(server.received()) > 0 {
			t.Errorf("%s: without a yes was sent: %v", test.name, server.received())
		}
		if test.want == "" {
			if code != 0 {
				t.Errorf("%s: exit %d\n%s", test.name, code, errOut)
			}
			continue
		}
		if code != 2 || !strings.HasSuffix(errOut, "error: "+test.want+"\n") {
			t.Errorf("%s: exit %d\n%s", test.name, code, errOut)
		}
		if code, out, errOut := u.run(t, t.Context(), append(args, "--yes")...); code != 0 || len(server.received()) != 1 {
			t.Errorf("%s: with --yes: exit %d, sent %v\n%s%s", test.name, code, server.received(), out, errOut)
		}
	}
}
