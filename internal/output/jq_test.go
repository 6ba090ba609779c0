package output_test

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

func TestJQ(t *testing.T) {
	t.Setenv("STOCKCTL_TOKEN", "secret")
	for _, c := range []struct {
		format, expression, want string
	}{
		{"", ".[0].id", "inv_1\n"},
		{"table", ".[].onHandQty", "1200\n3\n"},
		{"json", "length", "2\n"},
		{"json", ".[1] | {id, attributes}", `{"id":"inv_2","attributes":{"Color":"Red","Storage":"256GB"}}` + "\n"},
		{"json", ".[1] | {zebra: 1, ape: .id, onHandQty, id}", `{"zebra":1,"ape":"inv_2","onHandQty":3,"id":"inv_2"}` + "\n"},
		{"json", "[.[].reorderLevel]", "[50,5]\n"},
		{"json", ".[] | [.id, .onHandQty] | @csv", "\"inv_1\",1200\n\"inv_2\",3\n"},
		{"json", ".[] | select(.onHandQty < .reorderLevel) | .id", "inv_2\n"},
		{"json", "empty", ""},
		{"json", "null, true, \"<&>\", [\"<&>\"]", "null\ntrue\n<&>\n[\"<&>\"]\n"},
		{"json", "9007199254740993, (\"9007199254740993\" | tonumber + 1)", "9007199254740993\n9007199254740994\n"},
		{"json", "[\"\\u202e\\u0085\"]", `["\u202e\u0085"]` + "\n"},
		{"json", "[.[].id] | join(\"\\u0000\")", "inv_1\x00inv_2\n"}, // for xargs -0
		{"json", "$ENV.STOCKCTL_TOKEN, env.STOCKCTL_TOKEN, ($ENV | length)", "null\nnull\n0\n"},
		{"json", "\"a\", halt, \"b\"", "a\n"},
		{"jsonl", ".id", "inv_1\ninv_2\n"},
		{"jsonl", ".id, halt", "inv_1\n"},
	} {
		p, out := printer(t, output.Options{Format: c.format, JQ: c.expression})
		if err := output.List(p, view(), output.Items(stock()[:2])); err != nil || out.String() != c.want {
			t.Errorf("-o %s --jq %s: got %q, %v, want %q", c.format, c.expression, out, err, c.want)
		}
	}
}

func TestJQKeepsLargeNumbers(t *testing.T) {
	p, out := printer(t, output.Options{JQ: ".onHandQty, .onHandQty + 1, (.onHandQty | tostring), .onHandQty == 9007199254740992"})
	if err := output.One(p, view(), stock()[3]); err != nil {
		t.Fatal(err)
	}
	if want := "9007199254740993\n9007199254740994\n9007199254740993\nfalse\n"; out.String() != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

func TestJQOnATerminal(t *testing.T) {
	p, out := printer(t, output.Options{JQ: ".name, {name}", Terminal: true})
	if err := output.One(p, view(), item{Name: "a\x1b[2J\n\u202eb"}); err != nil {
		t.Fatal(err)
	}
	if want := "a\\x1b[2J\n\\u202eb\n{\"name\":\"a\\u001b[2J\\n\\u202eb\"}\n"; out.String() != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

func TestJQWithOtherFormats(t *testing.T) {
	for _, format := range []string{"wide", "yaml", "csv", "id"} {
		_, err := output.New(output.Options{Format: format, JQ: ".", Out: os.Stdout})
		usage(t, err, "--jq works only on JSON, not on "+format, "add -o json or -o jsonl")
	}
}

func TestJQMistakes(t *testing.T) {
	for expression, want := range map[string]string{
		".[":                 `invalid --jq expression ".[": unexpected EOF`,
		".id |":              `invalid --jq expression ".id |": unexpected EOF`,
		"nofunc":             `invalid --jq expression "nofunc": function not defined: nofunc/0`,
		"input":              `invalid --jq expression "input": input(s)/0 is not allowed`,
		`import "a" as a; .`: `invalid --jq expression "import \"a\" as a; .": cannot load module: "a"`,
	} {
		p, err := output.New(output.Options{JQ: expression})
		usage(t, err, want, "")
		if p != nil {
			t.Errorf("%s: a printer was returned with the error", expression)
		}
	}
	for expression, want := range map[string]string{
		".id.x":                `--jq ".id.x": expected an object but got: string ("inv_1")`,
		`.id, error("no")`:     `--jq ".id, error(\"no\")": error: no`,
		`"bad" | halt_error`:   `--jq "\"bad\" | halt_error": halt error: bad`,
		`null | halt_error(3)`: `--jq "null | halt_error(3)": halt error: null`,
	} {
		p, _ := printer(t, output.Options{JQ: expression})
		err := output.One(p, view(), stock()[0])
		usage(t, err, want, "")
		if failure.KindOf(err) != failure.Usage {
			t.Errorf("%s is of the kind %s", expression, failure.KindOf(err))
		}
	}
}

// A signal ends an expression that would not end by itself.
func TestASignalEndsAnExpression(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	signal := errors.New("terminated")
	cancel(signal)
	p, err := output.New(output.Options{JQ: "def f: f; f", Out: io.Discard, Context: ctx})
	if err != nil {
		t.Fatal(err)
	}
	if err := output.Value(p, 1); !errors.Is(err, signal) {
		t.Errorf("got %v, want %v", err, signal)
	}
}
