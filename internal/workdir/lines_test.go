package workdir_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bayworks/stockctl/internal/workdir"
)

// Lines written before a process died are read up to the one that it did not finish.
// Damage before the last line is an error with the number of the line.
func TestLines(t *testing.T) {
	one, two := string(workdir.Seal(nil, []byte("one"))), string(workdir.Seal(nil, []byte("two")))
	bad, long := "00000000 x\n", strings.Repeat("x", 3*workdir.MaxLine)
	for name, c := range map[string]struct {
		text, want string
		whole      int
		err        string
	}{
		"nothing":           {"", "", 0, ""},
		"all whole":         {one + two, "one two", 26, ""},
		"torn":              {one + two[:5], "one", 13, ""},
		"torn in one piece": {one[:12], "", 0, ""},
		"torn and long":     {one + long, "one", 13, ""},
		"last damaged":      {one + bad, "one", 13, ""},
		"long and damaged":  {one + long + "\n", "one", 13, ""},
		"damaged":           {one + bad + two, "one", 13, "line 2 of the list is damaged: its checksum does not match"},
		"long":              {long + "\n" + one, "", 0, "line 1 of the list is damaged: its checksum does not match"},
		"not accepted":      {one + two + one, "one two", 26, "line 3 of the list is damaged: one is there already"},
	} {
		var got []string
		whole, err := workdir.Lines(strings.NewReader(c.text), "the list", func(text string) error {
			if slices.Contains(got, text) {
				return errors.New(text + " is there already")
			}
			got = append(got, text)
			return nil
		})
		said := ""
		if err != nil {
			said = err.Error()
		}
		if strings.Join(got, " ") != c.want || whole != int64(c.whole) || said != c.err {
			t.Errorf("%s: %q, %d bytes, %q", name, got, whole, said)
		}
	}
	_, err := workdir.Lines(io.MultiReader(strings.NewReader(one), iotest.ErrReader(errors.New("no disk"))), "the list", func(string) error { return nil })
	if err == nil || err.Error() != "reading the list: no disk" {
		t.Errorf("got %v, want %q", err, "reading the list: no disk")
	}
}
