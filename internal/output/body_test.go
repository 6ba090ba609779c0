package output_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/output"
)

func TestBody(t *testing.T) {
	const object = "{ \"b\":1.50,\"a\":\"x\\u001b[2J\u202e\"}"
	for _, c := range []struct {
		options output.Options
		body    string
		want    string
		err     string
	}{
		{output.Options{}, object, object, ""},
		{output.Options{}, "\x1b[2J\n", "\x1b[2J\n", ""},
		{output.Options{Terminal: true}, object, "{\n  \"b\": 1.50,\n  \"a\": \"x\\u001b[2J\\u202e\"\n}\n", ""},
		{output.Options{Terminal: true}, "<p>\x1b[2J\nno", "<p>\\x1b[2J\nno\n", ""},
		{output.Options{Format: "yaml"}, `{"a":1}`, "a: 1\n", ""},
		{output.Options{Format: "jsonl"}, `[1,2]`, "1\n2\n", ""},
		{output.Options{JQ: ".b"}, object, "1.50\n", ""},
		{output.Options{JQ: ".b"}, " \n", "", ""},
		{output.Options{JQ: ".b"}, "<p>", "", "the response is not JSON"},
		{output.Options{Format: "csv"}, object, object, ""},
	} {
		p, out := printer(t, c.options)
		err := output.Body(p, []byte(c.body))
		if out.String() != c.want || (err == nil) != (c.err == "") || err != nil && err.Error() != c.err {
			t.Errorf("%+v: got %q, %v, want %q, %s", c.options, out, err, c.want, c.err)
		}
	}
	p, out := printer(t, output.Options{JQ: ".data"})
	if err := output.PlainBody(p, []byte("no\n")); err != nil || out.String() != "no\n" {
		t.Errorf("a failure: got %q, %v", out, err)
	}
}
