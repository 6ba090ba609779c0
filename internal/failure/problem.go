package failure

import (
	"fmt"
	"strings"
)

// maxListed limits how many problems are printed; all of them are counted.
const maxListed = 1000

// Problem is one mistake in the user's input: where it is, the field, the value as
// written, and what is wrong with it.
type Problem struct {
	Where string // FILE:LINE:COLUMN or "--flag"; may be blank
	Field string // the API's field name; blank when the mistake is not in a field
	Value string // as written; blank when there is none
	What  string // lower case, no full stop: "must be 0 or more"
	Code  Code   // blank means CodeInvalid
}

// String returns `WHERE FIELD "VALUE": WHAT` without blank parts.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(oneLine(p.Where))
	if p.Field != "" {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p.Field)
	}
	if p.Value != "" {
		fmt.Fprintf(&b, " %q", Clip(p.Value, 80))
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(oneLine(p.What))
	return b.String()
}

// oneLine keeps a text of the input from beginning a line of its own.
func oneLine(s string) string { return strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(s) }

// Clip shortens a text to so many characters.
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// Problems are all mistakes in one source, found before anything was sent. The error
// is of the kind Usage.
type Problems struct {
	Source string // the file's name, "standard input" or "the flags"
	List   []Problem
}

// Error lists the mistakes, one per line if there are several.
func (p *Problems) Error() string {
	if len(p.List) == 1 {
		return p.List[0].String()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d mistakes in %s", len(p.List), p.Source)
	for i, one := range p.List {
		if i == maxListed {
			fmt.Fprintf(&b, "\n  … and %d more", len(p.List)-maxListed)
			break
		}
		b.WriteString("\n  ")
		b.WriteString(one.String())
	}
	return b.String()
}

// FailureKind returns Usage: the user fixes the source and runs the command again.
func (p *Problems) FailureKind() Kind { return Usage }

// Err returns p as an error, or nil if there is no problem.
func (p *Problems) Err() error {
	if p == nil || len(p.List) == 0 {
		return nil
	}
	return p
}

// Add adds a problem.
func (p *Problems) Add(one Problem) { p.List = append(p.List, one) }
