package output_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// usage checks the message, hint and kind of a usage error.
func usage(t *testing.T, err error, sentence, hint string) {
	t.Helper()
	if err == nil || err.Error() != sentence || failure.HintOf(err) != hint || failure.KindOf(err) != failure.Usage {
		t.Errorf("got %v (%s), hint %q\nwant %s, hint %q", err, failure.KindOf(err), failure.HintOf(err), sentence, hint)
	}
}

func TestUnknownFormat(t *testing.T) {
	const hint = "the formats are table, wide, json, jsonl, yaml, csv, id"
	_, err := output.New(output.Options{Format: "jsn"})
	usage(t, err, `unknown output format "jsn": did you mean json?`, hint)
	_, err = output.New(output.Options{Format: "spreadsheet"})
	usage(t, err, `unknown output format "spreadsheet"`, hint)
}

func TestUnknownColumn(t *testing.T) {
	const hint = "the columns are id, name, bin, onHandQty, reorderLevel, active, attributes, updatedAt"
	p, out := printer(t, output.Options{Columns: []string{"id", "onhand"}})
	sentence := `unknown column "onhand": did you mean onHandQty?`
	usage(t, output.Check(p, view()), sentence, hint)
	usage(t, output.List(p, view(), output.Items(stock())), sentence, hint)
	usage(t, output.One(p, view(), stock()[0]), sentence, hint)
	if out.Len() > 0 {
		t.Errorf("printed %q", out)
	}
	p, _ = printer(t, output.Options{Columns: []string{"price\x1b"}})
	usage(t, output.Check(p, view()), `unknown column "price\x1b"`, hint)
}

func TestNoIDs(t *testing.T) {
	bare := view()
	bare.ID = nil
	p, _ := printer(t, output.Options{Format: "id"})
	sentence := "the output format id does not work with this command: its results have no ids"
	usage(t, output.Check(p, bare), sentence, "")
	usage(t, output.List(p, bare, output.Items(stock())), sentence, "")
	usage(t, output.One(p, bare, stock()[0]), sentence, "")
}

func TestColumns(t *testing.T) {
	columns := []string{" ONHANDQTY", "id", "attributes", "id"}
	for format, want := range map[string]string{
		"table": "onHandQty\tid\tattributes\n3\tinv_2\t{\"Color\":\"Red\",\"Storage\":\"256GB\"}\n",
		"csv":   "onHandQty,id,attributes\n3,inv_2,\"{\"\"Color\"\":\"\"Red\"\",\"\"Storage\"\":\"\"256GB\"\"}\"\n",
		"jsonl": `{"onHandQty":3,"id":"inv_2","attributes":{"Color":"Red","Storage":"256GB"}}` + "\n",
		"yaml":  "onHandQty: 3\nid: inv_2\nattributes:\n  Color: Red\n  Storage: \"256GB\"\n",
		"id":    "inv_2\n",
	} {
		p, out := printer(t, output.Options{Format: format, Columns: columns})
		if err := output.One(p, view(), stock()[1]); err != nil || out.String() != want {
			t.Errorf("%s: got %q, %v, want %q", format, out.String(), err, want)
		}
	}
	p, out := printer(t, output.Options{Columns: columns, Terminal: true})
	want := "ON HAND     ! 3\nID          inv_2\nATTRIBUTES  {\"Color\":\"Red\",\"Storage\":\"256GB\"}\n"
	if err := output.One(p, view(), stock()[1]); err != nil || out.String() != want {
		t.Errorf("got %q, %v, want %q", out.String(), err, want)
	}
}

// `--columns=` means the default columns, not a table without columns.
func TestNoColumns(t *testing.T) {
	p, out := printer(t, output.Options{Format: "id", Columns: []string{}})
	q, json := printer(t, output.Options{Format: "jsonl", Columns: []string{}, JQ: ".id"})
	for _, p := range []*output.Printer{p, q} {
		if err := output.List(p, view(), output.Items(stock()[:1])); err != nil {
			t.Fatal(err)
		}
	}
	if out.String() != "inv_1\n" || json.String() != "inv_1\n" {
		t.Errorf("got %q and %q", out, json)
	}
}

func TestStructured(t *testing.T) {
	for format, want := range map[string]bool{"": false, "table": false, "wide": false, "csv": false, "id": false, "json": true, "jsonl": true, "yaml": true} {
		if p, _ := printer(t, output.Options{Format: format}); p.Structured() != want {
			t.Errorf("%q: Structured is %v", format, !want)
		}
	}
	if p, _ := printer(t, output.Options{JQ: "."}); !p.Structured() {
		t.Error("jq is structured")
	}
}
