package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/bayworks/stockctl/internal/intake"
)

// A row that is read again from its span in the copy is the same, with the same position
// and the same mistake.
func TestRowsAreReadAgain(t *testing.T) {
	wide := "\xff\xfe"
	for _, unit := range utf16.Encode([]rune("a,b\r\nä,€\r\n𝄞,2\r\n")) {
		wide += string([]byte{byte(unit), byte(unit >> 8)})
	}
	for name, text := range map[string]string{
		"plain.csv":   "a,b\n1,2\n\n\n3,\"4\n4\"\n5,6",
		"marked.csv":  "\ufeffa;b\r\nä;\"x\"\"y\"\r\n\r\n;2\r\n",
		"ragged.csv":  "a,b\n1\n1,2,3\nx,\"y\"z\n4,5\n",
		"unnamed.csv": "a,,b\n1,,2\n1,x,2\n",
		"sep.csv":     "sep=;\na;b\n1;2\n",
		"latin.csv":   "a,b\n\xe4,\x80\n1,2\n",
		"wide.csv":    wide,
		"rows.jsonl":  "\ufeff{\"a\":1}\n\n{\"b\":\"ü\",\"c\":{\"d\":1}}\n{\"a\":}\n{\"a\":2}",
		"list.json":   "[ {\"a\":1}, {\"b\":\"ü\",\n \"a\":2},{\"a\":tru},{\"c\":null}\n]",
		"one.json":    " {\"a\":1}\n",
	} {
		t.Run(name, func(t *testing.T) {
			v, err := intake.Sniff(name, []byte(text), intake.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var copied bytes.Buffer
			r, err := intake.NewReader(name, strings.NewReader(text), v, intake.Options{}, &copied)
			if err != nil {
				t.Fatal(err)
			}
			type seen struct {
				line, column int
				span         intake.Span
				returned     string
			}
			var rows []seen
			for {
				row, err := r.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				rows = append(rows, seen{row.Line, r.Span().Column, r.Span(), returned(r, row, err)})
			}
			if len(rows) == 0 {
				t.Fatal("no rows")
			}
			for _, one := range slices.Backward(rows) {
				part := copied.Bytes()[one.span.Offset:][:one.span.Length]
				again := intake.NewRowReader(part, v, r.Header(), intake.Pos{File: name, Line: one.line, Column: one.column})
				row, err := again.Next()
				if got := returned(again, row, err); !strings.HasPrefix(got, one.returned) {
					t.Errorf("%q is read again as\n%s\nnot\n%s", part, got, one.returned)
				}
			}
		})
	}
}

// returned is everything that a reader returns for a row. A JSON list may get more columns
// later, which are blank in the row that is read again.
func returned(r *intake.Reader, row *intake.Row, err error) string {
	text := fmt.Sprint(row.Line, " ", err)
	for i, cell := range row.Cells {
		text += fmt.Sprintf(" %q at %s", cell, r.Pos(row, i))
	}
	return text
}
