package inventory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bayworks/stockctl/cmd/inventory/inventorytest"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

func TestCreateFlags(t *testing.T) {
	for line, want := range map[string]createOptions{
		"": {ifExists: settle.Fail},
		"--product p --sku s --warehouse w --initial-qty 0 --location A-1 --reorder-level= --reorder-qty=-3": {
			ifExists: settle.Fail,
			fields: []givenField{
				{"productId", "--product", "p"},
				{"skuId", "--sku", "s"},
				{"warehouseId", "--warehouse", "w"},
				{"initialQty", "--initial-qty", "0"},
				{"location", "--location", "A-1"},
				{"reorderLevel", "--reorder-level", ""},
				{"reorderQty", "--reorder-qty", "-3"},
			},
		},
		"--attribute Color=Red --attribute Size=4,5": {ifExists: settle.Fail, fields: []givenField{
			{"variantAttributes", "--attribute", "Color=Red"}, {"variantAttributes", "--attribute", "Size=4,5"},
		}},
		"-f - --dry-run --if-exists set": {file: "-", dryRun: true, ifExists: settle.Set, policyGiven: true},
	} {
		got, err := inventorytest.Parse(t, newCreateCmd, strings.Fields(line)...)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if diff := cmp.Diff(want, *got, cmp.AllowUnexported(createOptions{}, givenField{}), cmpopts.IgnoreFields(createOptions{}, "table")); diff != "" {
			t.Errorf("%s: the options differ (-want +got)\n%s", line, diff)
		}
	}
	for line, want := range map[string]settle.Policy{"-f a.csv": settle.Same, "-f a.csv --if-exists fail": settle.Fail} {
		got, err := inventorytest.Parse(t, newCreateCmd, strings.Fields(line)...)
		if err != nil || got.table.reading.IfExists != want || got.table.reading.File != "a.csv" {
			t.Errorf("%s: got %+v, %v", line, got, err)
		}
	}
	if _, err := inventorytest.Parse(t, newCreateCmd, "--if-exists", "never"); failure.KindOf(err) != failure.Usage {
		t.Errorf("got %v, want the kind %s", err, failure.Usage)
	}
	if _, err := inventorytest.Parse(t, newCreateCmd, "word"); err == nil {
		t.Error("an invalid word was accepted")
	}
}

func TestListFlags(t *testing.T) {
	got, err := inventorytest.Parse(t, newListCmd, "--warehouse", "w", "--product", "p/s", "--limit", "3")
	if want := (listOptions{warehouse: "w", product: "p/s", limit: 3}); err != nil || *got != want {
		t.Errorf("got %+v and the error %v, want %+v", got, err, want)
	}
	got, err = inventorytest.Parse(t, newListCmd, "--all")
	if want := (listOptions{limit: defaultLimit, all: true}); err != nil || *got != want {
		t.Errorf("got %+v and the error %v, want %+v", got, err, want)
	}
	for _, line := range []string{"--limit 0", "--limit -1", "--limit 3 --all", "word"} {
		if _, err := inventorytest.Parse(t, newListCmd, strings.Fields(line)...); err == nil {
			t.Errorf("%s was accepted", line)
		}
	}
}

func TestGetFlags(t *testing.T) {
	got, err := inventorytest.Parse(t, newGetCmd, "p/s@w")
	if want := (getOptions{record: "p/s@w"}); err != nil || *got != want {
		t.Errorf("got %+v and the error %v, want %+v", got, err, want)
	}
	for _, line := range []string{"", "a b", "@w"} {
		if _, err := inventorytest.Parse(t, newGetCmd, strings.Fields(line)...); err == nil {
			t.Errorf("%q was accepted", line)
		}
	}
}
