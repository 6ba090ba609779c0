package output_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/output"
)

func TestWrap(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "",
		"it fits, just so far":                   "it fits, just so far",
		"it does not fit into one line":          "it does not fit into\none line",
		"two lines\nof which the second is long": "two lines\nof which the second\nis long",
		"run `stockctl auth login --profile lagos` first": "run\n`stockctl auth login --profile lagos`\nfirst",
		"/a/path/without/a/single/space is kept":          "/a/path/without/a/single/space\nis kept",
		"  an indented line stays as it is, whatever":     "  an indented line stays as it is, whatever",
		"漢字漢字漢字 漢字漢字漢字":                                   "漢字漢字漢字\n漢字漢字漢字",
		"a backtick ` that nothing ends stays":            "a backtick\n` that nothing ends stays",
	} {
		if got := output.Wrap(text, 20); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
