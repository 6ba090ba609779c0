package intake

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

func TestMistakesInDocuments(t *testing.T) {
	deep := strings.Repeat("[", 33) + strings.Repeat("]", 33)
	for _, c := range []struct{ name, text, want string }{
		// Not text, or the wrong kind.
		{"a.yaml", "", "a.yaml: is empty"},
		{"a.yaml", " \n\t\n", "a.yaml: is empty"},
		{"a.yaml", "# only a comment\n", "a.yaml: contains no records"},
		{"a.json", "[]", "a.json: contains no records"},
		{"a.yaml", "PK\x03\x04rest", "a.yaml: is a spreadsheet (.xlsx) or another zip archive: save it as .xlsx or CSV and give that file"},
		{"a.yaml", "\xd0\xcf\x11\xe0rest", "a.yaml: is an old workbook (.xls) or one with a password: save it as .xlsx or CSV, without a password, and give that file"},
		{"a.yaml", "%PDF-1.7\n", "a.yaml: is a PDF: copy its table into a spreadsheet and save that as .xlsx or CSV"},
		{"a.yaml", "\x1f\x8b\x08", "a.yaml: is compressed (gzip): unpack it first"},
		{"a.yaml", "\xff\xfea\x00:\x00", "a.yaml: is encoded as UTF-16: save it as UTF-8"},
		{"a.yaml", "\x00a\x00:\x00 \x001", "a.yaml: is encoded as UTF-16: save it as UTF-8"},
		{"a.yaml", "a: é\nbé: \xff\n", "a.yaml:2:5: is not UTF-8 here: save the file as UTF-8"},
		{"a.yaml", "a: 1\nb: \x00\n", "a.yaml:2:4: is not text: it contains a NUL byte"},
		{"a.yaml", "a: \x1b[1m\n", "a.yaml:1:4: contains a control character: remove it"},
		{"a.yaml", strings.Repeat("# comment\n", maxDocumentBytes/10+1), "a.yaml: is larger than 16 MiB: write the records as CSV and import that"},

		// Not a record.
		{"a.yaml", "just text\n", "a.yaml:1:1: a record must be a mapping of fields, not text"},
		{"a.yaml", "- [1]\n-\n", "2 mistakes in a.yaml\n  a.yaml:1:3: a record must be a mapping of fields, not a list\n  a.yaml:2:2: a record must be a mapping of fields, not nothing"},
		{"a.json", `[1,{"a":2},"x"]`, "2 mistakes in a.json\n  a.json:1:2: a record must be a mapping of fields, not a number\n  a.json:1:12: a record must be a mapping of fields, not text"},
		{"a.json", "true", "a.json:1:1: a record must be a mapping of fields, not true or false"},

		// Broken JSON.
		{"a.json", "{\"a\":1}\n {\"a\":2}", "a.json:2:2: a second document begins here: write several records as one list, [{…}, {…}]"},
		{"a.json", `{"a":1} x`, "a.json:1:9: the document ended before this: remove the rest"},
		{"a.json", "[{\"a\":1},\n]", "a.json:1:9: remove the comma before ]"},
		{"a.json", `{"a":1,}`, "a.json:1:7: remove the comma before }"},
		{"a.json", `{"a":1 "b":2}`, `a.json:1:8: expected a comma or }, found '"'`},
		{"a.json", `{"a" 1}`, "a.json:1:6: expected a colon after the key, found 1: JSON puts text in double quotes"},
		{"a.json", `{a:1}`, "a.json:1:2: expected a key in double quotes, found a: JSON puts text in double quotes"},
		{"a.json", `{'a':1}`, "a.json:1:2: expected a key in double quotes, found ': JSON puts text in double quotes"},
		{"a.json", "{ // x\n}", "a.json:1:3: expected a key in double quotes, found /: JSON has no comments"},
		{"a.json", `{"a":`, "a.json:1:6: ends too early: a value is missing"},
		{"a.json", `{"a":NaN}`, "a.json:1:6: expected a value, found NaN: JSON puts text in double quotes"},
		{"a.json", `{"a":007}`, "a.json:1:6: a number must not begin with 0: write it in quotes if it is text"},
		{"a.json", `{"a":1.}`, "a.json:1:6: is not a number: a digit is missing"},
		{"a.json", `{"a":1e}`, "a.json:1:6: is not a number: a digit is missing"},
		{"a.json", `{"a":-}`, "a.json:1:6: is not a number: a digit is missing"},
		{"a.json", `{"a":12B}`, "a.json:1:6: is not a number: write it in quotes if it is text"},
		{"a.json", `{"é":"x`, `a.json:1:6: this text is never closed: a " is missing`},
		{"a.json", "{\"a\":\"x\ty\"}", `a.json:1:8: a control character in text must be written as \t`},
		{"a.json", "{\"a\":\"x\ny\"}", `a.json:1:6: this text is not closed before the end of the line: write a line break as \n`},
		{"a.json", `{"a":"c:\dir"}`, `a.json:1:9: \d is not an escape: write \\ for a backslash`},
		{"a.json", `{"a":"\u12"}`, `a.json:1:7: \u must be followed by four hexadecimal digits`},
		{"a.json", `{"a":"\ud83d!"}`, `a.json:1:7: \ud83d is half a character: its other half is missing`},
		{"a.json", `{"a":1,"b":{"c":1,"c":2},"a":2}`, "2 mistakes in a.json\n  a.json:1:19: duplicate key \"c\": it is also on line 1\n  a.json:1:26: duplicate key \"a\": it is also on line 1"},
		{"a.json", deep, "a.json:1:33: is nested more than 32 deep"},

		// Broken YAML.
		{"a.yaml", "a: 1\nb: 2\na: 3\nb: 4\n", "2 mistakes in a.yaml\n  a.yaml:3:1: duplicate key \"a\": it is also on line 1\n  a.yaml:4:1: duplicate key \"b\": it is also on line 2"},
		{"a.yaml", "a: 1\n\tb: 2\n", "a.yaml:2:1: is indented with a tab: YAML is indented with spaces"},
		{"a.yaml", "a: b: c\n", "a.yaml:1:4: the value contains a second `key: value`: check the indentation, or put the value in quotes"},
		{"a.yaml", "a: \"x\nb: 2\n", `a.yaml:1:4: a text in double quotes is never closed: a " is missing`},
		{"a.yaml", "a: 'x\nb: 2\n", "a.yaml:1:4: a text in single quotes is never closed: a ' is missing"},
		{"a.yaml", "a: 1\nfoo\nb: 2\n", "a.yaml:2:1: expected `key: value`: a colon and a space are missing"},
		{"a.yaml", "a: {x: 1}}\nb: 2\n", "a.yaml:2:1: does not fit here: check its indentation"},
		{"a.yaml", "a: {x: 1 y}, z: 3\n", "a.yaml:1:1: does not fit here: check its indentation"},
		{"a.yaml", "a: [x y: 3 4: 5, {]}]\n", "a.yaml:1:1: expected a comma or ]"},
		{"a.yaml", "a: {x: 1\nb: 2\n", "a.yaml:1:4: a { is never closed: a } is missing"},
		{"a.yaml", "a: [1\n", "a.yaml:1:4: a [ is never closed: a ] is missing"},
		{"a.yaml", "a: @x\n", "a.yaml:1:4: a text must not begin with this character: put it in quotes"},
		{"a.yaml", "a: %x\n", "a.yaml:1:4: a text must not begin with this character: put it in quotes"},
		{"a.yaml", "%TAG ! x\n---\na: 1\n", "a.yaml:1:1: unknown directive %TAG: remove the line"},
		{"a.yaml", "a: \"c:\\dir\"\n", `a.yaml:1:7: a backslash in double quotes must be written \\, or use single quotes`},
		{"a.yaml", "é: \"ü\\xZZ\"\n", `a.yaml:1:6: \x, \u and \U must be followed by the hexadecimal digits of a character`},
		{"a.yaml", "a: \"\n  \\udc00\"\n", `a.yaml:2:3: \x, \u and \U must be followed by the hexadecimal digits of a character`},
		{"a.yaml", "a: one\n  - b\n", "a.yaml:1:4: this text without quotes continues on the next line: put it in quotes, or check the indentation"},
		{"a.yaml", "a: b\tc\n", "a.yaml:1:4: this text contains a tab: put it in quotes"},
		{"a.yaml", "- a: 1\n - b: 2\n", "a.yaml:2:2: does not fit here: check its indentation"},
		{"a.yaml", "a: !!int x\n", "a.yaml:1:4: the tag !!int does not fit: this is text"},
		{"a.yaml", "a: {b: !!int , c: 1}\n", "a.yaml:1:8: the tag !!int has no value"},
		{"a.yaml", "!!str !!str \n'x'}\n", "a.yaml:2:1: does not fit here: check its indentation"},
		{"a.yaml", "a: !thing x\n", "a.yaml:1:4: unknown tag !thing: remove it"},
		{"a.yaml", "[a]: 1\n", "a.yaml:1:1: a key must be text"},
		{"a.yaml", "a: *x\n", "a.yaml:1:4: no anchor &x is set before this"},
		{"a.yaml", "a: &x [*x]\n", "a.yaml:1:8: *x refers to itself"},
		{"a.yaml", "a: *x\n---\nb: &x 1\n", "a.yaml:1:4: no anchor &x is set before this"},
		{"a.yaml", "<<: 5\n", "a.yaml:1:5: << takes a mapping or a list of mappings, not a number"},
		{"a.yaml", "<<: [5]\n", "a.yaml:1:6: << takes a mapping or a list of mappings, not a number"},
		{"a.yaml", "x: " + deep + "\n", "a.yaml:1:35: is nested more than 32 deep"},
		{"a.yaml", bomb(), "a.yaml:7:8: the aliases of this file expand to more than 1000000 values"},
		{"a.yaml", ladder(), "a.yaml:31:12: is nested more than 32 deep"},
	} {
		_, err := ReadDocuments(c.name, strings.NewReader(c.text))
		if err == nil || err.Error() != c.want {
			t.Errorf("%.60q:\n got %v\nwant %s", c.text, err, c.want)
		}
		var mistakes *failure.Problems
		if !errors.As(err, &mistakes) || failure.KindOf(err) != failure.Usage {
			t.Errorf("%.60q: the error is a %T", c.text, err)
		}
	}
}

func TestTooManyRecords(t *testing.T) {
	for name, text := range map[string]string{
		"a.yaml": strings.Repeat("- {}\n", maxRecords+5),
		"a.json": "[" + strings.Repeat("{},\n", maxRecords+5) + "{}]",
	} {
		_, err := ReadDocuments(name, strings.NewReader(text))
		column := map[string]int{"a.yaml": 3, "a.json": 1}[name]
		want := fmt.Sprintf("%s:100001:%d: more than 100000 records: write them as CSV and import that", name, column)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// bomb is the "billion laughs" attack: nine levels, each nine times the one before.
func bomb() string {
	var b strings.Builder
	b.WriteString("a: &a [x,x,x,x,x,x,x,x,x]\n")
	for c := 'b'; c < 'k'; c++ {
		fmt.Fprintf(&b, "%c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 8), c-1)
	}
	return b.String()
}

// ladder nests through aliases, one level per line.
func ladder() string {
	var b strings.Builder
	b.WriteString("a1: &b1 [x]\n")
	for i := 2; i < 40; i++ {
		fmt.Fprintf(&b, "a%d: &b%d [*b%d]\n", i, i, i-1)
	}
	return b.String()
}
