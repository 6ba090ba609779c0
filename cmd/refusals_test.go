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
		{
			name: "a look back that is no span", code: 2, args: "inventory import FILE --mode adjust --lookback soon",
			file: "rows.csv\nproductId,warehouseId,qty,action\n",
		},
		{name: "a folder", code: 2, args: "inventory import HOME"},
		{name: "damaged gzip", code: 2, args: "inventory import FILE", file: "rows.csv.gz\n\x1f\x8bno"},
		{
			name: "a mapped column that is not there", code: 2, args: "inventory import FILE --map Lager=warehouseId",
			file: "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,1\n",
		},
		{
			name: "a column mapped to no field", code: 2, args: "inventory import FILE --map Lager=shelf",
			file: "rows.csv\nproductId,Lager,initialQty\nprod_a,LGS-01,1\n",
		},
		{
			name: "two columns of one field", code: 2, args: "inventory import FILE --map Lager=warehouseId",
			file: "rows.csv\nproductId,warehouseId,Lager,initialQty\nprod_a,LGS-01,LGS-01,1\n",
		},
		{
			name: "a column that may mean two things", code: 2, args: "inventory import FILE",
			file: "rows.csv\nproductId,warehouseId,quantity\nprod_a,LGS-01,1\n",
		},
		{name: "no column for what is required", code: 2, args: "inventory import FILE --mode set", file: "rows.csv\nproductId,location\nprod_a,B-1\n"},
		{
			name: "a SKU that is named twice", code: 2, args: "inventory import FILE",
			file: "rows.csv\nproductId,skuId,sku,warehouseId,initialQty\nprod_phone_789,sku_red_256gb,PHONE-RED-256,ABJ-01,1\n",
		},
		{
			name: "a SKU that is named twice, set", code: 2, args: "inventory import FILE --mode set",
			file: "rows.csv\nproductId,skuId,sku,warehouseId,onHandQty\nprod_phone_789,sku_red_256gb,PHONE-RED-256,LGS-01,1\n",
		},
		{
			name: "a SKU code that the product does not have", code: 2, args: "inventory import FILE --mode set",
			file: "rows.csv\nproductId,sku,warehouseId,onHandQty\nprod_phone_789,PHONE-PINK,LGS-01,1\nprod_none,PHONE-PINK,LGS-01,1\n",
		},
		{
			name: "a record that is named in two ways", code: 2, args: "inventory import FILE --mode set",
			file: "rows.csv\ninventoryId,productId,skuId,warehouseId,onHandQty\ninv_xyz789,prod_phone_789,sku_red_256gb,LGS-01,1\n",
		},
		{
			name: "a record that is named in two ways, JSON", code: 2, args: "inventory import FILE --mode set",
			file: `rows.jsonl` + "\n" + `{"inventoryId":"inv_xyz789","onHandQty":1}` + "\n" + `{"inventoryId":"inv_xyz789","productId":"prod_abc123","onHandQty":1}` + "\n",
		},
		{name: "records that are not there", code: 2, args: "inventory import FILE --mode set", file: "rows.csv\ninventoryId,onHandQty\ninv_none,1\n"},
		{
			name: "an address without a record", code: 2, args: "inventory import FILE --mode adjust",
			file: "rows.csv\nproductId,warehouseId,qty,action\nprod_abc123,ABJ-01,1,received\n",
		},
		{
			name: "a quantity that no record can have", code: 2, args: "inventory import FILE --mode set",
			file: "rows.csv\nproductId,warehouseId,onHandQty\nprod_abc123,LGS-01,-1\n",
		},
		{
			name: "an action that there is not", code: 2, args: "inventory import FILE --mode adjust",
			file: "rows.csv\nproductId,warehouseId,qty,action\nprod_abc123,LGS-01,1,stolen\n",
		},
		{
			name: "a report where nothing can be written", code: 2, args: "inventory import FILE --report HOME/none/run.jsonl",
			file: "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,1\n",
		},
		{
			name: "rejects where nothing can be written", code: 2, args: "inventory import FILE --rejects HOME/none/rows.csv",
			file: "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,1\n",
		},
		{name: "a run that there is not", code: 6, args: "inventory import resume 0123456789ABCDEF"},
		{name: "no run to list", args: "inventory import runs"},

		{name: "neither a file nor --scan", code: 2, args: "inventory count"},
		{name: "a file and --scan", code: 2, args: "inventory count FILE --scan --warehouse LGS-01", file: "shelf.csv\nproductId,countedQty\n"},
		{name: "columns of a count", code: 2, args: "inventory count FILE", file: "shelf.csv\nproductId,Product ID,shelf\nprod_abc123,prod_abc123,1\n"},
		{name: "a count of less than nothing", code: 2, args: count, file: "shelf.csv\nproductId,countedQty\nprod_abc123,-1\n"},
		{name: "a count of another warehouse", code: 2, args: count, file: "shelf.csv\nproductId,warehouseId,countedQty\nprod_abc123,ABJ-01,1\n"},
		{name: "no warehouse in a row", code: 2, args: "inventory count FILE", file: "shelf.csv\nproductId,warehouseId,countedQty\nprod_abc123,,1\n"},
		{name: "nothing scanned", code: 2, args: scan, stdin: "\n"},
		{name: "a quantity before the first scan", code: 2, args: scan, stdin: "qty 3\n"},
		{name: "a quantity below nothing", code: 2, args: scan, stdin: "prod_abc123\nqty -3\n"},
		{name: "a quantity that is no number", code: 2, args: scan, stdin: "prod_abc123\nqty few\n"},
		{name: "nothing to undo", code: 2, args: scan, stdin: "undo\n"},
		{name: "an alias file with half a line", code: 2, args: scan + " --aliases FILE", file: "codes.csv\nbarcode,item\n00512,\n", stdin: "00512\n"},
		{name: "a count that there is not", code: 6, args: "inventory count resume 0123456789ABCDEF"},
		{name: "a warehouse that there is not", code: 6, args: "inventory count --scan --warehouse LGS-09"},

		{name: "no reference of a transfer", code: 2, args: "inventory transfer resume PO-1"},
		{name: "an unknown transfer", code: 6, args: "inventory transfer undo tr_aaaaaaaaaaaa"},
		{name: "an address without a product", code: 2, args: "inventory get /x@LGS-01"},
		{name: "a list of one warehouse's product", code: 2, args: "inventory list --product prod_abc123@LGS-01"},
		{
			name: "flags and many records", code: 2, args: "inventory create -f FILE --location B-1",
			file: "rows.yaml\n- {productId: prod_a, warehouseId: LGS-01, initialQty: 1}\n- {productId: prod_b, warehouseId: LGS-01, initialQty: 1}\n",
		},
		{
			name: "a notes that leaves no room for the token", code: 2, args: "inventory import FILE --mode adjust",
			file: "rows.csv\nproductId,warehouseId,qty,action,reference,notes\nprod_abc123,LGS-01,1,received,PO-1," + strings.Repeat("n", 250) + "\n",
		},
	}
}

// TestRefusals compares the messages for invalid files and command lines with
// testdata/refusals.golden: the place, the mistake and the hint. It also checks what a
// golden file cannot change: the exit code, and that nothing was sent.
func TestRefusals(t *testing.T) {
	t.Parallel()
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
			t.Errorf("%s: exit %d, want %d\n%s%s", r.name, code, r.code, out, errOut)
		}
		if sent := server.received(); len(sent) > 0 {
			t.Fatalf("%s: sent %v, want nothing", r.name, sent)
		}
		if entries, err := os.ReadDir(u.env["STOCKCTL_STATE_DIR"] + "/imports"); err == nil && len(entries) > 0 {
			t.Errorf("%s: left the runs %v behind, want none", r.name, entries)
		}
		fmt.Fprintf(&all, "## %s: exit %d\n%s%s\n", r.name, code, fixed(strings.ReplaceAll(out, u.home, "HOME")), fixed(strings.ReplaceAll(errOut, u.home, "HOME")))
	}
	isGolden(t, "testdata/refusals.golden", all.String())
}
