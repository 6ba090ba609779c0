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
		{"shopify-inventory.csv", "stocked.json 12 11", "--mode set --layout shopify", "", 10, []string{" 1 conflict", " 1 already there", " 2 skipped"}, 0, stocked(is{"KET-RED@HRB": 11})},
		{"shopify-inventory.csv", "stocked.json", "--mode set --layout shopify", "", 0, []string{" 1 applied", " 1 already there", " 2 skipped"}, 1, stocked(is{"KET-RED@HRB": 10})},
		{"wide-by-location.csv", "empty.json", "--layout shopify-wide", "", 0, []string{"4 writes of 2 rows", " 3 applied", " 1 skipped"}, 3, wide},
		{"wide-by-location.csv", "empty.json", "--map SKU=sku --map '*=initialQty@*' --blank skip --ignore-unknown", "", 0, []string{" 3 applied", " 1 skipped"}, 3, wide},
		{"wide-by-location.csv", "empty.json", "--map sku=sku --map 'Harbour Store=quantity@HRB' --ignore-unknown", "", 0, []string{" 2 applied"}, 2, is{"KET-RED@HRB": 12, "LS-S@HRB": 6}},
		{"wide-by-location.csv", "empty.json", "--map SKU=sku --map '*=initialQty@*' --ignore-unknown", "", 2, []string{"wide-by-location.csv:3:", "initialQty: is blank"}, 0, is{}},
		{"square-library.csv", "empty.json", "--layout square --value warehouseId:Harbour=HRB", "", 0, []string{" 3 applied", " 1 skipped"}, 3, wide},
		{"magento-stock-sources.csv", "empty.json", "--layout magento --value warehouseId:harbour=HRB --value warehouseId:old-town=OLD", "", 2, []string{"magento-stock-sources.csv:4:", `"6.5000": must be a whole number`}, 0, is{}},
		{"magento-stock-sources.csv", "empty.json", "--layout magento --value warehouseId:harbour=HRB --value warehouseId:old-town=OLD --skip-invalid", "", 10, []string{" 2 applied", " 1 invalid"}, 2, is{"KET-RED@HRB": 12, "KET-RED@OLD": 4}},
		{"woocommerce-products.csv", "empty.json", "--layout woocommerce --fill warehouseId=HRB", "", 0, []string{" 2 applied", " 1 skipped"}, 2, is{"KET-RED@HRB": 12, "LS-S@HRB": 6}},
		{"amazon-listings.txt", "empty.json", "--layout amazon --fill warehouseId=HRB", "", 0, []string{" 1 applied", " 1 skipped"}, 1, is{"KET-RED@HRB": 12}},
		{"odoo-quants.csv", "empty.json", "--layout odoo --value 'warehouseId:WH/Stock/Harbour=HRB'", "", 2, []string{`odoo-quants.csv:3:1 productName "Linen Shirt": is VARIABLE, and no SKU is named`}, 0, is{}},
		{"odoo-quants.csv", "empty.json", "--layout odoo --value 'warehouseId:WH/Stock/Harbour=HRB' --skip-invalid", "", 10, []string{" 1 applied", " 1 invalid"}, 1, is{"KET-RED@HRB": 12}},
		{"counted-by-hand.csv", "stocked.json", counted + " --map Shop=warehouseId", "count", 2, []string{"counted-by-hand.csv:8:", `sku "Sum": no product or SKU has this code`, "count the other 3 rows with `--skip-invalid`"}, 0, stocked(nil)},
		{"counted-by-hand.csv", "stocked.json", counted + " --map Shop=warehouseId --skip-invalid", "count", 10, []string{"header on line 3", "4 rows, 1 invalid, 1 of other warehouses", "counted-by-hand.csv: left out as invalid: 1 row", "prod_kettle\t\t12\t12\t0\tright"}, 0, stocked(nil)},
		{"counted-by-hand.csv", "stocked.json", counted + " --map Shop=warehouseId --skip-invalid --value countedQty:12=10", "count", 10, []string{"adjusted"}, 1, stocked(is{"KET-RED@HRB": 10})},
		{"counted-by-hand.csv", "stocked.json", counted, "count", 2, []string{"counted-by-hand.csv:4:20 Shop: the values of this column name warehouses", "--map Shop=warehouseId", "--map Shop=_"}, 0, stocked(nil)},
		{"counted-by-hand.csv", "stocked.json", "--warehouse HRB --map Article=sku --map 'On the shelf=countedQty' --map Shop=warehouseId --ignore-unknown", "count", 2, []string{"counted-by-hand.csv:8:", "count the other 3 rows"}, 0, stocked(nil)},
		{"wide-by-location.csv", "stocked.json", "--layout shopify-wide --duplicates fail", "count", 0, []string{"4 writes of 2 rows, 1 skipped, without a quantity", "right"}, 0, stocked(nil)},
		{"data-frame.csv", "stocked.json", "--mode set --map warehouse=warehouseId --map on_hand=onHandQty --blank skip --ignore-unknown", "", 0, []string{" 2 applied", " 1 skipped"}, 2, stocked(is{"KET-RED@HRB": 11, "LS-M@OLD": 5})},
		{"sold-at-the-till.csv", "stocked.json", "--mode adjust --map 'lineitem sku=sku' --map 'lineitem quantity=qty' --map Receipt=reference --map Store=warehouseId --fill action=SOLD", "", 2, []string{"contradicts SOLD, which takes away"}, 0, stocked(nil)},
		{"sold-at-the-till.csv", "stocked.json", "--mode adjust --map 'lineitem sku=sku' --map 'lineitem quantity=qty' --map Receipt=reference --map Store=warehouseId --fill action=SOLD --unsigned", "", 0, []string{" 3 applied"}, 3, stocked(is{"KET-RED@HRB": 10, "LS-S@HRB": 4})},
		{"opening-stock.xlsx", "empty.json", "--sheet Stock --map Item=sku --map Depot=warehouseId --map Qty=initialQty --map Shelf=location --ignore-unknown", "", 0, []string{"XLSX, sheet Stock, header on line 3", " 3 applied"}, 3, is{"KET-RED@HRB": 12, "LS-M@OLD": 1500, "LS-S@HRB": 7}},
		{"opening-stock.xlsx", "empty.json", "--sheet Stock --map Item=sku --map Depot=warehouseId --map Qty=initialQty --map Shelf=location --ignore-unknown", "create -f", 0, []string{"XLSX, sheet Stock, header on line 3", " 3 applied"}, 3, is{"KET-RED@HRB": 12, "LS-M@OLD": 1500, "LS-S@HRB": 7}},
		{"square-library.csv", "empty.json", "--layout square --value warehouseId:Harbour=HRB", "create -f", 0, []string{" 3 applied", " 1 skipped"}, 3, wide},
		{"magento-stock-sources.csv", "empty.json", "--layout magento --value warehouseId:harbour=HRB --value warehouseId:old-town=OLD", "create -f", 2, []string{"magento-stock-sources.csv:4:", `"6.5000": must be a whole number`}, 0, is{}},
		{"opening-stock.xlsx", "stocked.json", "--warehouse HRB --sheet Stock --map Item=sku --map Depot=warehouseId --map Qty=countedQty --ignore-unknown", "count", 0, []string{"XLSX, sheet Stock, header on line 3", "1 of other warehouses"}, 1, stocked(is{"LS-S@HRB": 7})},
		{"opening-stock.xlsx", "empty.json", "--ignore-unknown", "", 2, []string{"has 2 sheets: choose one with --sheet", `"Stock"`}, 0, is{}},
	}
}

// Files are read as exported, with a layout or with flags.
func TestFilesFromOutside(t *testing.T) {
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
				t.Errorf("exit %d, not %d", code, test.code)
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
