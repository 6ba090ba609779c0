package cmd_test

import (
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

var suggested = regexp.MustCompile("`stockctl ([^`]*)`")

// The first message about a file from another system suggests a command that, with a
// warehouse put in, imports the file or leads to a message with the rest.
func TestFirstTryLeadsToAnImport(t *testing.T) {
	type is = map[string]int64
	for _, test := range []struct {
		system, name, text string
		then               string // what later messages say to add
		stock              is
	}{
		{
			system: "Unleashed", name: "soh.csv",
			text: "*Product Code,Product Description,*Warehouse Code,Bin Location,Qty On Hand,Available Qty\n" +
				"KET-RED,Red Kettle,HRB,A-1,12.0000,11.0000\nLS-S,Shirt,OLD,B-2,6.0000,6.0000\n",
			stock: is{"KET-RED@HRB": 12, "LS-S@OLD": 6},
		},
		{
			system: "Lightspeed", name: "products.csv",
			text:  "id,handle,sku,name,inventory_Harbour_Store,reorder_point_Harbour_Store,inventory_Old_Town\n1,red-kettle,KET-RED,Red Kettle,12,3,4\n",
			stock: is{"KET-RED@HRB": 12, "KET-RED@OLD": 4},
		},
		{
			system: "Zoho", name: "items.csv",
			text:  "Item ID,Item Name,SKU,Warehouse Name,Stock On Hand,Reorder Level,Unit\n4815,Red Kettle,KET-RED,Harbour Store,12.00,3,pcs\n",
			stock: is{"KET-RED@HRB": 12},
		},
		{
			system: "QuickBooks", name: "products.csv",
			text:  "Product/Service Name,SKU,Type,Quantity On Hand,Reorder Point,Quantity as of Date\nRed Kettle,KET-RED,Inventory,12,3,11/28/2026\n",
			stock: is{"KET-RED@HRB": 12},
		},
		{
			system: "OpenBoxes", name: "stock.csv",
			text:  "Product Code,Product Name,Lot Number,Bin Location,QoH,Facility\nKET-RED,Red Kettle,,A1,12,Harbour Store\n",
			stock: is{"KET-RED@HRB": 12},
		},
		{system: "Cin7", name: "soh.csv", text: "ProductCode,Name,Location,Bin,Quantity\nKET-RED,Red Kettle,Old Town,,12\n", stock: is{"KET-RED@OLD": 12}},
		{
			system: "Katana", name: "stock.csv",
			text:  "Variant code / SKU,Item name,Location,In stock,Reorder point\nKET-RED,Red Kettle,Old Town,12,3\n",
			stock: is{"KET-RED@OLD": 12},
		},
		{
			system: "Etsy", name: "listings.csv",
			text:  "TITLE,DESCRIPTION,PRICE,CURRENCY_CODE,QUANTITY,TAGS,SKU\nRed Kettle,\"A kettle, red\",29.00,GBP,12,\"tea,red\",KET-RED\n",
			stock: is{"KET-RED@HRB": 12},
		},
		{
			system: "eBay", name: "active.csv",
			text:  "Item number,Title,Variation details,Custom label (SKU),Available quantity,Start price\n1101,Red Kettle,,KET-RED,12,29.00\n",
			stock: is{"KET-RED@HRB": 12},
		},
		{
			system: "a German accountant", name: "lager.csv",
			text: "Artikelnummer;Artikelbezeichnung;Lagerort;Bestand;EK-Preis\nKET-RED;Roter Kessel;HRB;1.250,00;10,55\n", then: "--decimal ,",
			stock: is{"KET-RED@HRB": 1250},
		},
		{
			system: "a French shop", name: "stock.csv",
			text: "R\xe9f\xe9rence;D\xe9p\xf4t;Quantit\xe9;Emplacement\nKET-RED;HRB;12;\xc9tag\xe8re 3\n", stock: is{"KET-RED@HRB": 12},
		},
		{
			system: "Lightspeed Retail", name: "items.csv",
			text: "\ufeff\"System ID\";\"UPC\";\"Custom SKU\";\"Item\";\"Qty. Harbour Store\";\"Qty. Old Town\"\r\n" +
				"\"210001\";\"\";\"KET-RED\";\"Red Kettle\";\"12,0000\";\"4,0000\"\r\n\"210002\";\"\";\"LS-S\";\"Shirt\";\"6,0000\";\"\"\r\n",
			stock: is{"KET-RED@HRB": 12, "KET-RED@OLD": 4, "LS-S@HRB": 6},
		},
		{
			system: "a report with a title", name: "summary.csv",
			text: "Inventory Summary\nAs of 28/11/2026\n\nitem_name,sku,warehouse_name,quantity_in,stock_on_hand\n" +
				"Red Kettle,KET-RED,Harbour Store,20.00,12.00\nShirt,LS-S,Old Town,8.00,6.00\n",
			stock: is{"KET-RED@HRB": 12, "LS-S@OLD": 6},
		},
		{system: "a scanner", name: "scans.txt", text: "KET-RED,12\r\nLS-S,6\r\n", stock: is{"KET-RED@HRB": 12, "LS-S@HRB": 6}},
	} {
		t.Run(test.system, func(t *testing.T) {
			t.Parallel()
			server, u := openStore(t, "empty.json")
			args := []string{"inventory", "import", u.file(t, test.name, test.text)}
			var log strings.Builder
			for try := 1; ; try++ {
				code, out, errOut := u.run(t, t.Context(), args...)
				log.WriteString(strings.Join(args, " ") + "\n" + out + errOut)
				if code == 0 {
					break
				}
				command := suggested.FindStringSubmatch(errOut)
				switch {
				case try == 1 && command != nil:
					args = shellWords(strings.ReplaceAll(command[1], "WAREHOUSE", "HRB"))
				case try == 2 && test.then != "" && strings.Contains(errOut, test.then):
					args = append(args, shellWords(test.then)...)
				default:
					t.Fatalf("exit %d, and no command to try next\n%s", code, log.String())
				}
			}
			if diff := gocmp.Diff(test.stock, server.shelves(t)); diff != "" {
				t.Errorf("%s\n%s", diff, log.String())
			}
		})
	}
}

// The suggestion names the columns of the file, and what to write for a field that no
// column can be.
func TestFirstTryNamesTheColumns(t *testing.T) {
	_, u := openStore(t, "empty.json")
	for _, c := range []struct{ header, mode, want string }{
		{"sku,Location,Bin,initialQty", "create", "--map Location=warehouseId --ignore-unknown`; if \"Location\" is the shelf, write --fill warehouseId=WAREHOUSE instead of --map Location=warehouseId\n"},
		{"sku,Location,onHandQty", "set", "--map Location=warehouseId`\n"},
		{"sku,warehouseId,Location,Neue Zahl", "create", "--map HEADER=initialQty --ignore-unknown`\n"},
		{"sku,warehouseId,price", "create", "--map HEADER=initialQty --ignore-unknown`\n"}, // not price=initialQty
		{"sku,warehouseId", "create", "--fill initialQty=VALUE`\n"},
		{"sku,warehouseId,qty", "adjust", "--fill action=VALUE`\n"},
		{"sku,warehouseId,eins,zwei", "set", "--map HEADER=onHandQty --ignore-unknown`\n"},
	} {
		code, _, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "h.csv", c.header+"\n"), "--mode", c.mode)
		if code != 2 || !strings.HasSuffix(errOut, c.want) {
			t.Errorf("%s: exit %d, want 2\n%s\nwant it to end with %q", c.header, code, errOut, c.want)
		}
	}
}
