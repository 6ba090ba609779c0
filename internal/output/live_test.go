package output_test

import (
	"bytes"
	"iter"
	"testing"

	"github.com/bayworks/stockctl/internal/output"
)

// Each row is flushed before the next one is requested.
func TestLive(t *testing.T) {
	for format, want := range map[string][]string{
		"id":    {"inv_1\n", "inv_2\n", "inv_3\n"},
		"jsonl": nil, "csv": nil, "table": nil,
	} {
		for _, terminal := range []bool{false, true} {
			var out bytes.Buffer
			p, err := output.New(output.Options{Format: format, Out: &out, Terminal: terminal})
			if err != nil {
				t.Fatal(err)
			}
			var seen []string
			rows := func(yield func(item, error) bool) {
				for _, i := range stock()[:3] {
					before := out.Len()
					if !yield(i, nil) {
						return
					}
					seen = append(seen, out.String()[before:])
				}
			}
			if err := output.Live(p, view(), iter.Seq2[item, error](rows)); err != nil {
				t.Fatal(err)
			}
			if len(seen) != 3 || seen[0] == "" || seen[1] == "" || seen[2] == "" {
				t.Errorf("%s: out row by row is %q", format, seen)
			}
			for i := range want {
				if seen[i] != want[i] {
					t.Errorf("%s: row %d is %q, want %q", format, i, seen[i], want[i])
				}
			}
		}
	}
}

func TestCheckLive(t *testing.T) {
	for _, c := range []struct{ format, jq, want string }{
		{"json", "", "-o json needs a complete list, and this one does not end"},
		{"yaml", "", "-o yaml needs a complete list, and this one does not end"},
		{"", ".id", "--jq needs -o jsonl here, to filter an endless list row by row"},
		{"jsonl", ".id", ""},
		{"csv", "", ""},
		{"", "", ""},
	} {
		p, _ := printer(t, output.Options{Format: c.format, JQ: c.jq})
		err := output.CheckLive(p, view())
		if err == nil && c.want != "" || err != nil && err.Error() != c.want {
			t.Errorf("%s %s: got %v, want %q", c.format, c.jq, err, c.want)
		}
	}
}

// On a terminal, columns line up and nothing is shortened.
func TestLiveTable(t *testing.T) {
	type row struct{ id, note string }
	v := output.View[row]{Columns: []output.Column[row]{
		{Name: "id", Title: "ID", Value: func(r row) any { return r.id }},
		{Name: "note", Title: "NOTE", Value: func(r row) any { return r.note }},
	}}
	p, out := printer(t, output.Options{Terminal: true, Width: 10})
	err := output.Live(p, v, output.Items([]row{{"log_1", "a long\x1bnote"}, {"log_22", "b"}, {"l", ""}}))
	want := "ID     NOTE\nlog_1  a long\\x1bnote\nlog_22  b\nl\n"
	if err != nil || out.String() != want {
		t.Errorf("got %v\n%q, want\n%q", err, out, want)
	}
}

// Columns of a fixed width never move, whatever comes later, and a narrow terminal
// has fewer of them.
func TestLiveTableOfFixedWidths(t *testing.T) {
	type row struct{ id, name, note string }
	v := output.View[row]{Columns: []output.Column[row]{
		{Name: "id", Title: "ID", Width: 5, Keep: true, Value: func(r row) any { return r.id }},
		{Name: "name", Title: "NAME", Width: 6, Value: func(r row) any { return r.name }},
		{Name: "note", Title: "NOTE", Width: 6, Spare: 1, Value: func(r row) any { return r.note }},
	}}
	rows := []row{{"log_1", "tote", "a"}, {"log_2222", "a very long name", "b"}, {"l", "", "and a long note"}}
	for width, want := range map[int]string{
		40: "ID     NAME    NOTE\nlog_1  tote    a\nlog_2222  a ver…  b\nl              and a…\n",
		15: "ID     NAME\nlog_1  tote\nlog_2222  a ver…\nl\n",
	} {
		p, out := printer(t, output.Options{Terminal: true, Width: width})
		if err := output.Live(p, v, output.Items(rows)); err != nil || out.String() != want {
			t.Errorf("%d columns: got %v\n%s, want\n%s", width, err, out, want)
		}
	}
}
