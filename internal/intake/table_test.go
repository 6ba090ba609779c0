package intake

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

// read sniffs and reads a whole table. It returns each row as LINE N cell|cell, with a
// mark on those that have mistakes, and the error that ended the reading.
func read(name, text string, o Options) (v Dialect, out []string, err error) {
	v, err = Sniff(name, []byte(text), o)
	if err != nil {
		return v, nil, err
	}
	r, err := NewReader(name, strings.NewReader(text), v, o, io.Discard)
	if err != nil {
		return v, nil, err
	}
	for {
		row, err := r.Next()
		var spoilt *RowError
		switch {
		case errors.As(err, &spoilt):
			out = append(out, "! "+line(row)+" ! "+err.Error())
		case errors.Is(err, io.EOF):
			return v, out, nil
		case err != nil:
			return v, out, err
		default:
			out = append(out, line(row))
		}
	}
}

func line(row *Row) string {
	return strconv.Itoa(row.Line) + " " + strconv.Itoa(row.N) + " " + strings.Join(row.Cells, "|")
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

// manyKeys returns an object with n keys.
func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`,"k` + strconv.Itoa(i) + `":1`)
	}
	return "{" + b.String()[1:] + "}"
}

// wide encodes text as UTF-16.
func wide(text string, big, mark bool) string {
	v := Dialect{Format: CSV, Delimiter: ',', Encoding: UTF16LE}
	if big {
		v.Encoding = UTF16BE
	}
	w := &Writer{v: v, row: []byte(text)}
	out := string(w.wide())
	if mark {
		w.row = []byte(bomUTF8)
		out = string(w.wide()) + out
	}
	return out
}

func TestTables(t *testing.T) {
	for _, c := range []struct {
		about, name, text string
		o                 Options
		verdict, rows     string
	}{
		{about: "plain", name: "a.csv", text: "id,qty\nx,5\ny,0\n", o: Options{}, verdict: "CSV, delimiter ',', utf-8", rows: "2 1 x|5\n3 2 y|0"},
		{
			about: "semicolons and Windows letters", name: "a.csv", text: "id;name\nx;Caf\xe9 \x80\ny;b\n", o: Options{},
			verdict: "CSV, delimiter ';', windows-1252", rows: "2 1 x|Café €\n3 2 y|b",
		},
		{
			about: "decimal commas do not make commas the delimiter", name: "a.csv", text: "id;w\nx;1,5\ny;2,5\n", o: Options{},
			verdict: "CSV, delimiter ';', utf-8", rows: "2 1 x|1,5\n3 2 y|2,5",
		},
		{
			about: "a comma only in the header is not a delimiter", name: "a.csv", text: "name, full;qty\nx;5\ny;6\n", o: Options{},
			verdict: "CSV, delimiter ';', utf-8", rows: "2 1 x|5\n3 2 y|6",
		},
		{about: "bars", name: "a.txt", text: "id|qty\nx|5\n", o: Options{}, verdict: "CSV, delimiter '|', utf-8", rows: "2 1 x|5"},
		{about: "tabs are TSV", name: "standard input", text: "id\tqty\nx\t5\n", o: Options{}, verdict: "TSV, utf-8", rows: "2 1 x|5"},
		{about: "TSV by its name, one column", name: "a.tsv", text: "id\nx,y\n", o: Options{}, verdict: "TSV, utf-8", rows: "2 1 x,y"},
		{about: "one column", name: "a.csv", text: "id\nx\n\n\"\"\ny\n", o: Options{}, verdict: "CSV, delimiter ',', utf-8", rows: "2 1 x\n5 2 y"},
		{about: "sep line", name: "a.csv", text: "sep=;\nid;qty\nx;5,5\n", o: Options{}, verdict: "CSV, delimiter ';', utf-8", rows: "3 1 x|5,5"},
		{
			about: "mark, CRLF, quoted line breaks and delimiters", name: "a.csv",
			text: "\ufeffid,note\r\n\"x\",\"a, \"\"b\"\"\r\nc\"\r\ny,z\r\n", o: Options{}, verdict: "CSV, delimiter ',', utf-8",
			rows: "2 1 x|a, \"b\"\nc\n4 2 y|z",
		},
		{
			about: "no header", name: "a.csv", text: "x,5\ny,6\n", o: Options{Fields: []string{"id", "qty"}},
			verdict: "CSV, delimiter ',', utf-8", rows: "1 1 x|5\n2 2 y|6",
		},
		{
			about: "leading zeros, signs and spaces stay", name: "a.csv", text: "id,qty\n007, +5\n", o: Options{},
			verdict: "CSV, delimiter ',', utf-8", rows: "2 1 007| +5",
		},
		{
			about: "blank cells at the end of a row", name: "a.csv", text: "id,qty,,\nx,5,,,,\n", o: Options{},
			verdict: "CSV, delimiter ',', utf-8", rows: "2 1 x|5||",
		},
		{
			about: "rows of blanks", name: "a.csv", text: "id,qty\n,\n x,5\n \n,,,,,\ny,6\n", o: Options{},
			verdict: "CSV, delimiter ',', utf-8", rows: "3 1  x|5\n6 2 y|6",
		},
		{
			about: "a title above the header", name: "a.csv", text: "\ufeffStock \"now\"\r\n\r\nid;qty\r\nx;5\r\n",
			o: Options{IsHeader: isIDQty}, verdict: "CSV, delimiter ';', utf-8, header on line 3", rows: "4 1 x|5",
		},
		{
			about: "lines to skip", name: "a.csv", text: "Stock\nid,what\nid,qty\nx,5\n", o: Options{SkipLines: 2},
			verdict: "CSV, delimiter ',', utf-8, header on line 3", rows: "4 1 x|5",
		},
		{
			about: "columns below a title", name: "a.csv", text: "Stock\n\nx,y,z\n1,2,3\n", o: Options{IsHeader: isIDQty},
			verdict: "CSV, delimiter ',', utf-8, header on line 3", rows: "4 1 1|2|3",
		},
		{
			about: "no line has the columns of a header", name: "a.csv", text: "a,b\nx,5\n", o: Options{IsHeader: isIDQty},
			verdict: "CSV, delimiter ',', utf-8", rows: "2 1 x|5",
		},
		{about: "objects without values", name: "a.jsonl", text: "{}\n{\"a\":null}\n{\"a\":1}\n", o: Options{}, verdict: "JSON lines, utf-8", rows: "3 1 1"},
		{
			about: "UTF-16, little end first", name: "a.csv", text: wide("id,name\nx,é\n", false, true), o: Options{},
			verdict: "CSV, delimiter ',', utf-16le", rows: "2 1 x|é",
		},
		{
			about: "UTF-16, big end first, no mark", name: "a.csv", text: wide("id,name\nx,e\n", true, false), o: Options{},
			verdict: "CSV, delimiter ',', utf-16be", rows: "2 1 x|e",
		},
		{
			about: "options take precedence", name: "a.csv", text: "id;qty\nx,y;5\n",
			o: Options{Format: TSV, Delimiter: ',', Encoding: "CP1252"}, verdict: "TSV, windows-1252",
			rows: "! 2 1 x|y;5 ! a.csv:2:3: has 2 cells, the header has 1 column",
		},
		{about: "gzip", name: "a.csv.gz", text: packed("id,qty\nx,5\n"), o: Options{}, verdict: "CSV, delimiter ',', utf-8, gzip", rows: "2 1 x|5"},
		{about: "gzip by its first bytes", name: "a.jsonl", text: packed(`{"id":"x"}`), o: Options{}, verdict: "JSON lines, utf-8, gzip", rows: "1 1 x"},

		{
			about: "JSON lines", name: "a.jsonl", text: "{\"id\":\"x\",\"qty\":1.50}\r\n\n {\"qty\":null,\"new\":true,\"id\":\"é\\n\"}",
			o: Options{}, verdict: "JSON lines, utf-8", rows: "1 1 x|1.50\n3 2 é\n||true",
		},
		{
			about: "an object in a row", name: "a.ndjson", text: `{"id":"x","at": {"Color" : "R ed", "n":[1] }}` + "\n" + `{"at":[1, "a"]}`,
			o: Options{}, verdict: "JSON lines, utf-8", rows: "! 1 1 x| ! a.ndjson:1:40: is nested more than 2 deep\n2 2 |[1,\"a\"]",
		},
		{
			about: "an object in a row, one level", name: "a.ndjson", text: `{"at": {"Color" : "R ed" }}`, o: Options{},
			verdict: "JSON lines, utf-8", rows: `1 1 {"Color":"R ed"}`,
		},
		{about: "objects in standard input", name: "standard input", text: "{\"id\":\"x\"}\n", o: Options{}, verdict: "JSON lines, utf-8", rows: "1 1 x"},
		{about: "JSON lines named .json", name: "a.json", text: "{\"id\":1}\n{\"id\":2}\n", o: Options{}, verdict: "JSON lines, utf-8", rows: "1 1 1\n2 2 2"},
		{about: "a list", name: "a.json", text: "[{\"id\":\"],{\"},\n {\"qty\":\n5}]\n", o: Options{}, verdict: "JSON, utf-8", rows: "1 1 ],{\n2 2 |5"},
		{about: "an empty list", name: "a.json", text: " [ ] ", o: Options{}, verdict: "JSON, utf-8"},
		{about: "a list in standard input", name: "standard input", text: "[{\"id\":1}]", o: Options{}, verdict: "JSON, utf-8", rows: "1 1 1"},
		{about: "one object over several lines", name: "a.json", text: "{\n\"id\":1\n}\n", o: Options{}, verdict: "JSON, utf-8", rows: "1 1 1"},
	} {
		t.Run(c.about, func(t *testing.T) {
			v, rows, err := read(c.name, c.text, c.o)
			if err != nil {
				t.Fatal(err)
			}
			if v.String() != c.verdict {
				t.Errorf("dialect %s, want %s", v, c.verdict)
			}
			if got := strings.Join(rows, "\n"); got != c.rows {
				t.Errorf("got\n%s\nwant\n%s", got, c.rows)
			}
		})
	}
}

func TestReadingContinuesAfterUnreadableRows(t *testing.T) {
	const swallowed = "a quote opens in this cell and closes rows later: close it in its row, or take the line breaks out of the cell"
	for _, c := range []struct{ name, text, want string }{
		{"a.csv", "é,b\nx\n1,2,3\n\xc3\xa9,y,\n", "! 2 1 x| ! a.csv:2:1: has 1 cell, the header has 2 columns\n! 3 2 1|2|3 ! a.csv:3:5: has 3 cells, the header has 2 columns\n4 3 é|y"},
		{"a.csv", "a,b,c\né,ü\"y,z\n1,2,3\n", "! 2 1 é|| ! a.csv:2:4: a cell contains a quote: put the cell in quotes, and write a quote inside it twice, \"\"\n3 2 1|2|3"},
		{"a.csv", "a,b\n\"x\"y,z\n1,2\n", "! 2 1 | ! a.csv:2:3: text follows the closing quote of a cell: write a quote inside a cell twice, \"\"\n3 2 1|2"},
		{"a.csv", "a,b\n1,2\nx,\"y", "2 1 1|2\n! 3 2 x| ! a.csv:3:5: the file ends inside a quoted cell: its closing quote is missing"},
		{"a.csv", "a,b\n\"é\né\",x\x00\n1,2\n", "! 2 1 é\né|x\x00 ! a.csv:3:4: contains a NUL byte: this is not text\n4 2 1|2"},
		{"a.csv", "a,b\n1,a longer cell\x00 and more\n", "! 2 1 1|a longer cell\x00 and more ! a.csv:2:3: contains a NUL byte: this is not text"},
		{"a.csv", "\ufeffa,b\n1,a\"\n", "! 2 1 1| ! a.csv:2:4: a cell contains a quote: put the cell in quotes, and write a quote inside it twice, \"\""},
		{"a.csv", "a,b\n1,\ufffd\n", "! 2 1 1|\ufffd ! a.csv:2:3: contains a broken character (\ufffd): the file was saved in another encoding than it was read in"},
		{
			"a.csv", "a,b\n" + strings.Repeat("1,2\n", sampleBytes/4) + "1,\xe9\n",
			"! 16386 16385 1|\xe9 ! a.csv:16386:3: is not UTF-8, though the start of the file is: correct it, " +
				"or give the file's encoding with --encoding, such as windows-1252",
		},
		{"a.csv", "a,b,\n1,2,3\n", "2 1 1|2|3"},
		{"a.csv", "id,n,note\nx,1,\"5 inch\ny,2,b\nz,3,5\"\nw,4,\n", "! 2 1 x|1|5 inch\ny,2,b\nz,3,5 ! a.csv:2:5: " + swallowed + "\n5 2 w|4|"},
		{"a.csv", "id,note,n\nx,\"5 inch,1\ny,5\",2\n", "! 2 1 x|5 inch,1\ny,5|2 ! a.csv:2:3: " + swallowed},
		{"a.csv", "id,note,n\nx,\"5 inch, red\nor blue, 5\",2\n", "2 1 x|5 inch, red\nor blue, 5|2"},
		{"a.csv", "id,n,note\nx,1,\"5 inch\n2 pieces\"\n", "2 1 x|1|5 inch\n2 pieces"},
		{"a.jsonl", "{\"é\":\"é\",\"b\":}\n{\"b\":1}\n", "! 1 1 é| ! a.jsonl:1:14: expected a value, found '}'\n2 2 |1"},
		{"a.jsonl", "[1]\n5\n{\"a\":1,\"a\":2}\n{\"a\":1} {\"a\":2}\n{\"a\":{\"b\":1,\"b\":2}}\n", `! 1 1  ! a.jsonl:1:1: expected an object, {…}, found '['
! 2 2  ! a.jsonl:2:1: expected an object, {…}, found 5: JSON puts text in double quotes
! 3 3 1 ! a.jsonl:3:8: duplicate key "a"
! 4 4 1 ! a.jsonl:4:9: text follows the object: begin each object on a new line
! 5 5  ! a.jsonl:5:6: duplicate key "b" in this value`},
		{"a.jsonl", manyKeys(maxColumns) + "\n{\"more\":1}\n", "! 2 2 " + strings.Repeat("|", maxColumns-1) + " ! a.jsonl:2:2: the objects have more than 1000 different keys"},
		{"a.jsonl", "{\"a\":\"" + strings.Repeat("x", maxRowBytes) + "\"}\n{\"a\":1}\n", "! 1 1  ! a.jsonl:1:1: the line is longer than 1 MiB\n2 2 1"},
		{"a.jsonl", "{\"a\":1}" + strings.Repeat("\n", sampleBytes) + "{\"é\":\"\xff\"}", "1 1 1\n! 65537 2  ! a.jsonl:65537:7: is not UTF-8 here: save the file as UTF-8"},
		{
			"a.json", "[{\"a\":1},\n {\"é\":1, b},5,\n  {\"a\":3}]",
			"1 1 1\n! 2 2 |1 ! a.json:2:10: expected a key in double quotes, found b: JSON puts text in double quotes\n" +
				"! 2 3 | ! a.json:2:13: expected an object, {…}, found 5: JSON puts text in double quotes\n3 4 3|",
		},
		{"a.json", "[}, {\"a\":1}]", "! 1 1  ! a.json:1:2: expected an object, {…}, found '}'\n1 2 1"},
	} {
		_, rows, err := read(c.name, c.text, Options{})
		if err != nil {
			t.Errorf("%.60q: %v", c.text, err)
			continue
		}
		got := strings.Join(rows, "\n")
		if len(rows) > 10 || strings.Contains(c.text, "more\":") {
			got = rows[len(rows)-1]
		}
		if got != c.want {
			t.Errorf("%.60q: got\n%s\nwant\n%s", c.text, got, c.want)
		}
	}
}

func TestWhatEndsTheReading(t *testing.T) {
	many := "a" + strings.Repeat(",", maxColumns)
	for _, c := range []struct {
		name, text string
		o          Options
		want       string
	}{
		{name: "a.csv", o: Options{}, want: "a.csv: is empty"},
		{name: "a.csv", text: "\ufeff\n", o: Options{}, want: "a.csv: is empty"},
		{name: "a.csv", text: "PK\x03\x04", o: Options{}, want: "a.csv: is a spreadsheet (.xlsx) or another zip archive: save it as .xlsx or CSV and give that file"},
		{name: "a.csv.gz", text: packed("PK\x03\x04rest"), o: Options{}, want: "a.csv.gz: is a spreadsheet (.xlsx) or another zip archive: save it as .xlsx or CSV and give that file"},
		{name: "a.csv.gz", text: packed("id,qty\nx,5\n")[:30], o: Options{}, want: "a.csv.gz: is damaged: it cannot be unpacked to its end"},
		{name: "a.csv.gz", text: "\x1f\x8bnot really", o: Options{}, want: "a.csv.gz: is marked as gzip but cannot be unpacked, or is empty"},
		{
			name: "a.csv", text: "a,b\r1,2\r", o: Options{},
			want: "a.csv: has the line ends of old Macintosh files (only CR): save it with Windows or Unix line ends",
		},
		{name: "a.csv", text: "é,b, b\n", o: Options{Delimiter: ','}, want: `a.csv:1:5: two columns are named "b": rename one of them`},
		{name: "a.csv", text: ",\n1,2\n", o: Options{}, want: "a.csv:1:1: the first line has no column names: a header is needed"},
		{name: "a.csv", text: "a,\x00\n", o: Options{}, want: "a.csv:1:3: the header contains a NUL byte: this is not text"},
		{
			name: "a.csv", text: "a,b\"c\n1,2\n", o: Options{},
			want: `a.csv:1:4: the header cannot be read: a cell contains a quote: put the cell in quotes, and write a quote inside it twice, ""`,
		},
		{name: "a.csv", text: many + "\n", o: Options{}, want: "a.csv:1:1: the header names more than 1000 columns"},
		{
			name: "a.csv", text: "a,b\n1,2\n\"x,2\n3,\"4\"\n", o: Options{},
			want: "a.csv:3:1: a quote that opens in this row is not closed in it, or is closed in the middle of a cell",
		},
		{
			name: "a.csv", text: "a,b\n1,2\n\"x,2\n3,4\n", o: Options{},
			want: "a.csv:3:1: a quote that opens in this row is not closed in it, or is closed in the middle of a cell",
		},
		{
			name: "a.csv", text: "a,b\n1,2\n\"x" + strings.Repeat("\nline", maxRowBytes/4), o: Options{},
			want: "a.csv:3:1: a row from here on is longer than 1 MiB: a quote may be missing",
		},
		{name: "a.json", text: "[{\"a\":1} {\"a\":2}]", o: Options{}, want: "a.json:1:10: expected a comma or ] after the object, found '{'"},
		{name: "a.json", text: "[{\"a\":1},]", o: Options{}, want: "a.json:1:9: remove the comma before ]"},
		{name: "a.json", text: "[{\"a\":1},\n", o: Options{}, want: "a.json:2:1: ends too early: the list is not closed, a ] is missing"},
		{name: "a.json", text: "[{\"a\":1}", o: Options{}, want: "a.json:1:9: ends too early: the list is not closed, a ] is missing"},
		{name: "a.json", text: "[{\"é\":1},{\"a\":\"]}", o: Options{}, want: "a.json:1:10: ends too early: this object is not closed"},
		{name: "a.json", text: "[] x", o: Options{}, want: "a.json:1:4: the list ended before this: remove the rest"},
		{
			name: "a.json", text: "{\"a\":1} {\"a\":2}", o: Options{},
			want: "a.json:1:9: a second object follows the first: put them into one list, or set the format to jsonl if each is on its own line",
		},
		{name: "a.json", text: "[{\"a\":\"" + strings.Repeat("x", maxRowBytes) + "\"}]", o: Options{}, want: "a.json:1:2: this object is longer than 1 MiB"},
		{name: "a.csv", text: "a", o: Options{Format: "xml"}, want: `unknown format "xml": use csv, tsv, jsonl or json`},
		{
			name: "a.csv", text: "a", o: Options{Encoding: "ebcdic"},
			want: `unknown encoding "ebcdic": use utf-8, utf-16, windows-1252, windows-1250, windows-1251, iso-8859-2, iso-8859-15, cp437, cp850, macintosh, shift-jis or gbk`,
		},
		{name: "a.csv", text: "a", o: Options{Delimiter: '"'}, want: `'"' cannot be a delimiter: it is one character, such as ; or a tab`},
		{
			name: "a.json", text: "[]", o: Options{Fields: []string{"a"}},
			want: "column names are only for CSV and TSV: a.json is JSON, utf-8, which has names for its fields",
		},
	} {
		_, rows, err := read(c.name, c.text, c.o)
		if err == nil || err.Error() != c.want {
			t.Errorf("%.60q: after %d rows\n got %v\nwant %s", c.text, len(rows), err, c.want)
		}
		if failure.KindOf(err) != failure.Usage {
			t.Errorf("%.60q: the kind is %s", c.text, failure.KindOf(err))
		}
	}
}

func isIDQty(cells []string) bool { return slices.Equal(cells, []string{"id", "qty"}) }

// The limit on a row does not limit the file.
func TestLongTables(t *testing.T) {
	const rows = 200_000
	for name, text := range map[string]string{
		"a.csv":   "a,b\n" + strings.Repeat("1234567,\"2\"\n", rows),
		"a.jsonl": strings.Repeat("{\"a\":1}\n", rows),
		"a.json":  "[" + strings.Repeat("{\"a\":1},\n", rows-1) + "{\"a\":2}]",
	} {
		_, got, err := read(name, text, Options{})
		if err != nil || len(got) != rows {
			t.Errorf("%s: %d rows, %v", name, len(got), err)
		}
	}
}

func TestErrorsAreFinal(t *testing.T) {
	const text = "[{\"a\":1} x]"
	r, err := NewReader("a.json", strings.NewReader(text), Dialect{Format: JSON, Encoding: UTF8}, Options{}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	_, first := r.Next()
	_, again := r.Next()
	if first == nil || !errors.Is(again, first) {
		t.Errorf("got %v, then %v", first, again)
	}
}

func TestPositionsOfCells(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a.csv", "a,b,c\n\"é\né\",ü,x\n", "2:1 3:4 3:6 2:1"},
		{"a.jsonl", "\n{\"é\":\"é\", \"b\":5}\n", "2:6 2:15 2:1 2:1"},
		{"a.json", "[ {\"é\":\"é\",\n \"b\":5}]\n", "1:8 2:6 1:3 1:3"},
	} {
		v, err := Sniff(c.name, []byte(c.text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewReader(c.name, strings.NewReader(c.text), v, Options{}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		row, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range 4 {
			got = append(got, strings.TrimPrefix(r.Pos(row, i).String(), c.name+":"))
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%q: got %s, want %s", c.text, text, c.want)
		}
	}
}
