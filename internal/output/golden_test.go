package output_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/mattn/go-runewidth"

	"github.com/bayworks/stockctl/internal/output"
)

func TestEveryFormat(t *testing.T) {
	for _, format := range output.Formats() {
		for _, to := range []struct {
			name string
			o    output.Options
		}{
			{"pipe", output.Options{Format: format}},
			{"terminal40", output.Options{Format: format, Terminal: true, Width: 40}},
			{"terminal80", output.Options{Format: format, Terminal: true, Width: 80}},
			{"terminal120", output.Options{Format: format, Terminal: true, Width: 120}},
		} {
			t.Run(format+"/"+to.name, func(t *testing.T) {
				p, out := printer(t, to.o)
				if err := output.List(p, view(), output.Items(stock())); err != nil {
					t.Fatal(err)
				}
				safe(t, to.o.Terminal, out.String())
				file := fmt.Sprintf("list_%s_%s", format, to.name)
				if format != "table" && format != "wide" { // the width does not matter: one file for both
					file = strings.TrimRight(file, "0123456789")
				}
				golden(t, file, out.String())
			})
		}
		for _, terminal := range []bool{false, true} {
			name := fmt.Sprintf("one_%s_%s", format, map[bool]string{false: "pipe", true: "terminal"}[terminal])
			t.Run(name, func(t *testing.T) {
				p, out := printer(t, output.Options{Format: format, Terminal: terminal, Width: 80})
				if err := output.One(p, view(), stock()[1]); err != nil {
					t.Fatal(err)
				}
				golden(t, name, out.String())
			})
		}
	}
}

// safe checks that the output contains no terminal control characters.
func safe(t *testing.T, terminal bool, s string) {
	t.Helper()
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || terminal && (r == '\u202e' || r == '\u200b') {
			t.Errorf("the output contains %U", r)
		}
	}
}

func TestColourAndSign(t *testing.T) {
	p, out := printer(t, output.Options{Terminal: true, Width: 80, Color: true, Columns: []string{"id", "onHandQty"}})
	if err := output.List(p, view(), output.Items(stock()[:3])); err != nil {
		t.Fatal(err)
	}
	want := "\x1b[2mID\x1b[0m     \x1b[2mON HAND\x1b[0m\n" +
		"inv_1     \x1b[32m1200\x1b[0m\n" +
		"inv_2      \x1b[31m! 3\x1b[0m\n" +
		"inv_3       -7\n"
	if out.String() != want {
		t.Errorf("got\n%q, want\n%q", out.String(), want)
	}
}

func TestNoHeader(t *testing.T) {
	for format, want := range map[string]string{
		"table": "inv_1\t1200\n",
		"csv":   "inv_1,1200\n",
	} {
		p, out := printer(t, output.Options{Format: format, NoHeader: true, Columns: []string{"id", "onHandQty"}})
		if err := output.One(p, view(), stock()[0]); err != nil || out.String() != want {
			t.Errorf("%s: got %q, %v, want %q", format, out.String(), err, want)
		}
	}
	p, out := printer(t, output.Options{NoHeader: true, Terminal: true, Width: 80, Columns: []string{"id", "onHandQty"}})
	if err := output.List(p, view(), output.Items(stock()[:2])); err != nil {
		t.Fatal(err)
	}
	if want := "inv_1  1200\ninv_2   ! 3\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestEmptyList(t *testing.T) {
	header := "id\tname\tbin\tonHandQty\tupdatedAt\n"
	for _, c := range []struct {
		o    output.Options
		want string
	}{
		{output.Options{}, header},
		{output.Options{NoHeader: true}, ""},
		{output.Options{Terminal: true}, ""},
		{output.Options{Format: "json"}, "[]\n"},
		{output.Options{Format: "jsonl"}, ""},
		{output.Options{Format: "yaml"}, "[]\n"},
		{output.Options{Format: "csv"}, "id,name,bin,onHandQty,reorderLevel,active,attributes,updatedAt\n"},
		{output.Options{Format: "id"}, ""},
		{output.Options{JQ: "length"}, "0\n"},
	} {
		p, out := printer(t, c.o)
		if err := output.List(p, view(), output.Items[item](nil)); err != nil || out.String() != c.want {
			t.Errorf("%+v: got %q, %v, want %q", c.o, out.String(), err, c.want)
		}
	}
}

// Rows beyond those drawn by tablewriter must look the same.
func TestLongTable(t *testing.T) {
	list := make([]item, 2500)
	for i := range list {
		list[i] = item{ID: fmt.Sprintf("inv_%04d", i), Name: "two words 東京", OnHand: int64(i)}
	}
	p, out := printer(t, output.Options{Terminal: true, Width: 80, Columns: []string{"id", "name", "onHandQty"}})
	if err := output.List(p, view(), output.Items(list)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(list)+1 {
		t.Fatalf("%d lines for a header and %d rows", len(lines), len(list))
	}
	for i, line := range lines[1:] {
		if want := fmt.Sprintf("inv_%04d  two words 東京  %7d", i, i); line != want {
			t.Fatalf("row %d is %q, want %q", i, line, want)
		}
	}
}

func TestFitting(t *testing.T) {
	for _, width := range []int{40, 60, 80, 120} {
		p, out := printer(t, output.Options{Terminal: true, Width: width})
		if err := output.List(p, view(), output.Items(stock()[:3])); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if got := runewidth.StringWidth(strings.TrimSuffix(line, "\n")); got > width {
				t.Errorf("a line of %d in a terminal of %d: %q", got, width, line)
			}
		}
	}
	// Ids are never shortened, however narrow the terminal.
	p, out := printer(t, output.Options{Terminal: true, Width: 1})
	if err := output.List(p, view(), output.Items(stock()[:1])); err != nil {
		t.Fatal(err)
	}
	if want := "ID     ON HAND\ninv_1     1200\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	// A terminal of unknown width is treated as 80 columns wide.
	p, out = printer(t, output.Options{Terminal: true})
	if err := output.List(p, view(), output.Items(stock())); err != nil {
		t.Fatal(err)
	}
	golden(t, "list_table_terminal80", out.String())
}
