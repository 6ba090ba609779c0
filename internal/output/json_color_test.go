package output

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"
)

// The colours are those of keys, strings, booleans and null; without them the text is the
// same JSON, whatever the values hold.
func TestColoredJSON(t *testing.T) {
	p := &Printer{color: true}
	if got, want := string(p.inColour([]byte(`{"a":"b","c":true,"d":null,"e":-1.5e3}`))),
		"{\x1b[1;34m\"a\"\x1b[0m:\x1b[32m\"b\"\x1b[0m,\x1b[1;34m\"c\"\x1b[0m:\x1b[33mtrue\x1b[0m,\x1b[1;34m\"d\"\x1b[0m:\x1b[36mnull\x1b[0m,\x1b[1;34m\"e\"\x1b[0m:-1.5e3}"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for _, value := range []any{`quote " and \ back`, "ends in \\", `":`, []any{false, nil, "", map[string]any{"": `a":"b`}}, 1e300, "true, null", map[string]any{}} {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		plain := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAll(p.inColour(text), nil)
		if !bytes.Equal(plain, text) {
			t.Errorf("%s became %s", text, plain)
		}
		if got := (&Printer{}).inColour(text); !bytes.Equal(got, text) {
			t.Errorf("without colour, %s became %s", text, got)
		}
	}
}

// A terminal shows JSON in colour in every format that prints it.
func TestColoredFormats(t *testing.T) {
	for format, want := range map[string]string{
		"json":  "{\n  \x1b[1;34m\"a\"\x1b[0m: 1\n}\n",
		"jsonl": "{\x1b[1;34m\"a\"\x1b[0m:1}\n",
		"yaml":  "a: 1\n",
	} {
		for _, jq := range []string{"", "."} {
			if jq != "" {
				want = "{\x1b[1;34m\"a\"\x1b[0m:1}\n"
			}
			if format == "yaml" && jq != "" {
				continue
			}
			var out bytes.Buffer
			p, err := New(Options{Format: format, JQ: jq, Out: &out, Terminal: true, Color: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := Value(p, map[string]int{"a": 1}); err != nil || out.String() != want {
				t.Errorf("%s, --jq %q: %q, %v, want %q", format, jq, out.String(), err, want)
			}
		}
	}
}
