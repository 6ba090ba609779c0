package output_test

import (
	"bytes"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"github.com/bayworks/stockctl/internal/output"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain fixes the settings of the machine that affect tables: the time zone, and
// the width of ambiguous characters in the locale.
func TestMain(m *testing.M) {
	flag.Parse()
	time.Local = time.FixedZone("WAT", 60*60)
	runewidth.DefaultCondition.EastAsianWidth = false
	os.Exit(m.Run())
}

// item has a field of every type that a column can show.
type item struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Bin       *string           `json:"bin"`
	OnHand    int64             `json:"onHandQty"`
	Reorder   *int64            `json:"reorderLevel,omitempty"`
	Active    bool              `json:"active"`
	Attrs     map[string]string `json:"attributes,omitempty"`
	UpdatedAt time.Time         `json:"updatedAt"`
}

func view() output.View[item] {
	type column = output.Column[item]
	return output.View[item]{
		ID: func(i item) string { return i.ID },
		Columns: []column{
			{Name: "id", Title: "ID", Keep: true, Value: func(i item) any { return i.ID }},
			{Name: "name", Title: "NAME", Value: func(i item) any { return i.Name }},
			{Name: "bin", Title: "BIN", Value: func(i item) any { return i.Bin }},
			{Name: "onHandQty", Title: "ON HAND", Keep: true, Mark: mark, Value: func(i item) any { return i.OnHand }},
			{Name: "reorderLevel", Title: "REORDER AT", Wide: true, Value: func(i item) any { return i.Reorder }},
			{Name: "active", Title: "ACTIVE", Wide: true, Value: func(i item) any { return i.Active }},
			{Name: "attributes", Title: "ATTRIBUTES", Wide: true, Value: func(i item) any { return i.Attrs }},
			{Name: "updatedAt", Title: "UPDATED", Value: func(i item) any { return i.UpdatedAt }},
		},
	}
}

func mark(i item) output.Mark {
	switch {
	case i.Reorder == nil:
		return output.MarkNone
	case i.OnHand <= *i.Reorder:
		return output.MarkLow
	}
	return output.MarkOK
}

func stock() []item {
	at := time.Date(2026, 4, 2, 21, 28, 29, 49e6, time.UTC)
	return []item{
		{ID: "inv_1", Name: "Lagos Main Warehouse, the one by the harbour", Bin: new("B-02-1"), OnHand: 1200, Reorder: new(int64(50)), Active: true, UpdatedAt: at},
		{ID: "inv_2", Name: "倉庫 Tōkyō 東京本店", Bin: new("棚三"), OnHand: 3, Reorder: new(int64(5)), Active: true, Attrs: map[string]string{"Storage": "256GB", "Color": "Red"}, UpdatedAt: at},
		{ID: "inv_3", Name: "Cafe\u0301 👩‍🔧🇳🇬", OnHand: -7},
		{ID: "inv_4", Name: "=1+1 \"quoted\", <b>", Bin: new("a\tb\nc"), OnHand: 9007199254740993, UpdatedAt: at},
		{ID: "inv_5", Name: "\x1b[31mred\x1b]0;title\x07 \r\u202eevil\u200b\u0085", Bin: new("1e3"), UpdatedAt: at},
	}
}

// printer returns a printer and the buffer that it writes to.
func printer(t testing.TB, o output.Options) (*output.Printer, *bytes.Buffer) {
	t.Helper()
	out := &bytes.Buffer{}
	o.Out = out
	p, err := output.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p, out
}

// broken returns a list that fails after some items.
func broken(items []item, err error) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		for _, i := range items {
			if !yield(i, nil) {
				return
			}
		}
		yield(item{}, err)
	}
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}
