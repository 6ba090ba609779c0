package cmd_test

import (
	"bytes"
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// openStore returns a shop with a start file, and a customer. "FILE 12 11" replaces 12 by
// 11 in the file.
func openStore(t *testing.T, start string) (*faultServer, *user) {
	t.Helper()
	words := strings.Fields(start)
	text, err := os.ReadFile(filepath.Join("testdata", "files", words[0]))
	if err != nil {
		t.Fatal(err)
	}
	if len(words) == 3 {
		text = bytes.Replace(text, []byte(": "+words[1]+"\n"), []byte(": "+words[2]+"\n"), 1)
	}
	begin, err := sandbox.ReadStart(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	f := openFaultServer(t, sandbox.Options{Start: begin, Strict: true})
	return f, f.customer(t)
}

// shelves returns the quantities on hand by CODE@WAREHOUSE.
func (f *faultServer) shelves(t *testing.T) map[string]int64 {
	t.Helper()
	c := f.direct(t)
	places, codes := map[string]string{}, map[string]string{}
	list, err := c.Warehouses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range list {
		places[w.ID] = w.Code
	}
	for p, err := range c.Products(api.ProductFilter{}).All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		codes[p.ID] = p.Code
		for _, s := range p.SKUs() {
			codes[p.ID+"/"+s.ID] = s.Code
		}
	}
	out := map[string]int64{}
	for address, qty := range f.stock(t) {
		item, place, _ := strings.Cut(address, "@")
		out[codes[item]+"@"+places[place]] = qty
	}
	return out
}

// fromOutside is a file from another system or written by hand, and the expected result
// of importing it.
type fromOutside struct {
	file, store string
	args        string // after the file; quoted words may contain spaces
	verb        string // blank means import
	code        int
	says        []string // on stdout or stderr
	sent        int      // number of writes
	stock       map[string]int64
}

func filesFromOutside() []fromOutside {
	stocked := func(change map[string]int64) map[string]int64 {
		all := map[string]int64{"KET-RED@HRB": 12, "KET-RED@OLD": 4, "LS-S@HRB": 6, "LS-M@OLD": 3}
		maps.Copy(all, change)
		return all
	}
	type is = map[string]int64
	const counted = "--warehouse HRB --map Article=sku --map 'On the shelf=countedQty' --blank skip --ignore-unknown"
	wide := is{"KET-RED@HRB": 12, "KET-RED@OLD": 4, "LS-S@HRB": 6}
	return []fromOutside{
		{
			file: "shopify-inventory.csv", store: "stocked.json 12 11", args: "--mode set --layout shopify", code: 10,
			says: []string{" 1 conflict", " 1 already there", " 2 skipped"}, stock: stocked(is{"KET-RED@HRB": 11}),
		},
		{
			file: "shopify-inventory.csv", store: "stocked.json", args: "--mode set --layout shopify",
			says: []string{" 1 applied", " 1 already there", " 2 skipped"}, sent: 1, stock: stocked(is{"KET-RED@HRB": 10}),
		},
		{
			file: "wide-by-location.csv", store: "empty.json", args: "--layout shopify-wide",
			says: []string{"4 writes from 2 rows", " 3 applied", " 1 skipped"}, sent: 3, stock: wide,
		},
		{
			file: "wide-by-location.csv", store: "empty.json", args: "--map SKU=sku --map '*=initialQty@*' --blank skip --ignore-unknown",
			says: []string{" 3 applied", " 1 skipped"}, sent: 3, stock: wide,
		},
		{
			file: "wide-by-location.csv", store: "empty.json", args: "--map sku=sku --map 'Harbour Store=quantity@HRB' --ignore-unknown",
			says: []string{" 2 applied"}, sent: 2, stock: is{"KET-RED@HRB": 12, "LS-S@HRB": 6},
		},
		{
			file: "wide-by-location.csv", store: "empty.json", args: "--map SKU=sku --map '*=initialQty@*' --ignore-unknown", code: 2,
			says: []string{"wide-by-location.csv:3:", "initialQty: is blank"}, stock: is{},
		},
		{
			file: "square-library.csv", store: "empty.json", args: "--layout square --value warehouseId:Harbour=HRB",
			says: []string{" 3 applied", " 1 skipped"}, sent: 3, stock: wide,
		},
		{
			file: "magento-stock-sources.csv", store: "empty.json",
			args: "--layout magento --value warehouseId:harbour=HRB --value warehouseId:old-town=OLD", code: 2,
			says: []string{"magento-stock-sources.csv:4:", `"6.5000": must be a whole number`}, stock: is{},
		},
		{
			file: "magento-stock-sources.csv", store: "empty.json",
			args: "--layout magento --value warehouseId:harbour=HRB --value warehouseId:old-town=OLD --skip-invalid", code: 10,
			says: []string{" 2 applied", " 1 invalid"}, sent: 2, stock: is{"KET-RED@HRB": 12, "KET-RED@OLD": 4},
		},
		{
			file: "woocommerce-products.csv", store: "empty.json", args: "--layout woocommerce --fill warehouseId=HRB",
			says: []string{" 2 applied", " 1 skipped"}, sent: 2, stock: is{"KET-RED@HRB": 12, "LS-S@HRB": 6},
		},
		{
			file: "amazon-listings.txt", store: "empty.json", args: "--layout amazon --fill warehouseId=HRB",
			says: []string{" 1 applied", " 1 skipped"}, sent: 1, stock: is{"KET-RED@HRB": 12},
		},
		{
			file: "odoo-quants.csv", store: "empty.json", args: "--layout odoo --value 'warehouseId:WH/Stock/Harbour=HRB'", code: 2,
			says: []string{`odoo-quants.csv:3:1 productName "Linen Shirt": is VARIABLE, and no SKU is named`}, stock: is{},
		},
		{
			file: "odoo-quants.csv", store: "empty.json", args: "--layout odoo --value 'warehouseId:WH/Stock/Harbour=HRB' --skip-invalid",
			code: 10, says: []string{" 1 applied", " 1 invalid"}, sent: 1, stock: is{"KET-RED@HRB": 12},
		},
		{
			file: "counted-by-hand.csv", store: "stocked.json", args: counted + " --map Shop=warehouseId", verb: "count", code: 2,
			says:  []string{"counted-by-hand.csv:8:", `sku "Sum": no product or SKU has this code`, "count the other 3 rows with `--skip-invalid`"},
			stock: stocked(nil),
		},
		{
			file: "counted-by-hand.csv", store: "stocked.json", args: counted + " --map Shop=warehouseId --skip-invalid", verb: "count",
			code:  10,
			says:  []string{"header on line 3", "4 rows, 1 invalid, 1 for other warehouses", "counted-by-hand.csv: 1 row was skipped as invalid", "prod_kettle\t\t12\t12\t0\tright"},
			stock: stocked(nil),
		},
		{
			file: "counted-by-hand.csv", store: "stocked.json",
			args: counted + " --map Shop=warehouseId --skip-invalid --value countedQty:12=10", verb: "count", code: 10,
			says: []string{"adjusted"}, sent: 1, stock: stocked(is{"KET-RED@HRB": 10}),
		},
		{
			file: "counted-by-hand.csv", store: "stocked.json", args: counted, verb: "count", code: 2,
			says:  []string{"counted-by-hand.csv:4:20 Shop: the values of this column name warehouses", "--map Shop=warehouseId", "--map Shop=_"},
			stock: stocked(nil),
		},
		{
			file: "counted-by-hand.csv", store: "stocked.json",
			args: "--warehouse HRB --map Article=sku --map 'On the shelf=countedQty' --map Shop=warehouseId --ignore-unknown", verb: "count",
			code: 2, says: []string{"counted-by-hand.csv:8:", "count the other 3 rows"}, stock: stocked(nil),
		},
		{
			file: "wide-by-location.csv", store: "stocked.json", args: "--layout shopify-wide --duplicates fail", verb: "count",
			says: []string{"4 writes from 2 rows, 1 skipped (no quantity)", "right"}, stock: stocked(nil),
		},
		{
			file: "data-frame.csv", store: "stocked.json",
			args: "--mode set --map warehouse=warehouseId --map on_hand=onHandQty --blank skip --ignore-unknown",
			says: []string{" 2 applied", " 1 skipped"}, sent: 2, stock: stocked(is{"KET-RED@HRB": 11, "LS-M@OLD": 5}),
		},
		{
			file: "sold-at-the-till.csv", store: "stocked.json",
			args: "--mode adjust --map 'lineitem sku=sku' --map 'lineitem quantity=qty' --map Receipt=reference --map Store=warehouseId --fill action=SOLD",
			code: 2, says: []string{"contradicts SOLD, which removes stock"}, stock: stocked(nil),
		},
		{
			file: "sold-at-the-till.csv", store: "stocked.json",
			args: "--mode adjust --map 'lineitem sku=sku' --map 'lineitem quantity=qty' --map Receipt=reference --map Store=warehouseId --fill action=SOLD --unsigned",
			says: []string{" 3 applied"}, sent: 3, stock: stocked(is{"KET-RED@HRB": 10, "LS-S@HRB": 4}),
		},
		{
			file: "opening-stock.xlsx", store: "empty.json",
			args: "--sheet Stock --map Item=sku --map Depot=warehouseId --map Qty=initialQty --map Shelf=location --ignore-unknown",
			says: []string{"XLSX, sheet Stock, header on line 3", " 3 applied"}, sent: 3,
			stock: is{"KET-RED@HRB": 12, "LS-M@OLD": 1500, "LS-S@HRB": 7},
		},
		{
			file: "opening-stock.xlsx", store: "empty.json",
			args: "--sheet Stock --map Item=sku --map Depot=warehouseId --map Qty=initialQty --map Shelf=location --ignore-unknown",
			verb: "create -f", says: []string{"XLSX, sheet Stock, header on line 3", " 3 applied"}, sent: 3,
			stock: is{"KET-RED@HRB": 12, "LS-M@OLD": 1500, "LS-S@HRB": 7},
		},
		{
			file: "square-library.csv", store: "empty.json", args: "--layout square --value warehouseId:Harbour=HRB", verb: "create -f",
			says: []string{" 3 applied", " 1 skipped"}, sent: 3, stock: wide,
		},
		{
			file: "magento-stock-sources.csv", store: "empty.json",
			args: "--layout magento --value warehouseId:harbour=HRB --value warehouseId:old-town=OLD", verb: "create -f", code: 2,
			says: []string{"magento-stock-sources.csv:4:", `"6.5000": must be a whole number`}, stock: is{},
		},
		{
			file: "opening-stock.xlsx", store: "stocked.json",
			args: "--warehouse HRB --sheet Stock --map Item=sku --map Depot=warehouseId --map Qty=countedQty --ignore-unknown", verb: "count",
			says: []string{"XLSX, sheet Stock, header on line 3", "1 for other warehouses"}, sent: 1, stock: stocked(is{"LS-S@HRB": 7}),
		},
		{
			file: "opening-stock.xlsx", store: "empty.json", args: "--ignore-unknown", code: 2,
			says: []string{"has 2 sheets: choose one with --sheet", `"Stock"`}, stock: is{},
		},
	}
}

// Files are read as exported, with a layout or with flags.
func TestFilesFromOutside(t *testing.T) {
	t.Parallel()
	for _, test := range filesFromOutside() {
		t.Run(test.file+" "+test.args, func(t *testing.T) {
			t.Parallel()
			server, u := openStore(t, test.store)
			text, err := os.ReadFile(filepath.Join("testdata", "files", test.file))
			if err != nil {
				t.Fatal(err)
			}
			file := u.file(t, test.file, string(text))
			args := append([]string{"inventory"}, strings.Fields(cmp.Or(test.verb, "import"))...)
			args = slices.Concat(args, []string{file}, shellWords(test.args))
			code, out, errOut := u.run(t, t.Context(), args...)
			if code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
			for _, want := range test.says {
				if !strings.Contains(out+errOut, want) {
					t.Errorf("does not say %q", want)
				}
			}
			if got := len(server.received()); got != test.sent {
				t.Errorf("%d writes were sent, not %d", got, test.sent)
			}
			if diff := gocmp.Diff(test.stock, server.shelves(t)); diff != "" && test.stock != nil {
				t.Error(diff)
			}
			if t.Failed() {
				t.Logf("%s\n%s%s", strings.Join(args, " "), out, errOut)
			}
		})
	}
}

// Sales without signs that were imported are taken back: the stock is as before.
func TestSalesAreTakenBack(t *testing.T) {
	t.Parallel()
	server, u := openStore(t, "stocked.json")
	text, err := os.ReadFile(filepath.Join("testdata", "files", "sold-at-the-till.csv"))
	if err != nil {
		t.Fatal(err)
	}
	args := "--mode adjust --map 'lineitem sku=sku' --map 'lineitem quantity=qty' --map Receipt=reference --map Store=warehouseId --fill action=SOLD --unsigned --jq .run"
	before := server.shelves(t)
	code, out, errOut := u.run(t, t.Context(), append([]string{"inventory", "import", u.file(t, "sold.csv", string(text))}, shellWords(args)...)...)
	sold := server.shelves(t)
	if code != 0 || sold["KET-RED@HRB"] != 10 || sold["LS-S@HRB"] != 4 {
		t.Fatalf("exit %d, want 0, %v\n%s%s", code, sold, out, errOut)
	}
	code, out, errOut = u.run(t, t.Context(), "inventory", "import", "undo", strings.TrimSpace(out))
	if diff := gocmp.Diff(before, server.shelves(t)); code != 0 || diff != "" || before["KET-RED@HRB"] != 12 || before["LS-S@HRB"] != 6 {
		t.Errorf("exit %d, want 0: %s\n%s%s", code, diff, out, errOut)
	}
}

// A column per warehouse also brings the reorder level of that warehouse's record.
func TestReorderLevelOfAWideFile(t *testing.T) {
	_, u := openStore(t, "empty.json")
	text, err := os.ReadFile(filepath.Join("testdata", "files", "square-library.csv"))
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"inventory", "import", u.file(t, "square.csv", string(text)), "--layout", "square", "--value", "warehouseId:Harbour=HRB"}
	if code, _, errOut := u.run(t, t.Context(), args...); code != 0 {
		t.Fatal(errOut)
	}
	code, out, errOut := u.run(t, t.Context(), "inventory", "list", "--all", "--jq", `map("\(.skuCode)@\(.warehouseCode) \(.onHandQty) \(.reorderLevel)") | sort | .[]`)
	if want := "KET-RED@HRB 12 3\nKET-RED@OLD 4 null\nLS-S@HRB 6 null\n"; code != 0 || out != want {
		t.Errorf("exit %d, want 0\n%s%s\nwant %s", code, out, errOut, want)
	}
}

// The guide has a command for every layout that is shipped; TestDocuments runs it.
func TestEveryLayoutIsInTheGuide(t *testing.T) {
	guide, err := os.ReadFile("../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	layouts, err := columns.Layouts{Dir: t.TempDir()}.List()
	if err != nil || len(layouts) == 0 {
		t.Fatal(layouts, err)
	}
	for _, one := range layouts {
		if !strings.Contains(string(guide), "\n$ stockctl inventory import "+one.Name+".") {
			t.Errorf("docs/import.md does not import a file in the layout %s", one.Name)
		}
	}
}

// shellWords splits a command line at spaces outside single quotes.
func shellWords(line string) (words []string) {
	quoted := false
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool {
		if r == '\'' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	}) {
		words = append(words, strings.ReplaceAll(word, "'", ""))
	}
	return words
}
