package cmd_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// refusal is a command line that fails before anything is sent.
type refusal struct {
	name  string
	code  int // in code, so that -update cannot change it
	args  string
	file  string // for FILE in args: NAME\nTEXT
	stdin string
}

func refusals() []refusal {
	const count = "inventory count FILE --warehouse LGS-01"
	const scan = "inventory count --scan --warehouse LGS-01"
	return []refusal{
		{"a look back that is no span", 2, "inventory import FILE --mode adjust --lookback soon", "rows.csv\nproductId,warehouseId,qty,action\n", ""},
		{"a folder", 2, "inventory import HOME", "", ""},
		{"damaged gzip", 2, "inventory import FILE", "rows.csv.gz\n\x1f\x8bno", ""},
		{"a mapped column that is not there", 2, "inventory import FILE --map Lager=warehouseId", "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,1\n", ""},
		{"a column mapped to no field", 2, "inventory import FILE --map Lager=shelf", "rows.csv\nproductId,Lager,initialQty\nprod_a,LGS-01,1\n", ""},
		{"two columns of one field", 2, "inventory import FILE --map Lager=warehouseId", "rows.csv\nproductId,warehouseId,Lager,initialQty\nprod_a,LGS-01,LGS-01,1\n", ""},
		{"a column that may mean two things", 2, "inventory import FILE", "rows.csv\nproductId,warehouseId,quantity\nprod_a,LGS-01,1\n", ""},
		{"no column for what is required", 2, "inventory import FILE --mode set", "rows.csv\nproductId,location\nprod_a,B-1\n", ""},
		{"a SKU that is named twice", 2, "inventory import FILE", "rows.csv\nproductId,skuId,sku,warehouseId,initialQty\nprod_phone_789,sku_red_256gb,PHONE-RED-256,ABJ-01,1\n", ""},
		{"a SKU that is named twice, set", 2, "inventory import FILE --mode set", "rows.csv\nproductId,skuId,sku,warehouseId,onHandQty\nprod_phone_789,sku_red_256gb,PHONE-RED-256,LGS-01,1\n", ""},
		{"a SKU code that the product does not have", 2, "inventory import FILE --mode set", "rows.csv\nproductId,sku,warehouseId,onHandQty\nprod_phone_789,PHONE-PINK,LGS-01,1\nprod_none,PHONE-PINK,LGS-01,1\n", ""},
		{"a record that is named in two ways", 2, "inventory import FILE --mode set", "rows.csv\ninventoryId,productId,skuId,warehouseId,onHandQty\ninv_xyz789,prod_phone_789,sku_red_256gb,LGS-01,1\n", ""},
		{"a record that is named in two ways, JSON", 2, "inventory import FILE --mode set", `rows.jsonl` + "\n" + `{"inventoryId":"inv_xyz789","onHandQty":1}` + "\n" + `{"inventoryId":"inv_xyz789","productId":"prod_abc123","onHandQty":1}` + "\n", ""},
		{"records that are not there", 2, "inventory import FILE --mode set", "rows.csv\ninventoryId,onHandQty\ninv_none,1\n", ""},
		{"an address without a record", 2, "inventory import FILE --mode adjust", "rows.csv\nproductId,warehouseId,qty,action\nprod_abc123,ABJ-01,1,received\n", ""},
		{"a quantity that no record can have", 2, "inventory import FILE --mode set", "rows.csv\nproductId,warehouseId,onHandQty\nprod_abc123,LGS-01,-1\n", ""},
		{"an action that there is not", 2, "inventory import FILE --mode adjust", "rows.csv\nproductId,warehouseId,qty,action\nprod_abc123,LGS-01,1,stolen\n", ""},
		{"a report where nothing can be written", 2, "inventory import FILE --report HOME/none/run.jsonl", "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,1\n", ""},
		{"rejects where nothing can be written", 2, "inventory import FILE --rejects HOME/none/rows.csv", "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,1\n", ""},
		{"a run that there is not", 6, "inventory import resume 0123456789ABCDEF", "", ""},
		{"no run to list", 0, "inventory import runs", "", ""},

		{"neither a file nor --scan", 2, "inventory count", "", ""},
		{"a file and --scan", 2, "inventory count FILE --scan --warehouse LGS-01", "shelf.csv\nproductId,countedQty\n", ""},
		{"columns of a count", 2, "inventory count FILE", "shelf.csv\nproductId,Product ID,shelf\nprod_abc123,prod_abc123,1\n", ""},
		{"a count of less than nothing", 2, count, "shelf.csv\nproductId,countedQty\nprod_abc123,-1\n", ""},
		{"a count of another warehouse", 2, count, "shelf.csv\nproductId,warehouseId,countedQty\nprod_abc123,ABJ-01,1\n", ""},
		{"no warehouse in a row", 2, "inventory count FILE", "shelf.csv\nproductId,warehouseId,countedQty\nprod_abc123,,1\n", ""},
		{"nothing scanned", 2, scan, "", "\n"},
		{"a quantity before the first scan", 2, scan, "", "qty 3\n"},
		{"a quantity below nothing", 2, scan, "", "prod_abc123\nqty -3\n"},
		{"a quantity that is no number", 2, scan, "", "prod_abc123\nqty few\n"},
		{"nothing to undo", 2, scan, "", "undo\n"},
		{"an alias file with half a line", 2, scan + " --aliases FILE", "codes.csv\nbarcode,item\n00512,\n", "00512\n"},
		{"a count that there is not", 6, "inventory count resume 0123456789ABCDEF", "", ""},
		{"a warehouse that there is not", 6, "inventory count --scan --warehouse LGS-09", "", ""},

		{"no reference of a transfer", 2, "inventory transfer resume PO-1", "", ""},
		{"an unknown transfer", 6, "inventory transfer undo tr_aaaaaaaaaaaa", "", ""},
		{"an address without a product", 2, "inventory get /x@LGS-01", "", ""},
		{"a list of one warehouse's product", 2, "inventory list --product prod_abc123@LGS-01", "", ""},
		{"flags and many records", 2, "inventory create -f FILE --location B-1", "rows.yaml\n- {productId: prod_a, warehouseId: LGS-01, initialQty: 1}\n- {productId: prod_b, warehouseId: LGS-01, initialQty: 1}\n", ""},
		{"a notes that leaves no room for the token", 2, "inventory import FILE --mode adjust", "rows.csv\nproductId,warehouseId,qty,action,reference,notes\nprod_abc123,LGS-01,1,received,PO-1," + strings.Repeat("n", 250) + "\n", ""},
	}
}

// TestRefusals compares the messages for invalid files and command lines with
// testdata/refusals.golden: the place, the mistake and the hint. It also checks what a
// golden file cannot change: the exit code, and that nothing was sent.
func TestRefusals(t *testing.T) {
	server, first := newShop(t)
	var all strings.Builder
	for _, r := range refusals() {
		u := customer(t, server.URL, first.env["STOCKCTL_MERCHANT_API_KEY"], first.env["STOCKCTL_TOKEN"])
		u.stdin = r.stdin
		name, text, _ := strings.Cut(r.file, "\n")
		file := u.home
		if name != "" {
			file = u.file(t, name, text)
		}
		args := strings.Fields(strings.NewReplacer("FILE", file, "HOME", u.home).Replace(r.args))
		code, out, errOut := u.run(t, t.Context(), args...)
		if code != r.code {
			t.Errorf("%s: exit %d, not %d\n%s%s", r.name, code, r.code, out, errOut)
		}
		if sent := server.received(); len(sent) > 0 {
			t.Fatalf("%s: sent %v", r.name, sent)
		}
		if entries, err := os.ReadDir(u.env["STOCKCTL_STATE_DIR"] + "/imports"); err == nil && len(entries) > 0 {
			t.Errorf("%s: leaves %v", r.name, entries)
		}
		fmt.Fprintf(&all, "## %s: exit %d\n%s%s\n", r.name, code, fixed(strings.ReplaceAll(out, u.home, "HOME")), fixed(strings.ReplaceAll(errOut, u.home, "HOME")))
	}
	isGolden(t, "testdata/refusals.golden", all.String())
}
