package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

func TestParseQuantity(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "+5": 5, "007": 7, "-3": -3, "2147483647": 2147483647, "-2147483648": -2147483648,
	} {
		got, err := api.ParseQuantity(text)
		if err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"":                     "is blank: write 0 for none",
		" \t":                  "is blank: write 0 for none",
		"1.5":                  "must be a whole number, not 1.5",
		"50.0":                 "must be a whole number, not 50.0",
		"1,000":                "1,000: leave out the thousands separator",
		"-12 345 678":          "-12 345 678: leave out the thousands separator",
		"1\u202f000":           "1\u202f000: leave out the thousands separator",
		"1e3":                  "1e3: write the number in full, because a spreadsheet may have shortened it",
		"9.78E+12":             "9.78E+12: write the number in full, because a spreadsheet may have shortened it",
		" 5":                   "has spaces around it",
		"0x10":                 "must be a whole number, not 0x10",
		"--1":                  "must be a whole number, not --1",
		"٣":                    "must be a whole number, not ٣",
		"five":                 "must be a whole number, not five",
		"2147483648":           "must be between -2147483648 and 2147483647, not 2147483648",
		"99999999999999999999": "must be between -2147483648 and 2147483647, not 99999999999999999999",
	} {
		got, err := api.ParseQuantity(text)
		if err == nil || err.Error() != want || got != 0 {
			t.Errorf("%q: %d, %v\nwant %s", text, got, err, want)
		}
	}
}

func TestCheckID(t *testing.T) {
	for value, want := range map[string]string{
		"prod_abc123":            "",
		"00042":                  "",
		"sku/red+256":            "",
		"1E5":                    "",
		"":                       "is required",
		"  ":                     "is required",
		" a":                     "has spaces around it",
		"a\u00a0":                "has spaces around it",
		"a b":                    "contains a space",
		"a\x00b":                 "contains a control character",
		"a\u200bb":               "contains an invisible character (U+200B)",
		"\ufeffprod":             "contains an invisible character (U+FEFF)",
		"a\xff":                  "is not valid UTF-8 text",
		".":                      "is not an id",
		"..":                     "is not an id",
		"9.78014E+12":            "is a long number that a spreadsheet shortened: format the column as text and export it again",
		"9,78014e+12":            "is a long number that a spreadsheet shortened: format the column as text and export it again",
		strings.Repeat("x", 255): "",
		strings.Repeat("é", 128): "is longer than 255 bytes",
	} {
		p := api.CheckID("productId", value)
		got := ""
		if p != nil {
			got = p.What
			same(t, "place", *p, failure.Problem{Field: "productId", Value: value, What: got})
		}
		same(t, value, got, want)
	}
}

func TestCreateRecordReportsAllMistakes(t *testing.T) {
	r := api.CreateRecord{
		SKUID: "..", WarehouseID: "Lagos Main", Location: "B\x1b[2J", ReorderLevel: ptr(int64(-1)), ReorderQty: ptr(int64(1 << 31)),
		VariantAttributes: map[string]string{"": "x", "Color": " ", "Size": "L\n"},
	}
	list := &failure.Problems{Source: "the flags", List: r.Validate()}
	want := `10 mistakes in the flags
  productId: is required
  skuId "..": is not an id
  warehouseId "Lagos Main": contains a space
  initialQty: is required
  location "B\x1b[2J": contains a control character
  reorderLevel "-1": must be 0 or more
  reorderQty "2147483648": must be at most 2147483647
  variantAttributes: has an attribute without a name
  variantAttributes.Color " ": has no value
  variantAttributes.Size "L\n": contains a control character`
	same(t, "mistakes", list.Error(), want)

	ok := aRecord()
	ok.InitialQty, ok.Location = ptr(int64(0)), strings.Repeat("é", 255)
	if found := ok.Validate(); found != nil {
		t.Errorf("0 is not accepted as a quantity: %v", found)
	}
	ok.InitialQty, ok.Location = ptr(int64(-5)), ok.Location+"é"
	same(t, "mistakes", len(ok.Validate()), 2)
	same(t, "first", ok.Validate()[0].String(), `initialQty "-5": must be 0 or more`)
}

func TestCreateRecordAsJSON(t *testing.T) {
	full := api.CreateRecord{
		ProductID: "p", SKUID: "s", WarehouseID: "w", InitialQty: ptr(int64(0)), Location: "B-02-1",
		ReorderLevel: ptr(int64(0)), ReorderQty: ptr(int64(20)), VariantAttributes: map[string]string{"Color": "Red"},
	}
	for want, r := range map[string]api.CreateRecord{
		`{"productId":"p","skuId":"s","warehouseId":"w","initialQty":0,"location":"B-02-1","reorderLevel":0,"reorderQty":20,"variantAttributes":{"Color":"Red"}}`: full,
		`{"productId":"p","warehouseId":"w","initialQty":0,"reorderQty":0}`: {
			ProductID: "p", WarehouseID: "w", InitialQty: ptr(int64(0)), ReorderQty: ptr(int64(0)),
		},
		`{"productId":"p","warehouseId":"w","initialQty":0}`: {ProductID: "p", WarehouseID: "w", InitialQty: ptr(int64(0))},
	} {
		got, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "body", string(got), want)
	}
}

func TestChangesAreChecked(t *testing.T) {
	long := strings.Repeat("x", 256)
	for want, found := range map[string][]failure.Problem{
		"": append(api.Adjustment{Qty: -3, Action: "DAMAGED", Notes: "a\nb"}.Validate(), api.Reservation{Qty: 1}.Validate()...),
		`qty "0": must not be 0
action: is required`: api.Adjustment{}.Validate(),
		`qty "2147483648": must be between -2147483648 and 2147483647
action "RESERVED": is not an adjustment: use reserve`: api.Adjustment{Qty: 1 << 31, Action: "RESERVED"}.Validate(),
		`action "RELEASED": is not an adjustment: use release
notes "a\x1b": contains a control character`: api.Adjustment{Qty: 1, Action: "RELEASED", Notes: "a\x1b"}.Validate(),
		`action "sold": must be RECEIVED, SOLD, ADJUSTED, DAMAGED, RETURNED, TRANSFERRED_IN or TRANSFERRED_OUT
reference "a\nb": contains a control character`: api.Adjustment{Qty: 1, Action: "sold", Reference: "a\nb"}.Validate(),
		`qty "0": must be 1 or more
reference "` + long[:79] + `…": is longer than 255 characters`: api.Reservation{Reference: long}.Validate(),
		`qty "2147483648": must be at most 2147483647`: api.Reservation{Qty: 1 << 31}.Validate(),
		`name: is required
code "123456789012345678901": is longer than 20 characters
address "abc": must have at least 5 characters
type "MINE": must be OWNED, SUPPLIER, CONSIGNMENT or THIRD_PARTY_LOGISTICS`: api.CreateWarehouse{Code: "123456789012345678901", Address: "abc", Type: "MINE"}.Validate(),
		"no change is given":                        api.UpdateWarehouse{}.Validate(),
		`name " ": is required`:                     api.UpdateWarehouse{Name: ptr(" "), Code: ptr("LGS-01"), Address: ptr("1 Road")}.Validate(),
		`code "a\tb": contains a control character`: api.UpdateWarehouse{Code: ptr("a\tb")}.Validate(),
		`address: must have at least 5 characters`:  api.UpdateWarehouse{Address: ptr("")}.Validate(),
	} {
		var lines []string
		for _, p := range found {
			lines = append(lines, p.String())
		}
		same(t, "mistakes", strings.Join(lines, "\n"), want)
	}
}
