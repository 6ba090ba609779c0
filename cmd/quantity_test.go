package cmd_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// A blank or missing quantity never counts as 0. It is a mistake, reported with its place,
// and nothing is sent.
func TestABlankQuantityIsNeverZero(t *testing.T) {
	t.Parallel()
	set, adjust := []string{"import", "FILE", "--mode", "set"}, []string{"import", "FILE", "--mode", "adjust"}
	create, count := []string{"import", "FILE"}, []string{"count", "FILE", "--warehouse", "LGS-01"}
	for _, test := range []struct {
		name, file, text string
		args             []string
		want             string
	}{
		{"create", "rows.csv", "productId,warehouseId,initialQty\nprod_new,LGS-01,\n", create, "rows.csv:2:17 initialQty: is blank (--blank skip ignores such rows)"},
		{"create, short row", "rows.csv", "productId,warehouseId,initialQty\nprod_new,LGS-01\n", create, "rows.csv:2:10: has 2 cells, the header has 3 columns"},
		{"create, JSON null", "rows.jsonl", `{"productId":"prod_new","warehouseId":"LGS-01","initialQty":null}` + "\n", create, "rows.jsonl:1:61 initialQty: is blank (--blank skip ignores such rows)"},
		{"create, no key", "rows.jsonl", `{"productId":"prod_new","warehouseId":"LGS-01"}` + "\n", create, "rows.jsonl:1:1 initialQty: is blank (--blank skip ignores such rows)"},
		{"adjust", "rows.csv", "productId,warehouseId,qty,action\nprod_abc123,LGS-01,,received\n", adjust, "rows.csv:2:20 qty: is blank (--blank skip ignores such rows)"},
		{"set", "rows.csv", "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,\n", set, "rows.csv:2:20 onHandQty: is blank (--blank skip ignores such rows)"},
		{"set, blanks", "rows.csv", "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,  \n", set, "rows.csv:2:20 onHandQty: is blank (--blank skip ignores such rows)"},
		{"set, JSON null", "rows.jsonl", `{"productId":"prod_abc123","warehouseId":"LGS-01","onHandQty":null}` + "\n", set, "rows.jsonl:1:63 onHandQty: is blank (--blank skip ignores such rows)"},
		{"set, empty text", "rows.jsonl", `{"productId":"prod_abc123","warehouseId":"LGS-01","onHandQty":""}` + "\n", set, "rows.jsonl:1:63 onHandQty: is blank (--blank skip ignores such rows)"},
		{"count", "rows.csv", "productId,countedQty\nprod_abc123,\n", count, "rows.csv:2:13 countedQty: is blank (--blank skip ignores such rows)"},
		{"count, blanks", "rows.csv", "productId,countedQty\nprod_abc123, \n", count, "rows.csv:2:13 countedQty: is blank (--blank skip ignores such rows)"},
		{"count, JSON null", "rows.jsonl", `{"productId":"prod_abc123","countedQty":null}` + "\n", count, "rows.jsonl:1:41 countedQty: is blank (--blank skip ignores such rows)"},
	} {
		server, u := newShop(t)
		file := u.file(t, test.file, test.text)
		code, out, errOut := u.run(t, t.Context(), withFile(file, test.args)...)
		errOut = strings.ReplaceAll(errOut, file, test.file)
		if code != 2 || out != "" || errOut != "error: "+test.want+"\n" {
			t.Errorf("%s: exit %d, want 2\n%s%s", test.name, code, out, errOut)
		}
		if stock := server.stock(t); len(server.received()) > 0 || stock["prod_abc123@wh_abc123"] != 120 {
			t.Errorf("%s: %v was sent, and the shop has %v", test.name, server.received(), stock)
		}
	}
}

// withFile returns the arguments of an inventory command with a file.
func withFile(file string, args []string) []string {
	out := []string{"inventory"}
	for _, arg := range args {
		out = append(out, strings.ReplaceAll(arg, "FILE", file))
	}
	return out
}

// With --skip-invalid, rows with a quantity are sent, and the record of a blank one is not
// changed.
func TestABlankQuantityIsLeftOut(t *testing.T) {
	for mode, text := range map[string]string{
		"set":    "productId,skuId,warehouseId,onHandQty\nprod_abc123,,LGS-01,\nprod_phone_789,sku_red_256gb,LGS-01,9\n",
		"adjust": "productId,skuId,warehouseId,qty,action\nprod_abc123,,LGS-01,,sold\nprod_phone_789,sku_red_256gb,LGS-01,6,received\n",
	} {
		server, u := newShop(t)
		code, out, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", text), "--mode", mode, "--skip-invalid")
		if code != 10 || !strings.Contains(out, "  1 applied") || !strings.Contains(out, " 1 invalid") {
			t.Errorf("%s: exit %d, want 10\n%s%s", mode, code, out, errOut)
		}
		if stock := server.stock(t); len(server.received()) != 1 || stock["prod_abc123@wh_abc123"] != 120 || stock["prod_phone_789/sku_red_256gb@wh_abc123"] != 9 {
			t.Errorf("%s: the shop has %v after %v", mode, stock, server.received())
		}
	}
}

// 0 is a valid quantity to create, set and count. Only a movement of 0 is a mistake.
func TestZeroIsAQuantity(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text, record string
		args               []string
		qty                int64
	}{
		{"create", "productId,warehouseId,initialQty\nprod_new,LGS-01,0\n", "prod_new@wh_abc123", []string{"import", "FILE"}, 0},
		{"set", "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,0\n", "prod_abc123@wh_abc123", []string{"import", "FILE", "--mode", "set"}, -120},
		{"create, set", "productId,warehouseId,initialQty\nprod_abc123,LGS-01,0\n", "prod_abc123@wh_abc123", []string{"import", "FILE", "--if-exists", "set"}, -120},
		{"count", "productId,countedQty\nprod_abc123,0\n", "prod_abc123@wh_abc123", []string{"count", "FILE", "--warehouse", "LGS-01"}, -120},
	} {
		server, u := newShop(t)
		code, out, errOut := u.run(t, t.Context(), withFile(u.file(t, "rows.csv", test.text), test.args)...)
		sent := server.received()
		if now, exists := server.stock(t)[test.record]; code != 0 || !exists || now != 0 || len(sent) == 0 || sent[len(sent)-1].qty() != test.qty {
			t.Errorf("%s: exit %d, want 0, %d on hand (%v), sent %v\n%s%s", test.name, code, now, exists, sent, out, errOut)
		}
	}
	server, u := newShop(t)
	file := u.file(t, "rows.csv", "productId,warehouseId,qty,action\nprod_abc123,LGS-01,0,sold\n")
	code, _, errOut := u.run(t, t.Context(), "inventory", "import", file, "--mode", "adjust")
	if want := "error: " + file + ":2:20 qty \"0\": must not be 0\n"; code != 2 || errOut != want || len(server.received()) > 0 {
		t.Errorf("adjust: exit %d, want 2, sent %v\n%s\nwant %s", code, server.received(), errOut, want)
	}
}

// If the API does not return a quantity on hand, it does not count as 0, and no difference
// is computed.
func TestAnUnknownOnHandIsNeverZero(t *testing.T) {
	onHand := regexp.MustCompile(`"onHandQty":\d+,`)
	for _, test := range []struct {
		name, text string
		args       []string
		code       int
		want       string
	}{
		{
			name: "set", text: "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,7\n", args: []string{"import", "FILE", "--mode", "set"},
			code: 2, want: `productId "prod_abc123": has a record with a quantity on hand that the API does not report: it cannot be set`,
		},
		{
			name: "create, set", text: "productId,warehouseId,initialQty\nprod_abc123,LGS-01,7\n",
			args: []string{"import", "FILE", "--if-exists", "set"}, code: 10, want: "1 of 1 rows were not imported",
		},
		{
			name: "count", text: "productId,countedQty\nprod_abc123,7\n", args: []string{"count", "FILE", "--warehouse", "LGS-01"}, code: 1,
			want: "the API does not report the quantity on hand of record inv_",
		},
	} {
		server, u := newShop(t)
		server.meddle = func(w http.ResponseWriter, r *http.Request, n int) bool {
			if n > 0 || !strings.Contains(r.URL.Path, "/inventory") || strings.HasSuffix(r.URL.Path, "/logs") {
				return false
			}
			_, _ = w.Write(onHand.ReplaceAll(server.work(r).Body.Bytes(), nil))
			return true
		}
		code, out, errOut := u.run(t, t.Context(), withFile(u.file(t, "rows.csv", test.text), test.args)...)
		for _, sent := range server.received() {
			if strings.HasSuffix(sent.path, "/adjust") {
				t.Errorf("%s: sent %v, want no adjustments", test.name, sent)
			}
		}
		if code != test.code || !strings.Contains(errOut, test.want) {
			t.Errorf("%s: exit %d, want %d\n%s%s\nwant %q in it", test.name, code, test.code, out, errOut, test.want)
		}
	}
}
