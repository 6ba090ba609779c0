package inventory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/cmd/inventory/inventorytest"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

func TestFormAsksForWhatIsMissing(t *testing.T) {
	for name, test := range map[string]struct {
		given   []givenField
		answers []string
		asked   []string
		record  string // as `inventory get` would find it: onHand location level
	}{
		"everything, a simple product": {
			answers: []string{
				"Product: prod_new", "SKU: ", "Warehouse: wh_def456", "Initial quantity: 1.5", "Initial quantity: 5", "Location: A-1",
				"Reorder level: -1", "Reorder level: 2", "Reorder quantity: ", "Create this record?: yes",
			},
			asked: []string{
				"Product", "SKU", "Warehouse", "Initial quantity", "✗ must be a whole number, not 1.5", "Location", "Reorder level",
				"✗ must be 0 or more", "Reorder quantity", "Create this record?",
			},
			record: "prod_new/@wh_def456 5 A-1 map[]",
		},
		"a product with variants": {
			answers: []string{
				"Product: prod_bundle_202", "Product: prod_phone_789", "SKU: sku_red_256gb", "Warehouse: wh_def456", "Initial quantity: 0",
				"Location: ", "Reorder level: ", "Reorder quantity: ", "Create this record?: yes",
			},
			asked:  []string{"Product", "Product", "SKU", "Warehouse", "Initial quantity", "Location", "Reorder level", "Reorder quantity", "Create this record?"},
			record: "prod_phone_789/sku_red_256gb@wh_def456 0  map[Color:Red Storage:256GB]",
		},
		"does not ask for what flags gave": {
			given: []givenField{
				{stock.ProductID, "--product", "prod_new"},
				{stock.SKUID, "--sku", "s"},
				{stock.Location, "--location", "Z"},
				{stock.InitialQty, "--initial-qty", "3"},
				{stock.ReorderLevel, "--reorder-level", "0"},
			},
			answers: []string{"Warehouse: wh_def456", "Reorder quantity: ", "Create this record?: yes"},
			asked:   []string{"Warehouse", "Reorder quantity", "Create this record?"},
			record:  "prod_new/s@wh_def456 3 Z map[]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := &inventorytest.Person{Answers: test.answers}
			a, _, stderr := inventorytest.App(t, p)
			if err := runCreate(t.Context(), &createOptions{app: a, fields: test.given, ifExists: settle.Fail}); err != nil {
				t.Fatalf("%v\n%s", err, stderr)
			}
			if diff := cmp.Diff(test.asked, p.Asked); diff != "" {
				t.Error(diff)
			}
			if got := inventorytest.Found(t, a, test.record); got != test.record {
				t.Errorf("created %s, want %s", got, test.record)
			}
		})
	}
}

func TestFormOffersWhatTheAPIHas(t *testing.T) {
	p := &inventorytest.Person{Answers: []string{"Product: prod_phone_789", "SKU: sku_red_256gb", "Warehouse: ^C"}}
	a, stdout, _ := inventorytest.App(t, p)
	err := runCreate(t.Context(), &createOptions{app: a, ifExists: settle.Fail})
	if failure.KindOf(err) != failure.Interrupted || stdout.Len() > 0 {
		t.Errorf("Ctrl-C ended with %v and %q on stdout", err, stdout)
	}
	want := map[string][]string{
		"Product": {
			"prod_phone_789", "Aurora Phone", "PHONE-RED-128", "PHONE-RED-256", "PHONE-BLUE-128", "PHONE-BLUE-256",
			"prod_abc123", "Canvas Tote Bag", "TOTE-CANVAS", "prod_mug", "Enamel Mug", "MUG-ENAMEL", "prod_ebook_101", "Stock Keeping for Beginners", "EBOOK-STOCK",
		},
		"SKU": {
			"PHONE-RED-128  sku_red_128gb  Color=Red, Storage=128GB", "PHONE-RED-256  sku_red_256gb  Color=Red, Storage=256GB",
			"PHONE-BLUE-128  sku_blue_128gb  Color=Blue, Storage=128GB", "PHONE-BLUE-256  sku_blue_256gb  Color=Blue, Storage=256GB",
		},
		"Warehouse": {"LGS-01  Lagos Main (default)", "ABJ-01  Abuja"},
	}
	if diff := cmp.Diff(want, p.Offered); diff != "" {
		t.Error(diff)
	}
	if got := inventorytest.Found(t, a, "prod_phone_789/"); got != "nothing" {
		t.Errorf("Ctrl-C left %s behind", got)
	}
}

// A no creates nothing; --yes skips the question; --dry-run only shows the record.
func TestFormConfirms(t *testing.T) {
	given := []givenField{
		{stock.ProductID, "--product", "prod_abc123"},
		{stock.WarehouseID, "--warehouse", "ABJ-01"},
		{stock.Location, "--location", "A"},
		{stock.ReorderLevel, "--reorder-level", "1"},
		{stock.ReorderQty, "--reorder-qty", "1"},
	}
	for name, test := range map[string]struct {
		answers []string
		yes     bool
		dryRun  bool
		kind    failure.Kind
		made    bool
	}{
		"no":      {answers: []string{"Initial quantity: 4", "Create this record?: no", "Change an answer, or quit: quit"}, kind: failure.Interrupted},
		"--yes":   {answers: []string{"Initial quantity: 4"}, yes: true, made: true},
		"dry run": {answers: []string{"Initial quantity: 4"}, dryRun: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := &inventorytest.Person{Answers: test.answers}
			a, _, stderr := inventorytest.App(t, p)
			a.Yes = test.yes
			err := runCreate(t.Context(), &createOptions{app: a, fields: given, ifExists: settle.Fail, dryRun: test.dryRun})
			if test.kind == "" && err != nil || test.kind != "" && failure.KindOf(err) != test.kind {
				t.Errorf("got %v, want %s", err, test.kind)
			}
			if made := inventorytest.Found(t, a, "prod_abc123/") != "nothing"; made != test.made {
				t.Errorf("created: %t, want %t", made, test.made)
			}
			if !strings.Contains(stderr.String(), "initial quantity  4") || !strings.Contains(stderr.String(), "warehouse         ABJ-01  Abuja") {
				t.Errorf("the preview is %s", stderr)
			}
		})
	}
}

// Mistakes are reported before any prompt.
func TestFormDoesNotAskOverMistakes(t *testing.T) {
	a, _, _ := inventorytest.App(t, &inventorytest.Person{})
	err := runCreate(t.Context(), &createOptions{app: a, fields: []givenField{{stock.InitialQty, "--initial-qty", "x"}}, ifExists: settle.Fail})
	if want := `--initial-qty "x": must be a whole number, not x`; failure.KindOf(err) != failure.Usage || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Shift-Tab, and a no at the end, keep every answer: only what the user changes is asked
// again.
func TestFormGoesBackAndEdits(t *testing.T) {
	p := &inventorytest.Person{Answers: []string{
		"Product: prod_new", "SKU: ", "Warehouse: wh_def456", "Initial quantity: 5", "Location: <",
		"Initial quantity: 6", "Location: A-1", "Reorder level: 2", "Reorder quantity: ",
		"Create this record?: no", "Change an answer, or quit: Location", "Location: B-2", "Create this record?: yes",
	}}
	a, _, stderr := inventorytest.App(t, p)
	if err := runCreate(t.Context(), &createOptions{app: a, ifExists: settle.Fail}); err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	if got, want := inventorytest.Found(t, a, "prod_new/"), "prod_new/@wh_def456 6 B-2 map[]"; got != want {
		t.Errorf("created %s, want %s", got, want)
	}
	offered := strings.Join(p.Offered["Change an answer, or quit"], "\n")
	if want := "Location           A-1"; !strings.Contains(offered, want) {
		t.Errorf("offered %s, want %s", offered, want)
	}
}

// A record that exists is reported right after the warehouse.
func TestFormRecordExists(t *testing.T) {
	title := "TOTE-CANVAS already has a record in LGS-01  Lagos Main (default), with 120 on hand"
	begin := []string{"Product: TOTE-CANVAS", "Warehouse: wh_abc123"}
	for name, test := range map[string]struct {
		answers []string
		said    string
		kind    failure.Kind
	}{
		"set it": {
			answers: []string{title + ": set", "Quantity on hand: 7", "Set the quantity on hand of this record?: yes"},
			said:    "on hand of TOTE-CANVAS at LGS-01 set to 7 by an adjustment of -113",
		},
		"choose another warehouse": {
			answers: []string{title + ": other", "Warehouse: wh_def456", "Initial quantity: 4", "Location: ", "Reorder level: ", "Reorder quantity: ", "Create this record?: yes"},
			said:    "created TOTE-CANVAS at ABJ-01, 4 on hand",
		},
		"leave": {answers: []string{title + ": leave"}, kind: failure.Interrupted},
	} {
		t.Run(name, func(t *testing.T) {
			p := &inventorytest.Person{Answers: append(begin[:2:2], test.answers...)}
			a, _, stderr := inventorytest.App(t, p)
			err := runCreate(t.Context(), &createOptions{app: a, ifExists: settle.Fail})
			if (err != nil || test.kind != "") && failure.KindOf(err) != test.kind {
				t.Errorf("got %v, want %q", err, test.kind)
			}
			if said := strings.Join(strings.Fields(stderr.String()), " "); !strings.Contains(said, test.said) { // lines are broken
				t.Errorf("said %s, want %s", stderr, test.said)
			}
		})
	}
}

// A quantity that the record does not have is refused right at its prompt.
func TestMoveRefusesAtTheQuantity(t *testing.T) {
	p := &inventorytest.Person{Answers: []string{"Quantity: 500", "Quantity: 5"}}
	a, _, stderr := inventorytest.App(t, p)
	if err := runMove(t.Context(), &moveOptions{app: a, movement: reserving(), record: "TOTE-CANVAS@LGS-01"}); err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	want := []string{"Quantity", "✗ cannot reserve 500 at TOTE-CANVAS@LGS-01: it has 120 on hand, 0 reserved and 120 available"}
	if diff := cmp.Diff(want, p.Asked); diff != "" {
		t.Error(diff)
	}
}
