package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// stranger is a file in a layout that is not shipped, for a shop of which no id is known.
type stranger struct {
	system, file, text string
	warehouse          string // for WAREHOUSE in the first suggestion
	steps              []step // what each later message leads to
	code               int    // of the last command
	stock              map[string]int64
}

// step is what a message says, and what the user adds to the command then.
type step struct{ says, add string }

func strangers() []stranger {
	type is = map[string]int64
	said := func(flags string) step { return step{flags, flags} }
	return []stranger{
		{
			system: "Cin7", file: "soh.csv",
			text: "Code,Product Name,Style Code,Option 1,Barcode,Branch,SOH,Available,Open Sales,Incoming,Zone,Bin\n" +
				"TBL-OAK,Oak Table,,,5000000000017,London,12,11,1,0,,A1\nCSH-RED,Cushion,CSH,Red,5000000000024,Paris Nord,6,6,0,0,,B1\n" +
				"CSH-BLU,Cushion,CSH,Blue,5000000000031,Paris Nord,0,0,0,0,,B2\n",
			stock: is{"TBL-OAK@LON": 12, "CSH-RED@PAR": 6, "CSH-BLU@PAR": 0},
		},
		{
			system: "Katana, with units, one warehouse per column", file: "stock.csv",
			text: "Variant code / SKU,Item name,Average cost,In stock - London,In stock - Paris Nord,Expected\n" +
				"TBL-OAK,Oak Table,10.00,12 pcs,3 pcs,0\nCHR-PIN,Pine Chair,4.50,\"1,250 pcs\",0 pcs,5\n00417,Desk Lamp,10.00,7 pcs,-2 pcs,0\n",
			steps: []step{said("--value 'initialQty:* pcs=*'"), said("--decimal ."), {`"-2": must be 0 or more`, "--skip-invalid"}},
			code:  10,
			stock: is{"TBL-OAK@LON": 12, "TBL-OAK@PAR": 3, "CHR-PIN@LON": 1250, "CHR-PIN@PAR": 0, "00417@LON": 7},
		},
		{
			system: "NetSuite, with a title, brackets and a total", file: "detail.csv",
			text: "Inventory Detail by Location\nBayworks Ltd\n\"As of November 28, 2026\"\n\n" +
				"Item,Display Name,Location,Location On Hand,Location Available,Preferred Stock Level\nTBL-OAK,Oak Table,London,\"1,250\",\"1,200\",100\n" +
				"CHR-PIN,Pine Chair,London,40,40,\nTBL-OAK,Oak Table,Paris Nord,(3),(3),\nTotal,,,\"1,287\",\"1,237\",\n",
			steps: []step{
				{"choose with --decimal . or --decimal ,", "--decimal ."},
				said("--value 'initialQty:(*)=-*'"),
				{`detail.csv:9:1 sku "Total": no product or SKU has this code`, "--skip-invalid"},
			},
			code:  10,
			stock: is{"TBL-OAK@LON": 1250, "CHR-PIN@LON": 40},
		},
		{
			system: "Sage, with stock below zero", file: "stock.csv", warehouse: "LON",
			text: "STOCK_CODE,DESCRIPTION,QTY_IN_STOCK,QTY_ALLOCATED,QTY_REORDER_LEVEL,BIN,LAST_PURCHASE_PRICE\n" +
				"TBL-OAK,Oak Table,12.00,0.00,5.00,A1,10.00\nCHR-PIN,Pine Chair,-4.00,0.00,0.00,A2,4.50\n00417,Desk Lamp,  8.00,0.00,0.00,A3,4.50\n",
			steps: []step{{"send the other 2 rows with `--skip-invalid`", "--skip-invalid"}},
			code:  10,
			stock: is{"TBL-OAK@LON": 12, "00417@LON": 8},
		},
		{
			system: "Odoo in French, windows-1252", file: "quants.csv",
			text: "R\xe9f\xe9rence interne;Article;Emplacement;Quantit\xe9 en stock;Quantit\xe9 r\xe9serv\xe9e\r\n" +
				"TBL-OAK;Table en ch\xeane;WH/Stock/Paris;12,00;1,00\r\nCHR-PIN;Chaise;WH/Stock/Paris;1\xa0250,00;0,00\r\n00417;Lampe;WH/Stock/Londres;7,00;0,00\r\n",
			steps: []step{
				{"--value warehouseId:WH/Stock/Paris=WAREHOUSE", "--value warehouseId:WH/Stock/Paris=PAR"},
				{"--value warehouseId:WH/Stock/Londres=WAREHOUSE", "--value warehouseId:WH/Stock/Londres=LON"},
				said("--decimal ,"),
			},
			stock: is{"TBL-OAK@PAR": 12, "CHR-PIN@PAR": 1250, "00417@LON": 7},
		},
		{
			system: "a sheet made by hand in German", file: "inventur.csv", warehouse: "BER",
			text: "Inventur 28.11.2026;;;;\r\nHalle 2;;;;\r\n;;;;\r\nArtikel-Nr.;Bezeichnung;Lagerplatz;Menge (Stk);Wert\r\n" +
				"TBL-OAK;Eichentisch;A1;12,0;1.200,50\r\nCHR-PIN;Stuhl;A2;1.250,0;9.999,00\r\nBLT-M6;Schraube;C3;10.000,0;100,00\r\n;;;;\r\nSumme;;;11.262,0;11.299,50\r\n",
			steps: []step{said("--decimal ,"), {`inventur.csv:9:1 sku "Summe"`, "--skip-invalid"}},
			code:  10,
			stock: is{"TBL-OAK@BER": 12, "CHR-PIN@BER": 1250, "BLT-M6@BER": 10000},
		},
		{
			system: "Amazon FBA", file: "fba.txt", warehouse: "LON",
			text: "SKU\tFNSKU\tASIN\tProduct Name\tCondition\tYour Price\tafn-warehouse-quantity\tafn-fulfillable-quantity\tafn-unsellable-quantity\n" +
				"TBL-OAK\tX001\tB0A\tOak Table\tNew\t10.00\t40\t36\t4\n00417\tX002\tB0B\tDesk Lamp\tNew\t10.00\t0\t0\t0\n",
			stock: is{"TBL-OAK@LON": 36, "00417@LON": 0},
		},
		{
			system: "a header of two lines", file: "two.csv",
			text:  "Item,,London,,Paris Nord,\nCode,Name,Qty,Bin,Qty,Bin\nTBL-OAK,Oak Table,12,A1,3,B2\nCHR-PIN,Pine Chair,40,A2,,\n",
			steps: []step{{`two.csv:2:1 sku "Code": no product or SKU has this code`, "--skip-invalid"}},
			code:  10,
			stock: is{"TBL-OAK@LON": 12, "TBL-OAK@PAR": 3, "CHR-PIN@LON": 40},
		},
		{
			system: "Swiss thousands and a percentage", file: "lager.csv",
			text:  "SKU;Lager;Bestand;Auslastung\nTBL-OAK;London;1'250;45 %\nCHR-PIN;Paris Nord;40;100 %\nGesamt;;1'290;\n",
			steps: []step{said("--decimal ,"), {`sku "Gesamt"`, "--skip-invalid"}},
			code:  10,
			stock: is{"TBL-OAK@LON": 1250, "CHR-PIN@PAR": 40},
		},
		{
			system: "warehouses in brackets", file: "wide.csv",
			text:  "SKU,Stock (London),Stock (Paris Nord)\nTBL-OAK,12,3\nCHR-PIN,40,\n",
			stock: is{"TBL-OAK@LON": 12, "TBL-OAK@PAR": 3, "CHR-PIN@LON": 40},
		},
		{
			system: "warehouses in front, of several figures", file: "wide.csv",
			text:  "SKU,London - Available,London - On Hand,Paris Nord - Available,Paris Nord - On Hand\nTBL-OAK,1,12,2,3\nCHR-PIN,4,40,0,\n",
			stock: is{"TBL-OAK@LON": 12, "TBL-OAK@PAR": 3, "CHR-PIN@LON": 40},
		},
		{
			system: "codes of warehouses in front", file: "wide.csv", text: "Part #,LON_qty,PAR_qty\nTBL-OAK,12,3\n",
			stock: is{"TBL-OAK@LON": 12, "TBL-OAK@PAR": 3},
		},
		{
			system: "Business Central", file: "items.csv", text: "Item No.,Description,Location Code,Inventory\nTBL-OAK,Oak Table,LON,12\n",
			stock: is{"TBL-OAK@LON": 12},
		},
		{
			system: "Excel's sep= line", file: "sep.csv", text: "sep=;\nProduct Code;Warehouse;Quantity\nTBL-OAK;London;12\n",
			stock: is{"TBL-OAK@LON": 12},
		},
	}
}

// A user who does what each message says ends with the stock that is in the file.
func TestMessagesLeadToTheStockOfTheFile(t *testing.T) {
	for _, one := range strangers() {
		t.Run(one.system, func(t *testing.T) {
			t.Parallel()
			server, u := openStore(t, "furniture.json")
			args := []string{"inventory", "import", u.file(t, one.file, one.text)}
			var log strings.Builder
			for try := 0; ; try++ {
				code, out, errOut := u.run(t, t.Context(), args...)
				log.WriteString(strings.Join(args, " ") + "\n" + out + errOut)
				if try > len(one.steps) {
					if code != one.code {
						t.Errorf("exit %d, want %d", code, one.code)
					}
					break
				}
				command := suggested.FindStringSubmatch(errOut)
				switch {
				case try == 0 && code == 2 && command != nil:
					args = shellWords(strings.ReplaceAll(command[1], "WAREHOUSE", one.warehouse))
				case try > 0 && code == 2 && strings.Contains(errOut, one.steps[try-1].says):
					args = append(args, shellWords(one.steps[try-1].add)...)
				default:
					t.Fatalf("step %d: exit %d, and no flag to add next\n%s", try, code, log.String())
				}
			}
			if diff := gocmp.Diff(one.stock, server.shelves(t)); diff != "" {
				t.Errorf("%s\n%s", diff, log.String())
			}
		})
	}
}

// A file with units is read by create -f and count in the same way.
func TestValuesWithAStar(t *testing.T) {
	const text = "sku,warehouseId,%s\nTBL-OAK,WH/Stock/London,12 pcs\nCHR-PIN,wh/stock/Paris Nord, 7 PCS\n"
	rules := []string{"--value", "warehouseId:WH/Stock/*=*", "--value"}
	server, u := openStore(t, "furniture.json")
	file := u.file(t, "stock.csv", strings.Replace(text, "%s", "initialQty", 1))
	if code, out, errOut := u.run(t, t.Context(), append([]string{"inventory", "create", "-f", file}, append(rules, "initialQty:* pcs=*")...)...); code != 0 {
		t.Fatal(out, errOut)
	}
	want := map[string]int64{"TBL-OAK@LON": 12, "CHR-PIN@PAR": 7}
	if diff := gocmp.Diff(want, server.shelves(t)); diff != "" {
		t.Error(diff)
	}
	file = u.file(t, "count.csv", strings.Replace(strings.Replace(text, "12", "14", 1), "%s", "countedQty", 1))
	layout := filepath.Join(t.TempDir(), "units.yaml")
	const own = "columns: {sku: sku, warehouseId: warehouseId, countedQty: quantity}\n" +
		"values: {warehouseId: {WH/Stock/*: '*'}, quantity: {'* pcs': '*'}}\n"
	if err := os.WriteFile(layout, []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errOut := u.run(t, t.Context(), "inventory", "count", file, "--layout", layout); code != 0 {
		t.Fatal(out, errOut)
	}
	want["TBL-OAK@LON"] = 14
	if diff := gocmp.Diff(want, server.shelves(t)); diff != "" {
		t.Error(diff)
	}
}

// A workbook that LibreOffice saved has merged titles, a hidden sheet, formulas, numbers
// with thousands separators, dates, a blank row and styled cells without a value. Every
// command reads it, with dates that count from 1900 or from 1904.
func TestWorkbookFromLibreOffice(t *testing.T) {
	for _, name := range []string{"libreoffice.xlsx", "libreoffice-1904.xlsx"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, u := openStore(t, "furniture.json")
			book, err := os.ReadFile(filepath.Join("testdata", "files", name))
			if err != nil {
				t.Fatal(err)
			}
			file := u.file(t, "stock.xlsx", string(book))
			want := map[string]int64{"TBL-OAK@LON": 12, "00417@PAR": 7, "CHR-PIN@LON": 1250, "BLT-M6@BER": 12000}
			then := func(exit int, args string) {
				t.Helper()
				const item = " --map 'Item code=sku' --ignore-unknown"
				words := shellWords(strings.Replace(args, "FILE", file, 1) + item)
				code, out, errOut := u.run(t, t.Context(), append([]string{"inventory"}, words...)...)
				if diff := gocmp.Diff(want, server.shelves(t)); code != exit || diff != "" || !strings.Contains(errOut, "XLSX, sheet Stock 2026, header on line 4") {
					t.Fatalf("%s: exit %d, want %d\n%s\n%s%s", args, code, exit, diff, out, errOut)
				}
			}
			then(0, "create -f FILE --map Warehouse=warehouseId --map Shelf=location --map 'Qty on hand=initialQty'")
			then(0, "count FILE --map Warehouse=warehouseId --map 'Qty on hand=countedQty'")
			want["TBL-OAK@LON"], want["00417@PAR"], want["CHR-PIN@LON"], want["BLT-M6@BER"] = 24, 14, 2500, 24000
			then(0, "import FILE --mode adjust --map Warehouse=warehouseId --map 'Qty on hand=qty' --fill action=RECEIVED --map 'Counted on=reference'")
			code, dated, errOut := u.run(t, t.Context(), "inventory", "logs", "--all", "--jq", `map(select(.reference == "2026-11-27")) | length`)
			if code != 0 || dated != "4\n" {
				t.Errorf("%s movements on the day: %s", dated, errOut)
			}
			for item, from := range map[string]string{"TBL-OAK": "LON", "CHR-PIN": "LON", "00417": "PAR"} {
				if code, _, errOut := u.run(t, t.Context(), "inventory", "create", "--sku", item, "--warehouse", "BER", "--initial-qty", "0"); code != 0 {
					t.Fatal(errOut)
				}
				want[item+"@BER"], want[item+"@"+from] = want[item+"@"+from]/2, want[item+"@"+from]/2
			}
			then(10, "transfer -f FILE --map Warehouse=from --fill to=BER --map 'Qty on hand=qty' --skip-invalid")
		})
	}
}
