package intake

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

func TestWriterWritesWhatWasRead(t *testing.T) {
	rows := [][]string{{"x", "a, \"b\"\nc"}, {"é→", "[1]"}, {"", "{\"a\": 1}"}}
	header := []string{"id", "no;te"}
	for _, c := range []struct {
		v    Dialect
		want string
	}{
		{Dialect{Format: CSV, Delimiter: ',', Encoding: UTF8}, "id,no;te\nx,\"a, \"\"b\"\"\nc\"\né→,[1]\n,\"{\"\"a\"\": 1}\"\n"},
		{Dialect{Format: CSV, Delimiter: ';', Encoding: UTF8, BOM: true}, "\ufeffid;\"no;te\"\nx;\"a, \"\"b\"\"\nc\"\né→;[1]\n;\"{\"\"a\"\": 1}\"\n"},
		{Dialect{Format: TSV, Delimiter: '\t', Encoding: Windows1252}, "id\tno;te\nx\t\"a, \"\"b\"\"\nc\"\n\xe9?\t[1]\n\t\"{\"\"a\"\": 1}\"\n"},
		{Dialect{Format: CSV, Delimiter: ',', Encoding: UTF16BE}, wide("id,no;te\nx,\"a, \"\"b\"\"\nc\"\né→,[1]\n,\"{\"\"a\"\": 1}\"\n", true, true)},
		{Dialect{Format: JSONL, Encoding: UTF8}, "{\"id\":\"x\",\"no;te\":\"a, \\\"b\\\"\\nc\"}\n{\"id\":\"é→\",\"no;te\":[1]}\n{\"id\":\"\",\"no;te\":\"{\\\"a\\\": 1}\"}\n"},
		{Dialect{Format: JSON, Encoding: UTF8}, "[\n{\"id\":\"x\",\"no;te\":\"a, \\\"b\\\"\\nc\"},\n{\"id\":\"é→\",\"no;te\":[1]},\n{\"id\":\"\",\"no;te\":\"{\\\"a\\\": 1}\"}\n]\n"},
	} {
		var out bytes.Buffer
		w := NewWriter(&out, c.v, header)
		for _, row := range rows {
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(w.Flush(), w.Flush()); err != nil {
			t.Fatal(err)
		}
		if out.String() != c.want {
			t.Errorf("%s: got\n%q\nwant\n%q", c.v, out.String(), c.want)
		}
		if c.v.Encoding == Windows1252 {
			continue // the encoding lacks the arrow
		}
		tab, err := readTable(t, "a", out.String(), c.v, Options{})
		if err != nil || !slices.EqualFunc(tab.rows, rows, slices.Equal) || !slices.Equal(tab.header, header) {
			t.Errorf("%s: read again: %q, %q, %v", c.v, tab.header, tab.rows, err)
		}
	}
}

func TestWriterWithoutRows(t *testing.T) {
	for format, want := range map[Format]string{CSV: "", JSONL: "", JSON: "[\n]\n"} {
		var out bytes.Buffer
		if err := NewWriter(&out, Dialect{Format: format, Delimiter: ',', Encoding: UTF8}, []string{"a"}).Flush(); err != nil || out.String() != want {
			t.Errorf("%s: got %q, %v", format, out.String(), err)
		}
	}
}

func TestWriterWithoutHeader(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out, Dialect{Format: CSV, Delimiter: ',', Encoding: UTF8}, nil)
	if err := errors.Join(w.Write([]string{""}), w.Write([]string{"a"}), w.Flush()); err != nil || out.String() != "\"\"\na\n" {
		t.Errorf("got %q, %v", out.String(), err)
	}
}

func TestWriteAfterTheEndOfAListFails(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out, Dialect{Format: JSON, Encoding: UTF8}, []string{"a"})
	if err := errors.Join(w.Write([]string{"1"}), w.Flush()); err != nil {
		t.Fatal(err)
	}
	if err := w.Write([]string{"2"}); !errors.Is(err, errFlushed) || out.String() != "[\n{\"a\":\"1\"}\n]\n" {
		t.Errorf("got %v and %q", err, out.String())
	}
}

// full is a writer that always fails.
type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriterKeepsTheFirstError(t *testing.T) {
	w := NewWriter(full{}, Dialect{Format: CSV, Delimiter: ',', Encoding: UTF8}, []string{"a"})
	if err := w.Write([]string{"x"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); !errors.Is(err, errFull) {
		t.Errorf("Flush: %v", err)
	}
	if err := w.Write([]string{"y"}); !errors.Is(err, errFull) {
		t.Errorf("Write: %v", err)
	}
}

func TestSniffReturnsTheHeader(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Dialect
	}{
		{"a.csv", "\ufeffa , a,\n", Dialect{Format: CSV, Delimiter: ',', Encoding: UTF8, BOM: true, Header: []string{"a ", " a", ""}}},
		{"a.csv", "sep=|\n\"a\nb\"|c\n", Dialect{Format: CSV, Delimiter: '|', Encoding: UTF8, Header: []string{"a\nb", "c"}}},
		{"a.jsonl", "{\"b\":1,\"a\":{\"x\":2}}\n{\"c\":1}\n", Dialect{Format: JSONL, Encoding: UTF8, Header: []string{"b", "a"}}},
		{"a.JSON", "[\n {\"b\":1}]", Dialect{Format: JSON, Encoding: UTF8, Header: []string{"b"}}},
		{"a.json", "[]", Dialect{Format: JSON, Encoding: UTF8}},
	} {
		got, err := Sniff(c.name, []byte(c.text), Options{})
		if err != nil || got.Format != c.want.Format || got.Delimiter != c.want.Delimiter || got.Encoding != c.want.Encoding || got.BOM != c.want.BOM || !slices.Equal(got.Header, c.want.Header) {
			t.Errorf("%q: got %+v, %v", c.text, got, err)
		}
	}
}

// A character cut by the end of the sample does not make the file windows-1252.
func TestSniffOfACutSample(t *testing.T) {
	for cut := 1; cut < 4; cut++ {
		sample := []byte("a,b\nx,😀")
		v, err := Sniff("a.csv", sample[:len(sample)-cut], Options{})
		if err != nil || v.Encoding != UTF8 {
			t.Errorf("cut by %d: %s, %v", cut, v, err)
		}
	}
}
