package output_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/output"
)

// A list that fails must not be mistaken for a complete one: streaming formats print
// the items before the error, others print nothing.
func TestBrokenList(t *testing.T) {
	gone := errors.New("reading page 2: connection reset")
	row := "inv_1\tLagos Main Warehouse, the one by the harbour\t1200\n"
	for _, c := range []struct {
		o    output.Options
		want string
	}{
		{output.Options{Terminal: true}, ""},
		{output.Options{Format: "wide", Terminal: true}, ""},
		{output.Options{Format: "json"}, ""},
		{output.Options{Format: "yaml"}, ""},
		{output.Options{JQ: ".[].id"}, ""},
		{output.Options{}, "id\tname\tonHandQty\n" + row},
		{output.Options{Format: "csv"}, "id,name,onHandQty\ninv_1,\"Lagos Main Warehouse, the one by the harbour\",1200\n"},
		{output.Options{Format: "jsonl"}, `{"id":"inv_1","name":"Lagos Main Warehouse, the one by the harbour","onHandQty":1200}` + "\n"},
		{output.Options{Format: "jsonl", JQ: ".id"}, "inv_1\n"},
		{output.Options{Format: "id"}, "inv_1\n"},
	} {
		c.o.Columns = []string{"id", "name", "onHandQty"}
		p, out := printer(t, c.o)
		err := output.List(p, view(), broken(stock()[:1], gone))
		if !errors.Is(err, gone) || err.Error() != gone.Error() || out.String() != c.want {
			t.Errorf("%+v: got %q, %v, want %q", c.o, out, err, c.want)
		}
	}
}

// closedPipe behaves like a pipe to head after head has exited.
type closedPipe struct{ written int }

func (c *closedPipe) Write([]byte) (int, error) {
	c.written++
	return 0, &fakePathError{}
}

type fakePathError struct{}

func (*fakePathError) Error() string { return "write /dev/stdout: broken pipe" }
func (*fakePathError) Unwrap() error { return syscall.EPIPE }

func TestWriteError(t *testing.T) {
	list := make([]item, 3000)
	for i := range list {
		list[i] = item{ID: fmt.Sprint("inv_", i)}
	}
	for _, o := range []output.Options{
		{},
		{Terminal: true},
		{Format: "wide"},
		{Format: "json"},
		{Format: "jsonl"},
		{Format: "yaml"},
		{Format: "csv"},
		{Format: "csv", Columns: []string{"bin"}},
		{Format: "id"},
		{JQ: ".[]"},
	} {
		pipe := &closedPipe{}
		o.Out = pipe
		p, err := output.New(o)
		if err != nil {
			t.Fatal(err)
		}
		read := 0
		err = output.List(p, view(), func(yield func(item, error) bool) {
			for _, i := range list {
				read++
				if !yield(i, nil) {
					return
				}
			}
		})
		if !errors.Is(err, syscall.EPIPE) || err.Error() != "writing the output: write /dev/stdout: broken pipe" {
			t.Errorf("%+v: got %v", o, err)
		}
		if pipe.written != 1 {
			t.Errorf("%+v: written to %d times after the end", o, pipe.written-1)
		}
		streams := !o.Terminal && o.JQ == "" && (o.Format == "" || o.Format == "wide" || o.Format == "jsonl" || o.Format == "csv" || o.Format == "id")
		if streams && read == len(list) {
			t.Errorf("%+v: continued reading after the pipe was closed", o)
		}
		one := output.One(p, view(), list[0])
		if !errors.Is(one, syscall.EPIPE) {
			t.Errorf("%+v: One returned %v", o, one)
		}
	}
}

// Errors of the list and of the stream are both reported.
func TestBothErrors(t *testing.T) {
	gone := errors.New("reading page 2: connection reset")
	p, err := output.New(output.Options{Format: "csv", Out: &closedPipe{}})
	if err != nil {
		t.Fatal(err)
	}
	err = output.List(p, view(), broken(stock()[:1], gone))
	if !errors.Is(err, gone) || !errors.Is(err, syscall.EPIPE) {
		t.Errorf("got %v, want %v", err, gone)
	}
}

// A CSV reader must get back the original values.
func TestCSVRoundTrip(t *testing.T) {
	values := []string{"plain", "", "a,b", "\"q\"", "two\nlines\n", "\ttab", " lead", "=SUM(A1)", "-1", "+1", "@x", "\u200fשלום\u200e", "日本", `\.`, "#"}
	one := output.View[string]{Columns: []output.Column[string]{{Name: "value", Value: func(s string) any { return s }}}}
	two := output.View[string]{Columns: append(one.Columns, output.Column[string]{Name: "again", Value: func(s string) any { return s }})}
	for _, v := range []output.View[string]{one, two} {
		p, out := printer(t, output.Options{Format: "csv"})
		if err := output.List(p, v, output.Items(values)); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(out).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range rows[1:] {
			got = append(got, row[len(row)-1])
		}
		if diff := cmp.Diff(values, got); diff != "" {
			t.Errorf("%d columns (-want +got):\n%s", len(v.Columns), diff)
		}
	}
}

// Invalid UTF-8 must not reach the file.
func TestCSVIsValidUTF8(t *testing.T) {
	p, out := printer(t, output.Options{Format: "csv", NoHeader: true, Columns: []string{"name", "bin"}})
	if err := output.One(p, view(), item{Name: "a\xffb\u0085", Bin: new("\x1b[0m")}); err != nil || out.String() != `a\xffb\u0085,\x1b[0m`+"\n" {
		t.Errorf("got %q, %v", out, err)
	}
}

// Every row must be one line with as many tabs as the header, whatever its values.
func TestLinesStayLines(t *testing.T) {
	p, out := printer(t, output.Options{Format: "wide"})
	nasty := item{ID: "a\u2028b", Name: "a\r\nb\tc\vd\u0085e", Bin: new("\xff\x9b31m"), Attrs: map[string]string{"k\t\u009b": "v\n"}}
	if err := output.One(p, view(), nasty); err != nil {
		t.Fatal(err)
	}
	want := `a\u2028b` + "\t" + `a\r\nb\tc\x0bd\u0085e` + "\t" + `\xff\x9b31m` + "\t0\t\tfalse\t" + `{"k\t\u009b":"v\n"}` + "\t\n"
	if _, row, _ := strings.Cut(out.String(), "\n"); row != want {
		t.Errorf("got %q, want %q", row, want)
	}
}

func TestIDsLeaveOutBlanks(t *testing.T) {
	p, out := printer(t, output.Options{Format: "id"})
	list := []item{{ID: "a"}, {}, {ID: "b\n\x1b[2J"}}
	if err := output.List(p, view(), output.Items(list)); err != nil || out.String() != "a\nb\\n\\x1b[2J\n" {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestLimited(t *testing.T) {
	for _, c := range []struct {
		limit int
		list  int
		want  string
		cut   output.Cut
	}{
		{-1, 3, "inv_1\ninv_2\ninv_3\n", output.Cut{Limit: -1, Count: 3}},
		{2, 3, "inv_1\ninv_2\n", output.Cut{Limit: 2, Count: 2, More: true}},
		{3, 3, "inv_1\ninv_2\ninv_3\n", output.Cut{Limit: 3, Count: 3}},
		{2, 0, "", output.Cut{Limit: 2}},
	} {
		p, out := printer(t, output.Options{Format: "id"})
		cut := output.Cut{Limit: c.limit}
		if err := output.List(p, view(), output.Limited(&cut, output.Items(stock()[:c.list]))); err != nil {
			t.Fatal(err)
		}
		if out.String() != c.want || cut != c.cut {
			t.Errorf("limit %d of %d: got %q, %+v", c.limit, c.list, out, cut)
		}
	}
	// If the next page fails, it is unknown whether there are more rows.
	p, _ := printer(t, output.Options{Format: "id"})
	cut := output.Cut{Limit: 1}
	if err := output.List(p, view(), output.Limited(&cut, broken(stock()[:1], io.ErrUnexpectedEOF))); !errors.Is(err, io.ErrUnexpectedEOF) || cut.More {
		t.Errorf("got %v, %+v", err, cut)
	}
}

func TestValue(t *testing.T) {
	type request struct {
		ProductID  string          `json:"productId"`
		InitialQty int64           `json:"initialQty"`
		Raw        json            `json:"raw"`
		More       map[string]*int `json:"more,omitempty"`
	}
	r := request{ProductID: "<prod>&\u202e\U000e0001", InitialQty: 0, Raw: json("{\"a\" : \"\xff\u0085\u200d\"}")}
	object := `{"productId":"<prod>&\u202e\udb40\udc01","initialQty":0,"raw":{"a":"` + "\uFFFD" + `\u0085\u200d"}}` + "\n"
	pretty := "{\n  \"productId\": \"<prod>&\\u202e\\udb40\\udc01\",\n  \"initialQty\": 0,\n  \"raw\": {\n    \"a\": \"\uFFFD\\u0085\\u200d\"\n  }\n}\n"
	for _, c := range []struct {
		format string
		value  any
		want   string
	}{
		{"jsonl", r, object},
		{"jsonl", []request{r, r}, object + object},
		{"jsonl", "text", "\"text\"\n"},
		{"jsonl", "LGS\u200d-01 👩‍🔧", `"LGS\u200d-01 👩‍🔧"` + "\n"},
		{"jsonl", []int{}, ""},
		{"", r, pretty},
		{"wide", r, pretty},
		{"csv", r, pretty},
		{"json", []int{1, 2}, "[\n  1,\n  2\n]\n"},
		{"json", []int{}, "[]\n"},
		{"json", nil, "null\n"},
		{"yaml", r, "productId: \"<prod>&\\u202e\\U000e0001\"\ninitialQty: 0\nraw:\n  a: \"\uFFFD\\u0085\\u200d\"\n"},
		{"yaml", []int{}, "[]\n"},
		{"yaml", "x: y", "\"x: y\"\n"},
	} {
		p, out := printer(t, output.Options{Format: c.format})
		if err := output.Value(p, c.value); err != nil || out.String() != c.want {
			t.Errorf("%s of %v: got %s, %v, want %s", c.format, c.value, out, err, c.want)
		}
	}
	p, out := printer(t, output.Options{})
	if err := output.Value(p, func() {}); err == nil || err.Error() != "writing JSON: json: unsupported type: func()" || out.Len() > 0 {
		t.Errorf("got %v, %q", err, out)
	}
}

// json is encoded JSON, as the API may send it.
type json []byte

func (j json) MarshalJSON() ([]byte, error) { return bytes.Clone(j), nil }

// A list that fails before its first row prints no header.
func TestImmediateFailurePrintsNothing(t *testing.T) {
	gone := errors.New("not signed in")
	for _, format := range output.Formats() {
		var out bytes.Buffer
		p, err := output.New(output.Options{Format: format, Out: &out})
		if err != nil {
			t.Fatal(err)
		}
		if err := output.List(p, view(), broken(nil, gone)); !errors.Is(err, gone) || out.Len() > 0 {
			t.Errorf("%s: printed %q, returned %v", format, &out, err)
		}
	}
}
