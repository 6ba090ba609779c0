package cmd

import (
	"strings"
	"testing"
)

// An error and its hint may contain what a file, a server or an argument says: neither can
// control the terminal.
func TestErrorsAreClean(t *testing.T) {
	var out strings.Builder
	plain := func(text string) string { return text }
	e := errorObject{Message: "no \x1b[2Jproduct\nand \u202eno SKU", Hint: "see \x1b]0;title\a"}
	if err := writeText(false, plain)(&out, e); err != nil {
		t.Fatal(err)
	}
	const want = `error: no \x1b[2Jproduct` + "\n" + `and \u202eno SKU` + "\n" + `hint: see \x1b]0;title\x07` + "\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
