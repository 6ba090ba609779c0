package intake

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/failure"
)

// inside reports whether a position is in a text. The column after the last character
// of a line counts.
func inside(text string, p Pos) bool {
	lines := strings.Split(strings.TrimPrefix(text, bomUTF8), "\n")
	if p.Line == 0 {
		return p.Column == 0
	}
	return p.Line >= 1 && p.Line <= len(lines) && p.Column >= 1 && p.Column <= utf8.RuneCountInString(lines[p.Line-1])+1
}

// placeOf parses FILE:LINE:COLUMN.
func placeOf(t *testing.T, file, where string) Pos {
	p := Pos{File: file}
	if where == file {
		return p
	}
	line, column, ok := strings.Cut(strings.TrimPrefix(where, file+":"), ":")
	var err, err2 error
	p.Line, err = strconv.Atoi(line)
	p.Column, err2 = strconv.Atoi(column)
	if !ok || err != nil || err2 != nil {
		t.Fatalf("%q is not a position", where)
	}
	return p
}

func placesInside(t *testing.T, text string, v Value) {
	if !inside(text, v.Pos) {
		t.Fatalf("a value is at %s, outside the file", v.Pos)
	}
	for _, f := range v.Fields {
		if !inside(text, f.Pos) {
			t.Fatalf("a key is at %s, outside the file", f.Pos)
		}
		placesInside(t, text, f.Value)
	}
	for _, item := range v.Items {
		placesInside(t, text, item)
	}
}

// checkMistakes checks that an error is one of ours and has a position in the file.
func checkMistakes(t *testing.T, file, text string, err error) {
	var mistakes *failure.Problems
	if !errors.As(err, &mistakes) {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	for _, p := range mistakes.List {
		if !inside(text, placeOf(t, file, p.Where)) {
			t.Fatalf("%s is outside the file", p)
		}
		if strings.Contains(p.What, "\n") {
			t.Fatalf("%q is not one line", p.What)
		}
	}
}

func FuzzDocuments(f *testing.F) {
	for _, text := range []string{
		"a: 1\nb: [x, {c: 'd'}]\n", "- &x {a: \"é\"}\n- <<: *x\n  b: |\n    text\n", "---\n---\na: !!str 5\n...\n",
		`[{"a":1.5e3,"b":[null,true,"\u00e9"]},{}]`, "a: b\n  - c\n", "?", "%YAML 1.2\n---\n? a\n: b\n", "a: >-\n\n  x\n'k': v\n",
	} {
		f.Add(text, false)
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, asJSON bool) {
		file := "f.yaml"
		if asJSON {
			file = "f.json"
		}
		d, err := ReadDocuments(file, strings.NewReader(text))
		unix := string(unixLines([]byte(text)))
		if err != nil {
			checkMistakes(t, file, unix, err)
			return
		}
		for _, r := range d.Records {
			if r.Type != Map {
				t.Fatalf("a record is %s", r.Type)
			}
			placesInside(t, unix, r)
		}
		if !asJSON {
			return
		}
		// encoding/json must agree that it is JSON, and on the number of records.
		var list []json.RawMessage
		plain := []byte(strings.TrimPrefix(text, bomUTF8))
		if !json.Valid(plain) {
			t.Fatal("accepted a text that is not JSON")
		}
		if json.Unmarshal(plain, &list) == nil && len(list) != len(d.Records) {
			t.Fatalf("%d records, want %d", len(d.Records), len(list))
		}
	})
}

// table is the content of a table.
type table struct {
	v      Dialect
	header []string
	rows   [][]string // without those that have mistakes
	total  int
}

// readTable reads a whole table and checks every position.
func readTable(t *testing.T, file, text string, v Dialect, o Options) (tab table, err error) {
	r, err := NewReader(file, strings.NewReader(text), v, o, io.Discard)
	if err != nil {
		return tab, err
	}
	plain, err := io.ReadAll(decoded(strings.NewReader(text), v.Encoding))
	if err != nil {
		t.Fatal(err)
	}
	tab.v = v
	for {
		row, err := r.Next()
		var spoilt *RowError
		switch {
		case errors.Is(err, io.EOF):
			tab.header = slices.Clone(r.Header())
			return tab, nil
		case errors.As(err, &spoilt):
			if !inside(string(plain), spoilt.Pos) {
				t.Fatalf("%v is outside the file", spoilt)
			}
			if len(row.Cells) < len(r.Header()) {
				t.Fatalf("a row with a mistake has %d cells, want %d", len(row.Cells), len(r.Header()))
			}
		case err != nil:
			checkMistakes(t, file, string(plain), err)
			return tab, err
		default:
			tab.rows = append(tab.rows, slices.Clone(row.Cells))
		}
		tab.total++
		if row.N != tab.total {
			t.Fatalf("row %d has the number %d", tab.total, row.N)
		}
		for i := range row.Cells {
			if p := r.Pos(row, i); !inside(string(plain), p) {
				t.Fatalf("cell %d is at %s, outside the file", i, p)
			}
		}
	}
}

// again writes the rows of a table without mistakes and reads them again. They must be
// the same.
func again(t *testing.T, file string, tab table, o Options) {
	header := tab.header
	if len(o.Fields) > 0 {
		header = nil
	}
	var out bytes.Buffer
	w := NewWriter(&out, tab.v, header)
	for _, row := range tab.rows {
		if err := w.Write(append(row, make([]string, max(0, len(header)-len(row)))...)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if len(tab.rows) == 0 {
		return
	}
	second, err := readTable(t, file, out.String(), tab.v, o)
	if err != nil {
		t.Fatalf("what was written cannot be read: %v\n%q", err, out.String())
	}
	if second.total != len(tab.rows) || !slices.Equal(second.header, tab.header) {
		t.Fatalf("%d rows of %d, header %q of %q", second.total, len(tab.rows), second.header, tab.header)
	}
	for i, row := range tab.rows {
		// Rows before a new key have no cells for it.
		row = append(row, make([]string, len(second.rows[i])-len(row))...)
		if !slices.Equal(row, second.rows[i]) {
			t.Fatalf("row %d was %q, is %q", i+1, row, second.rows[i])
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, text := range []string{
		"id,qty\nx,5\n", "\ufeffa;b\r\n\"x\r\ny\";\"\"\"\"\r\n", "a\n\"\"\nb\n", "sep=;\na;b\n1;2\n", "a|b\n1,2|3\n\"x\n", "a,b,,\n1,2,,,\n",
		wide("a,b\né,1\n", false, true), "a;b\n\xe9\x80;\x81\n", "a,b\n1\n1,2,3\n\"x\"y,2\n", "a,b\n\"\r\r\n\",\r\n",
	} {
		f.Add(text, "", false)
		f.Add(text, "windows-1252", true)
		f.Add(text, "utf-16", false)
	}
	f.Fuzz(func(t *testing.T, text, encoding string, bare bool) {
		o := Options{Format: CSV, Encoding: encoding}
		if bare {
			o.Fields = []string{"a", "b"}
		}
		v, err := Sniff("f.csv", []byte(text), o)
		if err != nil || v.Gzip {
			return
		}
		tab, err := readTable(t, "f.csv", text, v, o)
		if err != nil {
			return
		}
		again(t, "f.csv", tab, o)
		if v.Encoding != UTF8 || bare || tab.total != len(tab.rows) {
			return
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, bomUTF8)))
		r.Comma, r.FieldsPerRecord = v.Delimiter, -1
		if all, err := r.ReadAll(); err != nil || len(all)-1 != tab.total && len(all)-2 != tab.total {
			t.Fatalf("%d rows of %d, %v", tab.total, len(all)-1, err)
		}
	})
}

func FuzzJSONL(f *testing.F) {
	for _, text := range []string{
		`{"a":1}` + "\n" + `{"b":{"c":"d"},"a":null}`, `[{"a":"\u00e9"},{"b":[1,2]}]`, `[{"a":1} {"b":2}]`, "{\"a\":\"{ }\"}\r\n\r\n5\n", `{"a":"[1]","a":2}`,
		`[}]`, `{"a":-0.0e-1,"":true}`, wide(`{"a":"é"}`, true, true), "{\"a\":\"<&>\u2028\"}", "{}", "[{}]",
	} {
		f.Add(text, false)
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, asList bool) {
		o := Options{Format: JSONL}
		if asList {
			o.Format = JSON
		}
		v, err := Sniff("f", []byte(text), o)
		if err != nil || v.Gzip {
			return
		}
		tab, err := readTable(t, "f", text, v, o)
		if err != nil {
			return
		}
		again(t, "f", tab, o)
		if v.Encoding != UTF8 || tab.total != len(tab.rows) {
			return
		}
		plain := strings.TrimPrefix(text, bomUTF8)
		if asList {
			var list []json.RawMessage
			if json.Unmarshal([]byte(plain), &list) != nil {
				return
			}
			list = slices.DeleteFunc(list, func(one json.RawMessage) bool { return blankObject(string(one)) })
			if len(list) != tab.total {
				t.Fatalf("%d rows of %d", tab.total, len(list))
			}
			return
		}
		full := 0
		for l := range strings.SplitSeq(plain, "\n") {
			if l = strings.TrimSpace(l); l != "" && !blankObject(l) {
				full++
			}
		}
		if full != tab.total {
			t.Fatalf("%d rows of %d lines", tab.total, full)
		}
	})
}

// blankObject reports whether a line is an object without any value, which is no row.
func blankObject(line string) bool {
	var fields map[string]any
	if json.Unmarshal([]byte(line), &fields) != nil || fields == nil {
		return false
	}
	for _, value := range fields {
		if text, is := value.(string); value != nil && (!is || strings.TrimSpace(text) != "") {
			return false
		}
	}
	return true
}
