package cmd_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// edit is a change that a person or a spreadsheet makes to an exported sheet before it is
// read back. rows are those below the header.
type edit struct {
	name string
	do   func(header []string, rows [][]string) ([]string, [][]string)
	save func(text string) string
}

// fill writes a quantity into a column of the row for an item in a warehouse.
func fill(header []string, rows [][]string, item, place, column, figure string) {
	at := func(name string) int { return slices.Index(header, name) }
	for _, row := range rows {
		if row[at("sku")] == item && (at("warehouseId") < 0 || row[at("warehouseId")] == place) {
			row[at(column)] = figure
		}
	}
}

// drop deletes columns.
func drop(header []string, rows [][]string, names ...string) ([]string, [][]string) {
	for _, name := range names {
		i := slices.Index(header, name)
		header = slices.Delete(slices.Clone(header), i, i+1)
		for n, row := range rows {
			rows[n] = slices.Delete(row, i, i+1)
		}
	}
	return header, rows
}

// decimals writes every quantity as a number with a decimal.
func decimals(header []string, rows [][]string) ([]string, [][]string) {
	for _, row := range rows {
		for _, name := range []string{"countedQty", "onHandQty", "baselineQty", "onHand"} {
			if i := slices.Index(header, name); i >= 0 && row[i] != "" {
				row[i] += ".0"
			}
		}
	}
	return header, rows
}

// sorted reverses the order of the rows, and leaves blank ones.
func sorted(header []string, rows [][]string) ([]string, [][]string) {
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(b[0], a[0]) })
	return header, append(slices.Insert(rows, 1, make([]string, len(header))), make([]string, len(header)))
}

func edits() []edit {
	same := func(text string) string { return text }
	none := func(header []string, rows [][]string) ([]string, [][]string) { return header, rows }
	windows := func(text string) string {
		return strings.ReplaceAll(strings.ReplaceAll(text, ",", ";"), "\n", "\r\n")
	}
	return []edit{
		{"as it is", none, same},
		{"semicolons, CRLF", none, windows},
		{"everything at once", func(header []string, rows [][]string) ([]string, [][]string) {
			header, rows = decimals(header, rows)
			header, rows = drop(header, rows, "location")
			return sorted(header, rows)
		}, windows},
		{"no byte order mark", none, func(text string) string { return strings.TrimPrefix(text, "\ufeff") }},
		{"decimals", decimals, same},
		{"sorted, with blank rows", sorted, same},
		{"a row deleted", func(header []string, rows [][]string) ([]string, [][]string) {
			return header, slices.DeleteFunc(rows, func(row []string) bool { return row[1] == "LS-M" })
		}, same},
		{"names deleted", func(header []string, rows [][]string) ([]string, [][]string) {
			return drop(header, rows, "productName", "location", "onHand")
		}, same},
		{"ids deleted", func(header []string, rows [][]string) ([]string, [][]string) {
			return drop(header, rows, "inventoryId")
		}, same},
		{"warehouses deleted", func(header []string, rows [][]string) ([]string, [][]string) {
			return drop(header, rows, "warehouseId")
		}, same},
	}
}

// A sheet is filled in, saved by a spreadsheet in its own way, and read back without any
// flag. Only the stock that was filled in is corrected.
func TestASheetComesBack(t *testing.T) {
	for _, purpose := range []string{"count", "set"} {
		for _, e := range edits() {
			t.Run(purpose+", "+e.name, func(t *testing.T) {
				t.Parallel()
				server, u := openStore(t, "stocked.json")
				sheet := sheetOf(t, u, purpose, e)
				code, out, errOut := u.run(t, t.Context(), "inventory", back(purpose), sheet)
				if code != 0 || len(server.received()) != 2 {
					t.Errorf("exit %d, want 0, %d writes\n%s%s", code, len(server.received()), out, errOut)
				}
				want := map[string]int64{"KET-RED@HRB": 10, "KET-RED@OLD": 0, "LS-S@HRB": 6, "LS-M@OLD": 3}
				if diff := cmp.Diff(want, server.shelves(t)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// back returns the command that reads a sheet.
func back(purpose string) string {
	if purpose == "set" {
		return "import"
	}
	return purpose
}

// sheetOf exports a sheet, fills it in, and applies an edit.
func sheetOf(t *testing.T, u *user, purpose string, e edit) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), purpose+".csv")
	if code, _, errOut := u.run(t, t.Context(), "inventory", "export", file, "--for", purpose); code != 0 {
		t.Fatal(errOut)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	plain, marked := strings.CutPrefix(string(text), "\ufeff")
	if !marked {
		t.Errorf("the sheet has no byte order mark, without which a spreadsheet misreads it: %q", text)
	}
	all, err := csv.NewReader(strings.NewReader(plain)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]string{"count": "countedQty", "set": "onHandQty"}[purpose]
	fill(all[0], all[1:], "KET-RED", "HRB", column, "10")
	fill(all[0], all[1:], "KET-RED", "OLD", column, "0")
	fill(all[0], all[1:], "LS-S", "HRB", column, "6")
	header, rows := e.do(all[0], all[1:])
	var b strings.Builder
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{header}, rows...)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(e.save(b.String())), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Stock that has moved since the export is neither reset nor overwritten.
func TestASheetThatIsOld(t *testing.T) {
	for _, purpose := range []string{"count", "set"} {
		server, u := openStore(t, "stocked.json")
		sheet := sheetOf(t, u, purpose, edits()[0])
		for _, sold := range []string{"KET-RED@HRB", "LS-S@HRB", "LS-M@OLD"} {
			if code, _, errOut := u.run(t, t.Context(), "inventory", "adjust", sold, "--qty=-1", "--action", "sold"); code != 0 {
				t.Fatal(errOut)
			}
		}
		code, out, errOut := u.run(t, t.Context(), "inventory", back(purpose), sheet)
		if code != 10 || !strings.Contains(out+errOut, "on hand is 11; it was 12 when the file was written, which asks for 10") && purpose == "count" {
			t.Errorf("%s: exit %d, want 10\n%s%s", purpose, code, out, errOut)
		}
		want := map[string]int64{"KET-RED@HRB": 11, "KET-RED@OLD": 0, "LS-S@HRB": 5, "LS-M@OLD": 2}
		if diff := cmp.Diff(want, server.shelves(t)); diff != "" {
			t.Errorf("%s: the stock differs (-want +got)\n%s", purpose, diff)
		}
	}
}

// A sheet is refused if one column was sorted without the others, or if quantities were
// changed in the wrong column.
func TestASheetThatWasDamaged(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, want string
		do         func(header []string, rows [][]string)
	}{
		{"one column sorted", "is not the record that the rest of the row names", func(_ []string, rows [][]string) {
			rows[0][0], rows[1][0] = rows[1][0], rows[0][0]
		}},
		{"the wrong column", "onHand was changed from 3 to 1", func(header []string, rows [][]string) {
			fill(header, rows, "LS-M", "OLD", "onHand", "1")
		}},
	} {
		for _, purpose := range []string{"count", "set"} {
			server, u := openStore(t, "stocked.json")
			sheet := sheetOf(t, u, purpose, edit{"", func(header []string, rows [][]string) ([]string, [][]string) {
				test.do(header, rows)
				return header, rows
			}, func(text string) string { return text }})
			args := []string{"inventory", back(purpose), sheet}
			report := filepath.Join(t.TempDir(), "run.json")
			if purpose == "set" {
				args = append(args, "--report", report)
			}
			code, out, errOut := u.run(t, t.Context(), args...)
			if code != 2 || !strings.Contains(errOut, test.want) || len(server.received()) > 0 {
				t.Errorf("%s, %s: exit %d, want 2, %d writes\n%s%s", test.name, purpose, code, len(server.received()), out, errOut)
			}
			if text, err := os.ReadFile(report); purpose == "set" && !strings.Contains(strings.ReplaceAll(string(text), " ", ""), `"mode":"set"`) {
				t.Errorf("%s: the report does not say that the sheet sets stock: %s, %v", test.name, text, err)
			}
		}
	}
}

// A list in CSV also contains the quantity on hand at that time, so that unchanged rows do
// not undo later sales.
func TestAListComesBack(t *testing.T) {
	for _, mode := range [][]string{{"--mode", "set"}, nil} {
		server, u := openStore(t, "stocked.json")
		code, list, errOut := u.run(t, t.Context(), "inventory", "list", "--all", "-o", "csv")
		if code != 0 || !strings.HasSuffix(strings.SplitN(list, "\n", 2)[0], ",baselineQty") {
			t.Fatal(list, errOut)
		}
		if code, _, errOut := u.run(t, t.Context(), "inventory", "adjust", "KET-RED@HRB", "--qty=-3", "--action", "sold"); code != 0 {
			t.Fatal(errOut)
		}
		all, err := csv.NewReader(strings.NewReader(list)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		code, out, errOut := u.run(t, t.Context(), append([]string{"inventory", "import", u.file(t, "friday.csv", edited(t, all))}, mode...)...)
		if code != 0 || !strings.Contains(out, " 1 applied") {
			t.Errorf("exit %d, want 0\n%s%s\nwant %q in it", code, out, errOut, " 1 applied")
		}
		want := map[string]int64{"KET-RED@HRB": 9, "KET-RED@OLD": 4, "LS-S@HRB": 8, "LS-M@OLD": 3}
		if diff := cmp.Diff(want, server.shelves(t)); diff != "" {
			t.Error(diff)
		}
	}
}

// edited returns a list in which the quantity of one row was changed.
func edited(t *testing.T, all [][]string) string {
	t.Helper()
	sku, onHand := slices.Index(all[0], "skuId"), slices.Index(all[0], "onHandQty")
	for _, row := range all[1:] {
		if row[sku] == "sku_ls_s" {
			row[onHand] = "8"
		}
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(all); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// An export never overwrites a file, the sheet for reordering lists what is low, and text
// that a spreadsheet would run is made harmless.
func TestExport(t *testing.T) {
	_, u := newShop(t)
	file := u.file(t, "there.csv", "mine")
	if code, _, errOut := u.run(t, t.Context(), "inventory", "export", file); code != 2 || !strings.Contains(errOut, "already exists and is not overwritten") {
		t.Errorf("exit %d, want 2: %s\nwant %q in it", code, errOut, "already exists and is not overwritten")
	}
	for _, args := range [][]string{{"x.xlsx"}, {"x.txt"}, {"x.csv", "--for", "sale"}, {"x.csv", "--delimiter", "ab"}} {
		if code, _, errOut := u.run(t, t.Context(), append([]string{"inventory", "export"}, args...)...); code != 2 {
			t.Errorf("%v: exit %d, want 2: %s", args, code, errOut)
		}
	}
	create := "inventory create --product prod_mug --warehouse LGS-01 --initial-qty 2 --reorder-level 5 --reorder-qty 24 --location =1+1"
	if code, _, errOut := u.run(t, t.Context(), strings.Fields(create)...); code != 0 {
		t.Fatal(errOut)
	}
	code, out, errOut := u.run(t, t.Context(), "inventory", "export", "-", "--for", "reorder", "--warehouse", "LGS-01", "--delimiter", ";")
	if code != 0 || !strings.HasPrefix(out, "inventoryId;sku;productName;warehouseId;location;onHand;available;reorderLevel;reorderQty;orderQty\n") {
		t.Errorf("exit %d, want 0\n%s%s", code, out, errOut)
	}
	if !strings.Contains(out, ";LGS-01;'=1+1;2;2;5;24;\n") {
		t.Error(out)
	}
}
