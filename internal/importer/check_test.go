package importer_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// Every mistake is reported with its place before anything is sent.
func TestMistakes(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil).stocked()
	before := len(s.Stock())
	for name, test := range map[string]struct {
		mode stock.Mode
		file string
		want []string
	}{
		"quantities": {stock.Create, "productId,warehouseId,initialQty,reorderLevel\na,ABJ-01,1e3,\nb,ABJ-01,\"1,000\",\nc,ABJ-01,1.5,\nd,ABJ-01,,\ne,ABJ-01,-1,9999999999\n", []string{
			`F:2:10 initialQty "1e3": 1e3: write the number in full, because a spreadsheet may have shortened it`,
			`F:3:10 initialQty "1,000": may be 1 or 1000: choose with --decimal . or --decimal ,`,
			`F:4:10 initialQty "1.5": must be a whole number, not 1.5`,
			`F:5:10 initialQty: is blank (--blank skip ignores such rows)`,
			`F:6:10 initialQty "-1": must be 0 or more`,
			`F:6:13 reorderLevel "9999999999": must be between -2147483648 and 2147483647, not 9999999999`,
		}},
		"id of a spreadsheet": {stock.Create, "productId,warehouseId,initialQty\n9.78014E+12,ABJ-01,1\n", []string{
			`F:2:1 productId "9.78014E+12": is a long number that a spreadsheet shortened: format the column as text and export it again`,
		}},
		"names": {stock.Create, "productId,warehouseId,sku,initialQty\na,Kano,,1\nprod_phone_789,ABJ-01,PHONE-X,1\nprod_none,ABJ-01,X,1\n", []string{
			`F:2:3 warehouseId "Kano": no warehouse has the id, code or name "Kano" (the warehouses are LGS-01, ABJ-01: see ` + "`stockctl warehouse list`); --value warehouseId:Kano=WAREHOUSE translates it",
			`F:3:23 sku "PHONE-X": product prod_phone_789 has no SKU with this code`,
			`F:4:18 sku "X": product prod_none is not in the product list, so its codes cannot be looked up: give skuId`,
		}},
		"duplicates": {stock.Create, "productId,warehouseId,initialQty\na,ABJ-01,1\na,Abuja,2\n", []string{
			`F:3:1 productId "a": is the same record as line 2 (--duplicates first or last takes one of them, sum adds them up)`,
		}},
		"duplicates among other mistakes": {stock.Create, "productId,warehouseId,initialQty\na,ABJ-01,1\nb,ABJ-01,x\na,ABJ-01,2\nc,ABJ-01,1\nc,abj-01,1\nc,ABJ-01,\na,wh_def456,3\n", []string{
			`F:3:10 initialQty "x": must be a whole number, not x`,
			`F:4:1 productId "a": is the same record as line 2 (--duplicates first or last takes one of them, sum adds them up)`,
			`F:6:1 productId "c": is the same record as line 5 (--duplicates first or last takes one of them, sum adds them up)`,
			`F:7:10 initialQty: is blank (--blank skip ignores such rows)`,
			`F:8:1 productId "a": is the same record as line 2 (--duplicates first or last takes one of them, sum adds them up)`,
		}},
		"set or add": {stock.Create, "productId,warehouseId,Quantity\na,ABJ-01,1\n", []string{
			`F:1:23 Quantity: may mean two things: the quantity of a new record (initialQty), or what to add to or take from stock (qty, with --mode adjust)`,
		}},
		"unknown": {stock.Create, "productId,warehouseId,initialQty,loction\na,ABJ-01,1,x\n", []string{
			`F:1:34 loction: unknown column "loction" for --mode create: did you mean location?`,
		}},
		"many foreign columns": {stock.Set, "\nHandle,SKU Code,Store,Bestand\na,b,c,1\n", []string{
			`F:2:1: no column for productId (or sku, barcode, productName), warehouseId and onHandQty; unknown for --mode set: "Handle", "SKU Code", "Store", "Bestand"`,
		}},
		"debris of a spreadsheet": {stock.Create, "productId,sku,warehouseId,initialQty\n#N/A,,ABJ-01,1\n\"=\"\"00123\"\"\",,ABJ-01,1\n'00123,,ABJ-01,1\n" +
			"123.0,,ABJ-01,1\n,#REF!,ABJ-01,1\n, TOTE-CANVAS,ABJ-01,1\n,TOTE-CANVAS,ABJ-01,#N/A\n", []string{
			`F:2:1 productId "#N/A": is the error of a spreadsheet formula: correct the formula, or write the value`,
			`F:3:1 productId "=\"00123\"": is a formula, not its value: in the spreadsheet, paste the column as values and save again`,
			`F:4:1 productId "'00123": begins with the ' that marks a text in a spreadsheet: remove it`,
			`F:5:1 productId "123.0": is a number with decimals, as a spreadsheet writes it: format the column as text`,
			`F:6:2 sku "#REF!": is the error of a spreadsheet formula: correct the formula, or write the value`,
			`F:7:2 sku " TOTE-CANVAS": has spaces around it`,
			`F:8:21 initialQty "#N/A": is the error of a spreadsheet formula: correct the formula, or write the value`,
		}},
		"names of items": {stock.Create, "sku,productName,warehouseId,initialQty\nTOTE-CANVA,,ABJ-01,1\n,Canvas Tote Bagg,ABJ-01,1\n,,ABJ-01,1\n", []string{
			`F:2:1 sku "TOTE-CANVA": no product or SKU has this code: did you mean TOTE-CANVAS?`,
			`F:3:2 productName "Canvas Tote Bagg": no product or SKU has this name: did you mean Canvas Tote Bag?`,
			`F:4:1 sku: is required`,
		}},
		"an unnamed column": {stock.Create, ",productId,warehouseId,initialQty\n,prod_a,ABJ-01,1\n0,prod_b,ABJ-01,1\n1,prod_c,ABJ-01,1\n", []string{
			`F:3:1: this cell is in a column without a name (--ignore-unknown ignores it)`,
		}},
		"movements": {stock.Adjust, "productId,warehouseId,qty,action,reference,notes\nprod_0001,ABJ-01,0,SOLD,,\nprod_0001,ABJ-01,1,GIVEN,,\n" +
			"prod_0001,ABJ-01,-1,sold,PO," + strings.Repeat("n", 250) + "\nprod_9999,ABJ-01,-1,sold,,\n", []string{
			`F:2:18 qty "0": must not be 0`,
			`F:3:20 action "GIVEN": must be RECEIVED, SOLD, ADJUSTED, DAMAGED, RETURNED, TRANSFERRED_IN or TRANSFERRED_OUT`,
			`F:4:29 notes "` + strings.Repeat("n", 79) + `…": is longer than 255 characters with the token that is put before it: shorten it by 26`,
		}},
		"signs": {stock.Adjust, "productId,warehouseId,qty,action\nprod_0001,ABJ-01,5,SOLD\nprod_0001,ABJ-01,-5,received\nprod_0001,ABJ-01,-5,sold\n", []string{
			`F:2:18 qty "5": contradicts SOLD, which removes stock: write -5, or use --unsigned if quantities have no sign; --any-sign sends it unchanged`,
			`F:3:18 qty "-5": contradicts RECEIVED, which adds stock: write 5, or use --unsigned if quantities have no sign; --any-sign sends it unchanged`,
		}},
		"blanks in ids": {stock.Create, "productId,skuId,warehouseId,initialQty\nprod q,,ABJ-01,1\nprod_phone_789,sku q,ABJ-01,1\n p,,ABJ-01,1\n", []string{
			`F:2:1 productId "prod q": contains a space`,
			`F:3:16 skuId "sku q": contains a space`,
			`F:4:1 productId " p": has spaces around it`,
		}},
		"a blank id next to a code": {stock.Adjust, "inventoryId,sku,warehouseId,qty,action\n,TOTE-CANVAS,ABJ-01,5,received\n,,,5,received\n", []string{
			`F:2:1 inventoryId: is blank: fill it in, or let the other columns name the record (--map inventoryId=_)`,
			`F:3:1 inventoryId: is required`,
		}},
		"no record": {stock.Adjust, "productId,warehouseId,qty,action\nprod_9999,ABJ-01,-1,sold\n", []string{
			`F:2:1 productId "prod_9999": has no inventory record prod_9999@wh_def456: create it first`,
		}},
		"jsonl": {stock.Create, `{"productId":"a","warehouseId":"ABJ-01","initialQty":1}` + "\n" + `{"productId":"b","warehouseId":"ABJ-01","initialQty":"x","shelf":1}` + "\n", []string{
			`F:2:66 shelf: unknown column "shelf" for --mode create: the fields are ` + strings.Join(stock.FieldNames(), ", ") +
				`, sku, barcode, productName (--map shelf=FIELD, --ignore-unknown)`,
			`F:2:54 initialQty "x": must be a whole number, not x`,
		}},
		"ragged": {stock.Create, "productId,warehouseId,initialQty\na,ABJ-01\nb,ABJ-01,1,2\n", []string{
			`F:2:3: has 2 cells, the header has 3 columns`,
			`F:3:12: has 4 cells, the header has 3 columns`,
		}},
	} {
		file := s.File(strings.ReplaceAll(name, " ", "_")+map[bool]string{true: ".jsonl", false: ".csv"}[name == "jsonl"], test.file)
		_, err := s.Run(options(file, test.mode))
		if failure.KindOf(err) != failure.Usage {
			t.Errorf("%s: got %v, want the kind %s", name, err, failure.Usage)
			continue
		}
		got := strings.Split(strings.ReplaceAll(err.Error(), file, "F"), "\n  ")
		if len(got) > 1 {
			got = got[1:]
		}
		if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
	if len(s.Stock()) != before {
		t.Error("something was sent")
	}
}

// The same rows are read from every format.
func TestFormats(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write([]byte("productId,warehouseId,initialQty,variantAttributes.Color\nprod_phone_789,ABJ-01,7,Red\n"))
	must(t, err)
	must(t, z.Close())
	for name, test := range map[string]struct {
		text string
		edit func(*importer.Options)
	}{
		"a.csv":    {"productId,sku,warehouseId,initialQty,variantAttributes\nprod_phone_789,PHONE-RED-256,ABJ-01,7,Color=Red\n", nil},
		"b.tsv":    {"product_id\tSKU ID\twarehouse-id\tInitial Qty\nprod_phone_789\tsku_red_256gb\tabj-01\t7\n", nil},
		"c.jsonl":  {`{"productId":"prod_phone_789","skuId":"sku_red_256gb","warehouseId":"Abuja","initialQty":7,"variantAttributes":{"Color":"Red"}}` + "\n", nil},
		"d.json":   {`[{"productId":"prod_phone_789","skuId":"sku_red_256gb","warehouseId":"Abuja","initialQty":7,"location":null}]`, nil},
		"e.csv.gz": {zipped.String(), func(o *importer.Options) { o.Fill = map[string]string{"skuId": "sku_red_256gb"} }},
		"f.csv": {"prod_phone_789;x;7\n", func(o *importer.Options) {
			o.Table.Fields = []string{"productId", "_", "initialQty"}
			o.Fill = map[string]string{"skuId": "sku_red_256gb", "warehouseId": "ABJ-01"}
		}},
		"g.csv": {"Artikel,Lager,Menge,SKU\nprod_phone_789,ABJ-01,7,PHONE-RED-256\n", func(o *importer.Options) {
			o.Map = []columns.Rule{{Header: "artikel", Field: "productId"}, {Header: "Lager", Field: "warehouseId"}, {Header: "Menge", Field: "quantity"}}
		}},
		"-": {"productId,skuId,warehouseId,initialQty\nprod_phone_789,sku_red_256gb,ABJ-01,7\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, sandbox.Options{}, nil)
			file := name
			if name == "-" {
				s.Env.In = strings.NewReader(test.text)
			} else {
				file = s.File(name, test.text)
			}
			o := options(file, stock.Create)
			if test.edit != nil {
				test.edit(&o)
			}
			got, err := s.Run(o)
			must(t, err)
			if got.Counts.Applied != 1 || s.Stock()["prod_phone_789/sku_red_256gb@wh_def456"] != 7 {
				t.Errorf("got %+v and the stock %v, want 1 row applied and 7 on hand", got.Counts, s.Stock())
			}
		})
	}
}

// --skip-invalid sends the valid rows, and the summary accounts for every row.
func TestSkipInvalid(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	file := s.File("rows.csv", "productId,warehouseId,initialQty\na,ABJ-01,1\nb,ABJ-01,x\nc,ABJ-01,1\nc,ABJ-01,2\nd\ne,ABJ-01,4\n")
	o := options(file, stock.Create)
	o.SkipInvalid = true
	got, err := s.Run(o)
	if failure.KindOf(err) != failure.Partial {
		t.Errorf("got %v, want the kind %s", err, failure.Partial)
	}
	if want := (ledger.Counts{Applied: 2, Invalid: 4}); got.Counts != want || got.Rows != 6 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if text := read(t, got.Rejects); strings.Count(text, "\n") != 5 {
		t.Errorf("rejects:\n%s", text)
	}
	o.Duplicates = columns.DuplicatesLast
	got, err = s.Run(o)
	if want := (ledger.Counts{Applied: 1, Already: 2, Skipped: 1, Invalid: 2}); got == nil || got.Counts != want {
		t.Fatalf("got %v and %+v, want the counts %+v", err, got, want)
	}
	if s.Stock()["c@wh_def456"] != 2 {
		t.Error("the last row of c counts")
	}
}

// However many rows are repeated, each policy leaves out the right ones.
func TestRepeatedRows(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	random := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	text.WriteString(`[`)
	first, last, times := map[int]int{}, map[int]int{}, map[int]int{}
	const rows = 20_000
	for i := range rows {
		product := random.IntN(rows)
		if times[product]++; times[product] == 1 {
			first[product] = i
		}
		last[product] = i
		fmt.Fprintf(&text, `{"productId":"p%d","warehouseId":"ABJ-01","initialQty":%d},`, product, i)
	}
	text.WriteString(`{"productId":"alone","warehouseId":"ABJ-01","initialQty":0}]`)
	o := options(s.File("a.json", text.String()), stock.Create) // all on one line
	o.SkipInvalid = true
	once := 0
	for _, n := range times {
		if n == 1 {
			once++
		}
	}
	for policy, test := range map[string]struct {
		left   map[int]int
		counts [2]int64 // skipped, invalid
	}{
		columns.DuplicatesFirst: {first, [2]int64{int64(rows - len(times)), 0}},
		columns.DuplicatesLast:  {last, [2]int64{int64(rows - len(times)), 0}},
		columns.DuplicatesFail:  {nil, [2]int64{0, int64(rows - once)}},
	} {
		o.Duplicates = policy
		plan, err := importer.Check(t.Context(), s.Env, o)
		must(t, err)
		if got := [2]int64{plan.Rows - plan.Sendable() - plan.Invalid(), plan.Invalid()}; got != test.counts {
			t.Errorf("%s: skipped and invalid are %d, want %d", policy, got, test.counts)
		}
		for c, err := range plan.Preview(t.Context()) {
			must(t, err)
			if c.Would != importer.WouldCreate || c.Record == "alone@ABJ-01" {
				continue
			}
			var product int
			_, err := fmt.Sscanf(c.Record, "p%d@ABJ-01", &product)
			must(t, err)
			if test.left == nil && times[product] != 1 || test.left != nil && *c.To != int64(test.left[product]) {
				t.Fatalf("%s: row %d of %s would be sent", policy, *c.To, c.Record)
			}
		}
		must(t, plan.Close())
	}
}

// Two different records may have equal hashes; comparing the keys shows that neither is
// repeated.
func TestSuspectedRows(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	for _, policy := range []string{columns.DuplicatesFail, columns.DuplicatesFirst, columns.DuplicatesLast} {
		o := options(s.File("rows.csv", "productId,warehouseId,initialQty\na,ABJ-01,1\nb,ABJ-01,1\n"), stock.Create)
		o.Duplicates = policy
		plan, err := importer.Check(t.Context(), s.Env, o)
		must(t, err)
		all, err := plan.RepeatsForTest(stock.Key{Address: stock.Address{Product: "a", Warehouse: "wh_def456"}}, stock.Key{Address: stock.Address{Product: "b", Warehouse: "wh_def456"}})
		must(t, err)
		if plan.Sendable() != 2 || !all {
			t.Errorf("%s: %d of 2 rows are left", policy, plan.Sendable())
		}
		must(t, plan.Close())
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	s.Env.In = strings.NewReader("productId,warehouseId,initialQty\na,ABJ-01,1\n")
	plan, err := importer.Check(t.Context(), s.Env, options("-", stock.Create))
	must(t, err)
	must(t, plan.Close())
	if left, _ := os.ReadDir(s.Env.Store.Dir); len(left) != 0 {
		t.Errorf("a dry run left %v", left)
	}
}
