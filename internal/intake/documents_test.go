package intake

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bayworks/stockctl/internal/failure"
)

// show writes a value with all its positions in one line.
func show(v Value) string {
	at := fmt.Sprintf("@%d:%d", v.Pos.Line, v.Pos.Column)
	var parts []string
	switch v.Type {
	case Map:
		for _, f := range v.Fields {
			parts = append(parts, fmt.Sprintf("%s@%d:%d=%s", f.Name, f.Pos.Line, f.Pos.Column, show(f.Value)))
		}
		return "{" + strings.Join(parts, " ") + "}" + at
	case List:
		for _, item := range v.Items {
			parts = append(parts, show(item))
		}
		return "[" + strings.Join(parts, " ") + "]" + at
	}
	return [...]string{"null", "text", "num", "bool"}[v.Type] + ":" + v.Text + at
}

func showAll(d Documents) string {
	var parts []string
	for _, r := range d.Records {
		parts = append(parts, show(r))
	}
	if d.Single {
		return "single " + strings.Join(parts, "\n")
	}
	return strings.Join(parts, "\n")
}

func TestReadDocuments(t *testing.T) {
	for _, c := range []struct{ about, name, text, want string }{
		{"one mapping", "a.yaml", "productId: prod_abc123\ninitialQty: 5\n", "single {productId@1:1=text:prod_abc123@1:12 initialQty@2:1=num:5@2:13}@1:1"},
		{"a list of one is not single", "a.yaml", "- a: 1\n", "{a@1:3=num:1@1:6}@1:3"},
		{"several documents", "a.yaml", "a: 1\n---\n- b: 2\n- c: 3\n...\n", "{a@1:1=num:1@1:4}@1:1\n{b@3:3=num:2@3:6}@3:3\n{c@4:3=num:3@4:6}@4:3"},
		{"documents after an empty one are read", "a.yaml", "---\n---\na: 1\n---\n# nothing\n", "single {a@3:1=num:1@3:4}@3:1"},
		{"a list after a key may begin at its column", "a.yaml", "k:\n-\nn: 1\n", "single {k@1:1=[null:@2:2]@2:1 n@3:1=num:1@3:4}@1:1"},
		{"the YAML directive", "a.yaml", "%YAML 1.2\n---\na: 1\n", "single {a@3:1=num:1@3:4}@3:1"},
		{"mark, CRLF and no last line end", "a.yaml", "\ufeffa: 1\r\nb: é\r\nc: x", "single {a@1:1=num:1@1:4 b@2:1=text:é@2:4 c@3:1=text:x@3:4}@1:1"},
		{"columns are characters", "a.yaml", "{é: ü, b: x}\n", "single {é@1:2=text:ü@1:5 b@1:8=text:x@1:11}@1:1"},
		{"a tab after the colon", "a.yaml", "a:\t5\n", "single {a@1:1=num:5@1:4}@1:1"},
		{"JSON in a YAML file", "a.yaml", "{\"a\":\"\\u00e9\\ud83d\\ude00\"}", "single {a@1:2=text:é😀@1:6}@1:1"},
		{"JSON by its first character", "standard input", " [{\"a\":1},\n {\"b\":[true,null]}]", "{a@1:4=num:1@1:8}@1:3\n{b@2:3=[bool:true@2:8 null:null@2:13]@2:7}@2:2"},
		{"JSON with a mark", "a.json", "\ufeff{}", "single {}@1:1"},
		{"numbers keep their literal", "a.json", `{"a":-1.50e+3,"b":0}`, "single {a@1:2=num:-1.50e+3@1:6 b@1:15=num:0@1:19}@1:1"},
	} {
		t.Run(c.about, func(t *testing.T) {
			d, err := ReadDocuments(c.name, strings.NewReader(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := showAll(d); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestScalarsFollowYAML12(t *testing.T) {
	for text, want := range map[string]string{
		"050": "num:050", "00123": "num:00123", "+5": "num:+5", "-0": "num:-0", "1.5": "num:1.5", "1.": "num:1.", ".5": "num:.5",
		"1e3": "num:1e3", "0x1F": "num:0x1F", "0o14": "num:0o14", ".inf": "num:.inf", "-.INF": "num:-.INF", ".nan": "num:.nan",
		"1_000": "text:1_000", "0b11": "text:0b11", "12:30": "text:12:30", "2026-04-01": "text:2026-04-01", "9.78014E+12": "num:9.78014E+12",
		"yes": "text:yes", "no": "text:no", "on": "text:on", "off": "text:off", "NO": "text:NO", "y": "text:y",
		"true": "bool:true", "FALSE": "bool:FALSE", "~": "null:~", "Null": "null:Null", "": "null:",
		`"5"`: "text:5", "'true'": "text:true", `"a\tb\u00e9\x41\U0001F600"`: "text:a\tbéA😀", "'it''s'": "text:it's", "a#b": "text:a#b",
		"!!str 0123": "text:0123", "!!str true": "text:true", `!!int "5"`: "num:5", "!!null ''": "null:",
		"|\n  one\n   two\n": "text:one\n two\n", ">-\n  one\n  two\n": "text:one two", "x y  # note": "text:x y",
	} {
		d, err := ReadDocuments("a.yaml", strings.NewReader("v: "+text+"\n"))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		got, _, _ := strings.Cut(show(d.Records[0].Fields[0].Value), "@1:")
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestAnchorsAndMerge(t *testing.T) {
	const text = `- &base
  warehouseId: LGS-01
  initialQty: &n 5
- <<: *base
  initialQty: 7
- <<: [{a: 1}, {a: 2, b: 3}]
- *base
- q: *n
  "<<": plain
`
	d, err := ReadDocuments("a.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := `{warehouseId@2:3=text:LGS-01@2:16 initialQty@3:3=num:5@3:15}@1:3
{initialQty@5:3=num:7@5:15 warehouseId@2:3=text:LGS-01@2:16}@4:3
{a@6:9=num:1@6:12 b@6:23=num:3@6:26}@6:3
{warehouseId@2:3=text:LGS-01@2:16 initialQty@3:3=num:5@3:15}@7:3
{q@8:3=num:5@8:6 <<@9:3=text:plain@9:9}@8:3`
	if got := showAll(d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMistakesInAllRecordsAreReported(t *testing.T) {
	_, err := ReadDocuments("a.yaml", strings.NewReader("- a: 1\n  a: 2\n- five\n- b: {x\n- c: 3\n"))
	want := `3 mistakes in a.yaml
  a.yaml:2:3: duplicate key "a": it is also on line 1
  a.yaml:3:3: a record must be a mapping of fields, not text
  a.yaml:4:6: a { is never closed: a } is missing`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestReadErrorIsKept(t *testing.T) {
	broken := errors.New("device gone")
	_, err := ReadDocuments("a.yaml", iotest.ErrReader(broken))
	if !errors.Is(err, broken) || err.Error() != "reading a.yaml: device gone" || failure.KindOf(err) != failure.Usage {
		t.Errorf("got %v of kind %s", err, failure.KindOf(err))
	}
}
