package output_test

import (
	"bytes"
	stdjson "encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/bayworks/stockctl/internal/output"
)

// Each of these texts must be read back as the same text, not as a number, a time, a
// boolean, null, or an error.
func TestYAMLTextsStayTexts(t *testing.T) {
	texts := []string{
		"", " ", "007", "1e3", "0x1F", "0o17", "0b1", "1_000", "1,000", ".5", ".inf", "-.INF", ".nan", "+1", "-1", "12:30", "12:30:45",
		"2025-01-01", "2025-02-01T21:28:29.049Z", "true", "False", "yes", "NO", "on", "Off", "y", "N", "null", "NULL", "~", "=", "<<",
		"-", "--", "---", "...", "- a", "-a", "?", "? a", "?a", ":", ": a", "a:", "a: b", "a:b", "a #b", "a#b", "#a", "&a", "*a", "!a", "|", ">", "%a",
		"@a", "`a", "'a'", "\"a\"", "it's", "a \"b\"", "{a", "a}", "[a", "a]", "a,b", " lead", "trail ", "a  b", "a\n", "a\nb\n", "\na", "\ta", "a\tb", "a\r\nb",
		"\\", "a\\nb", "日本", "é", "/shelf", "_x", "😀", "\ufeffa", "a\u2028b", "\u202eb", "\u0085", "\x7f", "\x00", "\x1b[31m", "\U000e0001", "👩‍🔧", "a\u00a0b", "\ufffd",
	}
	for _, s := range texts {
		for _, value := range []any{map[string]any{"k": s, "list": []any{s, []any{s}}}, map[string]any{s: "v"}} {
			yamlRoundTrip(t, value)
		}
	}
}

func TestYAMLShapes(t *testing.T) {
	p, out := printer(t, output.Options{Format: "yaml"})
	value := stdjson.RawMessage(`{"z":1,"a":[{"b":{"c":[]},"d":[[1,[2]],{}]},null],"big":9007199254740993,"e":1e-7,"no":false}`)
	if err := output.Value(p, value); err != nil {
		t.Fatal(err)
	}
	want := `z: 1
a:
  - b:
      c: []
    d:
      - - 1
        - - 2
      - {}
  - null
big: 9007199254740993
e: 1e-7
"no": false
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzYAML(f *testing.F) {
	for _, s := range []string{`{"a":[1,"x: y",{"b":null}]}`, `["- a",[[]],{"":{}}]`, `"? a"`, `{"<<":"1e3"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var value any
		if stdjson.Unmarshal([]byte(text), &value) == nil {
			yamlRoundTrip(t, shape(value))
		}
	})
}

// yamlRoundTrip writes a value as YAML and reads it back with a YAML library.
func yamlRoundTrip(t *testing.T, value any) {
	t.Helper()
	p, out := printer(t, output.Options{Format: "yaml"})
	if err := output.Value(p, value); err != nil {
		t.Fatal(err)
	}
	var back any
	if err := yaml.Unmarshal(bytes.Clone(out.Bytes()), &back); err != nil {
		t.Fatalf("%#v is written as\n%s\nwhich cannot be read: %v", value, out, err)
	}
	if diff := cmp.Diff(shape(value), shape(back)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", out, diff)
	}
}

// shape replaces all numbers by the same one, because the libraries have different types
// for them, and the parser supports only 64 bits.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = shape(e)
		}
		return out
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, shape(e))
		}
		return out
	case string, bool, nil:
		return v
	}
	return 7
}
