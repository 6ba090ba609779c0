package seeing

import (
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/app"
)

// A supplier's list has names and codes, grouped by product; they cost no request
// where they are known already, and ids do where products may not be read.
func TestNamesOnTheListForASupplier(t *testing.T) {
	inUTC(t)
	s := makeStore(t, 5, 150, 3000)
	s.name()
	s.open(t)
	dir := t.TempDir()
	list := func() [][]string {
		t.Helper()
		a, stdout, _ := s.appIn(t, dir, app.OutputFlags{Columns: []string{"id", "productName", "skuCode", "warehouseCode"}}, "csv")
		s.lists.Store(0)
		if err := runLowStock(t.Context(), &lowStockOptions{app: a, coverDays: 14, windowDays: 28}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(stdout).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	rows := list()
	byID := map[string]*thing{}
	for _, r := range s.things {
		byID[r.id] = r
	}
	var products []string
	for _, row := range rows {
		if got, want := strings.Join(row[1:], " "), s.called(byID[row[0]]); got != want {
			t.Errorf("%s is called %s, want %s", row[0], got, want)
		}
		products = append(products, row[1])
	}
	if len(rows) < 20 || !slices.IsSorted(products) || s.lists.Load() == 0 {
		t.Errorf("%d rows, of %v; %d pages of products", len(rows), products, s.lists.Load())
	}
	if again := list(); len(again) != len(rows) || s.lists.Load() != 0 {
		t.Errorf("%d rows and %d pages of products the second time, want %d and none", len(again), s.lists.Load(), len(rows))
	}
	dir, s.forbidden = t.TempDir(), true
	for _, row := range list() {
		if row[1] != "" || row[2] != "" || !strings.HasPrefix(row[3], "W-") {
			t.Errorf("without products: %v", row)
		}
	}
}

// A table for people has names in place of ids, one in a pipe needs none.
func TestNamesInATable(t *testing.T) {
	inUTC(t)
	s := makeStore(t, 5, 300, 3000)
	s.name()
	s.open(t)
	for _, terminal := range []bool{true, false} {
		a, stdout, stderr := s.app(t, app.OutputFlags{}, "table")
		a.IO.OutTTY = terminal
		s.lists.Store(0)
		if err := runLowStock(t.Context(), &lowStockOptions{app: a, coverDays: 14, windowDays: 28}); err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(stdout.String(), "\n")
		named := strings.Contains(stdout.String(), "Thing 000") && strings.Contains(stdout.String(), "C-PROD_000") && strings.Contains(stdout.String(), "W-1")
		footer := strings.Contains(stderr.String(), " records are low or out within 14 days")
		if want := "PRODUCT      SKU"; named != terminal || footer != terminal || (s.lists.Load() > 0) != terminal || strings.HasPrefix(head, want) != terminal {
			t.Errorf("terminal %v: %d pages of products\n%s%s", terminal, s.lists.Load(), stdout, stderr)
		}
	}
}

// The title of a history is what people call the record.
func TestNameOfAHistory(t *testing.T) {
	inUTC(t)
	s := makeStore(t, 6, 40, 1200)
	s.name()
	s.names["prod_00000"] = "Tea\x1b[31m"
	s.open(t)
	a, stdout, stderr := s.app(t, app.OutputFlags{}, "table")
	a.IO.OutTTY = true
	i := slices.IndexFunc(s.things, func(r *thing) bool { return r.product == "prod_00000" && r.sku != "" })
	if err := runHistory(t.Context(), &historyOptions{app: a, record: s.things[i].id, since: "90d", by: byDay}); err != nil {
		t.Fatal(err)
	}
	if want := `Tea\x1b[31m (C-PROD_00000SKU_00000) at W-1`; !strings.HasPrefix(stdout.String(), want+"\n") || strings.Contains(stderr.String(), "Tea") {
		t.Errorf("%s%s", stdout, stderr)
	}
}

// The page has names, from the copy when it has them.
func TestNamesInTheReport(t *testing.T) {
	inUTC(t)
	s := makeStore(t, 8, 60, 900)
	s.name()
	s.open(t)
	page, _ := s.pageOf(t, "30d")
	s.checkMovers(t, page)
	dir := t.TempDir()
	for _, pages := range []int64{2, 0} { // on sale and archived
		s.lists.Store(0)
		a, _, _ := s.appIn(t, dir, app.OutputFlags{}, "json")
		file := filepath.Join(t.TempDir(), "stock.html")
		if err := runReport(t.Context(), &reportOptions{app: a, file: file, since: "30d", coverDays: 14, windowDays: 28}); err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		if s.lists.Load() != pages {
			t.Errorf("%d pages of products, want %d", s.lists.Load(), pages)
		}
	}
}
