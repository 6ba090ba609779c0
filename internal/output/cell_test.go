package output_test

import (
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/output"
)

// state has a String method on the value, handle on the pointer.
type (
	state  int
	handle struct{ name string }
)

func (s state) String() string   { return [...]string{"idle", "busy"}[s] }
func (h *handle) String() string { return "handle " + h.name }

func TestCells(t *testing.T) {
	at := time.Date(2026, 4, 2, 23, 28, 29, 49e6, time.FixedZone("", 2*60*60))
	var (
		noText *string
		noTime *time.Time
		noMap  map[string]string
		noName *handle
	)
	for _, c := range []struct {
		value          any
		pipe, terminal string
	}{
		{nil, "", ""},
		{"text", "text", "text"},
		{new("text"), "text", "text"},
		{noText, "", ""},
		{int64(-5), "-5", "-5"},
		{new(int64(0)), "0", "0"},
		{7, "7", "7"},
		{true, "true", "true"},
		{new(false), "false", "false"},
		{at, "2026-04-02T23:28:29.049+02:00", "2026-04-02 22:28"},
		{&at, "2026-04-02T23:28:29.049+02:00", "2026-04-02 22:28"},
		{time.Time{}, "", ""},
		{noTime, "", ""},
		{state(1), "busy", "busy"},
		{new(state(1)), "busy", "busy"},
		{&handle{"x"}, "handle x", "handle x"},
		{noName, "", ""},
		{map[string]string{"b": "<2>", "a": "1"}, `{"a":"1","b":"<2>"}`, `{"a":"1","b":"<2>"}`},
		{noMap, "", ""},
		{90 * time.Second, "1m30s", "1m30s"},
	} {
		for _, terminal := range []bool{false, true} {
			want := c.pipe + "\t.\n"
			if terminal {
				want = "A  " + c.terminal + "\nB  .\n"
				if c.terminal == "" {
					want = "B  .\n"
				}
			}
			v := output.View[any]{Columns: []output.Column[any]{
				{Name: "a", Title: "A", Value: func(v any) any { return v }},
				{Name: "b", Title: "B", Value: func(any) any { return "." }},
			}}
			p, out := printer(t, output.Options{Terminal: terminal, NoHeader: true})
			if err := output.One(p, v, c.value); err != nil || out.String() != want {
				t.Errorf("%#v, terminal %v: got %q, %v, want %q", c.value, terminal, out, err, want)
			}
		}
	}
}

// A blank cell gets no sign.
func TestLowBlank(t *testing.T) {
	v := output.View[string]{Columns: []output.Column[string]{
		{Name: "a", Title: "A", Value: func(s string) any { return s }, Mark: func(string) output.Mark { return output.MarkLow }},
		{Name: "b", Title: "B", Value: func(string) any { return "." }},
	}}
	p, out := printer(t, output.Options{Terminal: true})
	if err := output.List(p, v, output.Items([]string{"", "x"})); err != nil || out.String() != "A    B\n     .\n! x  .\n" {
		t.Errorf("got %q, %v", out, err)
	}
}

// Blank fields take no line, and their titles no width.
func TestFieldsLeaveOutBlanks(t *testing.T) {
	p, out := printer(t, output.Options{Terminal: true, Columns: []string{"id", "reorderLevel", "active"}})
	if err := output.One(p, view(), item{ID: "inv_1"}); err != nil || out.String() != "ID      inv_1\nACTIVE  false\n" {
		t.Errorf("got %q, %v", out, err)
	}
}
