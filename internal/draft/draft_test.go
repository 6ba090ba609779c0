package draft_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/stock"
)

func qty(n int64) *int64 { return &n }

func messages(d *draft.Create) []string {
	var out []string
	for _, p := range d.Problems() {
		out = append(out, p.String())
	}
	return out
}

func fromYAML(t *testing.T, text string) *draft.Create {
	t.Helper()
	docs, err := intake.ReadDocuments("f.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return draft.FromValue(docs.Records[0])
}

func TestFlagsAndFilesMakeTheSameRequest(t *testing.T) {
	want := api.CreateRecord{
		ProductID: "p", SKUID: "s", WarehouseID: "Lagos Main", InitialQty: qty(0), Location: "A-1",
		ReorderLevel: qty(0), VariantAttributes: map[string]string{"Color": "Red", "Storage": "256GB"},
	}
	file := fromYAML(t, "productId: p\nskuId: s\nwarehouseId: Lagos Main\ninitialQty: 0\nlocation: A-1\nreorderLevel: 0\nreorderQty: null\nvariantAttributes: {Color: Red, Storage: 256GB}\n")
	flags := &draft.Create{}
	for field, text := range map[string]string{
		stock.ProductID: "p", stock.SKUID: "s", stock.WarehouseID: "Lagos Main", stock.InitialQty: "0",
		stock.Location: "A-1", stock.ReorderLevel: "0", stock.ReorderQty: "",
	} {
		flags.Set(field, text, "--x")
	}
	flags.AddAttribute("Color=Red", "--attribute")
	flags.AddAttribute("Storage=256GB", "--attribute")
	for name, d := range map[string]*draft.Create{"file": file, "flags": flags} {
		if diff := cmp.Diff(want, d.Request); diff != "" {
			t.Errorf("%s: the requests differ (-want +got)\n%s", name, diff)
		}
		if p := messages(d); p != nil {
			t.Errorf("%s: got the mistakes %q, want none", name, p)
		}
	}
}

func TestProblems(t *testing.T) {
	for name, test := range map[string]struct {
		file string
		want []string
	}{
		"missing":          {"location: A\n", []string{"f.yaml:1:1 productId: is required", "f.yaml:1:1 warehouseId: is required", "f.yaml:1:1 initialQty: is required"}},
		"quoted number":    {"productId: p\nwarehouseId: w\ninitialQty: \"50\"\n", []string{`f.yaml:3:13 initialQty "50": must be a whole number, not text: remove the quotes`}},
		"text":             {"productId: p\nwarehouseId: w\ninitialQty: ten\n", []string{`f.yaml:3:13 initialQty "ten": must be a whole number, not text`}},
		"unquoted id":      {"productId: 00123\nwarehouseId: w\ninitialQty: 1\n", []string{`f.yaml:1:12 productId "00123": must be text: write it in quotes, "00123"`}},
		"list for text":    {"productId: [p]\nwarehouseId: w\ninitialQty: 1\n", []string{`f.yaml:1:12 productId: must be text, not a list`}},
		"decimal":          {"productId: p\nwarehouseId: w\ninitialQty: 1.5\n", []string{`f.yaml:3:13 initialQty "1.5": must be a whole number, not 1.5`}},
		"negative":         {"productId: p\nwarehouseId: w\ninitialQty: -1\n", []string{`f.yaml:3:13 initialQty "-1": must be 0 or more`}},
		"unknown":          {"productId: p\nwarehouseId: w\ninitialQty: 1\nwarehouse: x\n", []string{"f.yaml:4:1 warehouse: is not a field of an inventory record: did you mean warehouseId?"}},
		"attributes":       {"productId: p\nwarehouseId: w\ninitialQty: 1\nvariantAttributes: Red\n", []string{`f.yaml:4:20 variantAttributes "Red": must be a mapping such as {Color: Red}, not text`}},
		"attribute number": {"productId: p\nwarehouseId: w\ninitialQty: 1\nvariantAttributes: {Size: 42}\n", []string{`f.yaml:4:27 variantAttributes.Size "42": must be text: write it in quotes, "42"`}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := messages(fromYAML(t, test.file)); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestFlagsOverTheFile(t *testing.T) {
	d := fromYAML(t, "productId: p\nwarehouseId: w\ninitialQty: ten\nvariantAttributes: {Color: Red}\n")
	d.Set(stock.InitialQty, "7", "--initial-qty")
	d.SetAttributes(nil, "--attribute")
	d.AddAttribute("Color=Blue", "--attribute")
	if p := messages(d); p != nil {
		t.Errorf("the flag must fix the file's mistake, but: %q", p)
	}
	if *d.Request.InitialQty != 7 || d.Request.VariantAttributes["Color"] != "Blue" {
		t.Errorf("got %+v, want 7 and the colour Blue", d.Request)
	}
	d.AddAttribute("Color=Green", "--attribute")
	d.AddAttribute("Size", "--attribute")
	if got := messages(d); len(got) != 1 || got[0] != `--attribute variantAttributes "Size": must be Key=Value` {
		t.Errorf("got %q", got)
	}
}

func TestAttributeTexts(t *testing.T) {
	want := map[string]string{"Color": "Red", "Storage": "256GB"}
	for text, ok := range map[string]bool{
		`{"Color":"Red","Storage":"256GB"}`: true,
		"Color=Red;Storage=256GB":           true,
		" Color = Red ; Storage = 256GB ":   true,
		`{"Color":5}`:                       false,
		"Color":                             false,
	} {
		d := &draft.Create{}
		d.Set(stock.VariantAttributes, text, "f.csv:2:8")
		if ok && !cmp.Equal(d.Request.VariantAttributes, want) {
			t.Errorf("%s: got %v, want %v", text, d.Request.VariantAttributes, want)
		}
		if bad := slices.ContainsFunc(messages(d), func(s string) bool { return strings.HasPrefix(s, "f.csv:2:8 variantAttributes") }); bad == ok {
			t.Errorf("%s: got the mistakes %q, want one about the attributes: %t", text, messages(d), !ok)
		}
	}
}

// In files, flags and cells, 0 is a value, while blank and null are not.
func TestZeroIsAValueAndBlankIsNot(t *testing.T) {
	for name, c := range map[string]struct {
		level, quantity string // as YAML; "" leaves the line out
		want            [2]*int64
	}{
		"zeros":    {"0", "0", [2]*int64{qty(0), qty(0)}},
		"figures":  {"10", "20", [2]*int64{qty(10), qty(20)}},
		"a level":  {"0", "", [2]*int64{qty(0), nil}},
		"quantity": {"", "0", [2]*int64{nil, qty(0)}},
		"nulls":    {"null", "~", [2]*int64{nil, nil}},
		"neither":  {"", "", [2]*int64{nil, nil}},
	} {
		text := "productId: p\nwarehouseId: w\ninitialQty: 0\n"
		flags := &draft.Create{}
		for field, value := range map[string]string{stock.ProductID: "p", stock.WarehouseID: "w", stock.InitialQty: "0"} {
			flags.Set(field, value, "--x")
		}
		for field, value := range map[string]string{stock.ReorderLevel: c.level, stock.ReorderQty: c.quantity} {
			if value == "" {
				continue
			}
			text += field + ": " + value + "\n"
			flags.Set(field, strings.Trim(strings.TrimPrefix(value, "null"), "~"), "--x")
		}
		for from, d := range map[string]*draft.Create{"file": fromYAML(t, text), "flags": flags} {
			if p := messages(d); p != nil {
				t.Errorf("%s, %s: %q", name, from, p)
			}
			if diff := cmp.Diff(c.want, [2]*int64{d.Request.ReorderLevel, d.Request.ReorderQty}); diff != "" {
				t.Errorf("%s, %s: %s", name, from, diff)
			}
			if d.Request.InitialQty == nil || *d.Request.InitialQty != 0 {
				t.Errorf("%s, %s: initialQty is %v", name, from, d.Request.InitialQty)
			}
		}
	}
}
