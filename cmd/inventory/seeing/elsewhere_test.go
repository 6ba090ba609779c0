package seeing

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/app"
)

// What another warehouse can spare is written as a file of transfers, and the
// order is what is still missing.
func TestElsewhere(t *testing.T) {
	inUTC(t)
	s := storeWithSpare(t)
	a, stdout, stderr := s.app(t, app.OutputFlags{Columns: []string{"id", "order", "elsewhere"}}, "csv")
	file := filepath.Join(t.TempDir(), "moves.csv")
	opts := &lowStockOptions{app: a, coverDays: 14, windowDays: 28, elsewhere: file}
	if err := runLowStock(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if want := "sku,from,to,qty\n\"TOTE \"\"L\"\"\",W-2,W-1,3\nTOTE,W-2,W-1,12\n"; err != nil || string(text) != want {
		t.Errorf("got %s and the error %v, want %q", text, err, want)
	}
	if want := "id,order,elsewhere\ninv_a,0,12\ninv_d,11,3\n"; stdout.String() != want {
		t.Errorf("got %s, want %q", stdout, want)
	}
	if !strings.Contains(stderr.String(), "2 moves of 15 units written to "+file) {
		t.Error(stderr)
	}
	err = runLowStock(t.Context(), opts)
	if want := "--elsewhere " + file + " already exists and is not overwritten"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// Where a code does not name one item alone, or is not known, the item is named by
// its ids.
func TestElsewhereWithoutCodes(t *testing.T) {
	inUTC(t)
	for name, test := range map[string]struct {
		spoil func(*madeStore)
		want  string
	}{
		"two items with one code": {
			func(s *madeStore) { s.names["prod_z"], s.codes[[2]string{"prod_z"}] = "Another", "TOTE" },
			"sku,from,to,qty,productId,skuId\n\"TOTE \"\"L\"\"\",W-2,W-1,3,,\n,W-2,W-1,12,prod_tote,\n",
		},
		"no list of products": {
			func(s *madeStore) { s.forbidden = true },
			"sku,from,to,qty,productId,skuId\n,W-2,W-1,3,prod_tote,sku_1\n,W-2,W-1,12,prod_tote,\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := storeWithSpare(t)
			test.spoil(s)
			s.open(t)
			a, _, stderr := s.app(t, app.OutputFlags{}, "json")
			file := filepath.Join(t.TempDir(), "moves.csv")
			if err := runLowStock(t.Context(), &lowStockOptions{app: a, coverDays: 14, windowDays: 28, elsewhere: file}); err != nil {
				t.Fatal(err)
			}
			if text, err := os.ReadFile(file); err != nil || string(text) != test.want {
				t.Errorf("got %s and the error %v, want %v", text, err, test.want)
			}
			if warned := strings.Contains(stderr.String(), "products are shown by their ids: reading the product list: permission denied"); warned != s.forbidden {
				t.Error(stderr)
			}
		})
	}
}

// storeWithSpare lacks stock in one warehouse that another can spare.
func storeWithSpare(t *testing.T) *madeStore {
	s := &madeStore{
		names: map[string]string{"prod_tote": "Tote"},
		codes: map[[2]string]string{{"prod_tote"}: "TOTE", {"prod_tote", "sku_1"}: `TOTE "L"`},
	}
	for _, r := range []struct {
		id, sku, warehouse string
		onHand, sold       int64
	}{
		{"inv_a", "", "wh_1", 2, 28},
		{"inv_b", "", "wh_2", 30, 28},
		{"inv_c", "", "wh_3", 9, 0},
		{"inv_d", "sku_1", "wh_1", 0, 28},
		{"inv_e", "sku_1", "wh_2", 3, 0},
	} {
		s.things = append(s.things, &thing{id: r.id, product: "prod_tote", sku: r.sku, warehouse: r.warehouse, onHand: r.onHand, created: today().AddDate(0, 0, -90)})
		s.events = append(s.events, event{id: "log_" + r.id, record: r.id, product: "prod_tote", action: "RECEIVED", qty: r.onHand + r.sold, at: today().AddDate(0, 0, -90)})
		if r.sold > 0 {
			s.events = append(s.events, event{id: "sold_" + r.id, record: r.id, product: "prod_tote", action: "SOLD", qty: -r.sold, at: today().AddDate(0, 0, -1)})
		}
	}
	s.open(t)
	return s
}
