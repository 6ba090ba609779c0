package cmd_test

import (
	"net/http"
	"strings"
	"testing"
)

const liveKey = "pk_live_4242"

// takesLive makes the shop accept a live key, which it normally rejects.
func takesLive(f *faultServer) {
	f.meddle = func(_ http.ResponseWriter, r *http.Request, _ int) bool {
		if r.Header.Get("X-MerchantApiKey") == liveKey {
			r.Header.Set("X-MerchantApiKey", f.shop.Account().MerchantAPIKey)
		}
		return false
	}
}

// Without a terminal to prompt on, changing live stock requires --yes. A file that
// changes nothing and a dry run do not.
func TestALiveKeyNeedsYes(t *testing.T) {
	const shelf = "productId,countedQty\nprod_abc123,100\n"
	for _, test := range []struct {
		name, text string
		args       []string
		want       string
	}{
		{
			name: "create", text: "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n", args: []string{"import", "FILE"},
			want: "this import writes to default (LIVE), and there is no terminal to prompt on\nhint: add --yes",
		},
		{
			name: "adjust", text: "productId,warehouseId,qty,action\nprod_abc123,LGS-01,4,received\n",
			args: []string{"import", "FILE", "--mode", "adjust"},
			want: "this import writes to default (LIVE), and there is no terminal to prompt on\nhint: add --yes",
		},
		{
			name: "set", text: "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,7\n", args: []string{"import", "FILE", "--mode", "set"},
			want: "this import writes to default (LIVE), and there is no terminal to prompt on\nhint: add --yes",
		},
		{name: "set, nothing to do", text: "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,120\n", args: []string{"import", "FILE", "--mode", "set"}},
		{name: "import, dry run", text: "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n", args: []string{"import", "FILE", "--dry-run"}},
		{
			name: "count", text: shelf, args: []string{"count", "FILE", "--warehouse", "LGS-01"},
			want: "this count writes to default (LIVE), and there is no terminal to prompt on\nhint: add --yes, or --dry-run",
		},
		{
			name: "scan", text: shelf, args: []string{"count", "--scan", "--warehouse", "LGS-01"},
			want: "this count writes to default (LIVE), and there is no terminal to prompt on\nhint: add --yes, or --dry-run",
		},
		{name: "count, dry run", text: shelf, args: []string{"count", "FILE", "--warehouse", "LGS-01", "--dry-run"}},
	} {
		server, u := newShop(t)
		takesLive(server)
		u.env["STOCKCTL_MERCHANT_API_KEY"] = liveKey
		u.secrets = append(u.secrets, liveKey)
		u.stdin = "prod_abc123\nqty 100\ndone\n"
		args := withFile(u.file(t, "rows.csv", test.text), test.args)
		code, _, errOut := u.run(t, t.Context(), args...)
		if len(server.received()) > 0 {
			t.Errorf("%s: sent without a yes: %v", test.name, server.received())
		}
		if test.want == "" {
			if code != 0 {
				t.Errorf("%s: exit %d, want 0\n%s", test.name, code, errOut)
			}
			continue
		}
		if code != 2 || !strings.HasSuffix(errOut, "error: "+test.want+"\n") {
			t.Errorf("%s: exit %d, want 2\n%s", test.name, code, errOut)
		}
		if code, out, errOut := u.run(t, t.Context(), append(args, "--yes")...); code != 0 || len(server.received()) != 1 {
			t.Errorf("%s: with --yes: exit %d, want 0, sent %v\n%s%s", test.name, code, server.received(), out, errOut)
		}
	}
}

// With a profile that confirms writes, every verb that writes needs a yes. Verbs that
// only read, and dry runs, do not.
func TestAProfileThatConfirmsNeedsYesForEveryWrite(t *testing.T) {
	t.Parallel()
	file := "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n"
	for _, test := range []struct {
		args  []string
		sends int
	}{
		{[]string{"inventory", "adjust", "prod_abc123@LGS-01", "--qty", "1", "--action", "received"}, 1},
		{[]string{"inventory", "reserve", "prod_abc123@LGS-01", "--qty", "1"}, 1},
		{[]string{"inventory", "release", "inv_red128", "--qty", "1"}, 1},
		{[]string{"inventory", "create", "--product", "prod_new", "--warehouse", "LGS-01", "--initial-qty", "1"}, 1},
		{[]string{"inventory", "create", "-f", "list.json"}, 1},
		{[]string{"inventory", "import", "FILE"}, 1},
		{[]string{"inventory", "transfer", "prod_phone_789/PHONE-RED-128", "--from", "LGS-01", "--to", "ABJ-01", "--qty", "1"}, 2},
		{[]string{"inventory", "count", "FILE", "--warehouse", "LGS-01"}, 1},
		{[]string{"warehouse", "create", "--name", "Kano"}, 1},
		{[]string{"warehouse", "update", "ABJ-01", "--name", "Kano"}, 1},
		{[]string{"api", "POST", "/v1/warehouses", "--raw-field", "name=Kano"}, 1},
		{[]string{"inventory", "adjust", "prod_abc123@LGS-01", "--qty", "1", "--action", "received", "--dry-run"}, 0},
		{[]string{"inventory", "list"}, 0},
		{[]string{"api", "GET", "/v1/warehouses"}, 0},
	} {
		name := strings.Join(test.args[:2], " ")
		server, u := newShop(t)
		u.wants(t, 0, "", "profile", "set", "default", "--confirm")
		u.wants(t, 0, "", "inventory", "create", "--product", "prod_phone_789", "--sku", "PHONE-RED-128", "--warehouse", "ABJ-01", "--initial-qty", "0", "--yes")
		u.wants(t, 0, "", "inventory", "reserve", "inv_red128", "--qty", "1", "--yes")
		before := len(server.received())
		text := file
		if test.args[1] == "count" {
			text = "productId,countedQty\nprod_abc123,100\n"
		}
		rows, list := u.file(t, "rows.csv", text), u.file(t, "list.json", `[{"productId":"prod_new","warehouseId":"LGS-01","initialQty":1}]`)
		var args []string
		for _, arg := range test.args {
			args = append(args, strings.NewReplacer("FILE", rows, "list.json", list).Replace(arg))
		}
		code, _, errOut := u.run(t, t.Context(), args...)
		if len(server.received()) > before {
			t.Errorf("%s: sent without a yes: %v", name, server.received()[before:])
		}
		if test.sends == 0 {
			if code != 0 {
				t.Errorf("%s: exit %d, want 0\n%s", name, code, errOut)
			}
			continue
		}
		if code != 2 || !strings.Contains(errOut, "there is no terminal to prompt on\nhint: add --yes") {
			t.Errorf("%s: exit %d, want 2\n%s", name, code, errOut)
		}
		if code, out, errOut := u.run(t, t.Context(), append(args, "--yes")...); code != 0 || len(server.received()) != before+test.sends {
			t.Errorf("%s: with --yes: exit %d, want 0, sent %v\n%s%s", name, code, server.received()[before:], out, errOut)
		}
	}
}
