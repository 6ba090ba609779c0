package failure_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

func TestKindAndHintSurviveWrapping(t *testing.T) {
	base := failure.New(failure.NotFound, "no warehouse %q: %w", "ABJ", io.EOF).Hint("try `%s`", "stockctl warehouse list")
	err := fmt.Errorf("creating prod_abc123: %w", base)

	if got := failure.KindOf(err); got != failure.NotFound {
		t.Errorf("KindOf = %q, want not_found", got)
	}
	if got := failure.HintOf(err); got != "try `stockctl warehouse list`" {
		t.Errorf("HintOf = %q", got)
	}
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is lost")
	}
	outer := failure.WithHint(err, "look again")
	if failure.HintOf(outer) != "look again" || failure.KindOf(outer) != failure.NotFound {
		t.Errorf("an outer hint must win and leave the kind: %q, %q", failure.HintOf(outer), failure.KindOf(outer))
	}
	if got := failure.HintOf(errors.Join(io.EOF, err)); got != "try `stockctl warehouse list`" {
		t.Errorf("HintOf a joined error = %q", got)
	}
	if failure.WithHint(nil, "x") != nil {
		t.Error("WithHint(nil) must stay nil")
	}
	if got := failure.KindOf(io.EOF); got != failure.Unexpected {
		t.Errorf("a foreign error is %q, want unexpected", got)
	}
}

func TestProblems(t *testing.T) {
	p := &failure.Problems{Source: "stock.yaml"}
	if p.Err() != nil {
		t.Fatal("no problem must be no error")
	}
	p.Add(failure.Problem{Where: "stock.yaml:3:13", Field: "initialQty", Value: "-5", What: "must be 0 or more"})
	if got, want := p.Error(), `stock.yaml:3:13 initialQty "-5": must be 0 or more`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for range 1500 {
		p.Add(failure.Problem{Where: "stock.yaml:9:1", What: "is empty"})
	}
	text := p.Error()
	if !strings.HasPrefix(text, "1501 mistakes in stock.yaml\n") || !strings.HasSuffix(text, "… and 501 more") {
		t.Errorf("a long list must be counted whole and cut: %.60s … %s", text, text[len(text)-40:])
	}
	if failure.KindOf(p) != failure.Usage {
		t.Error("mistakes in a file are of the kind usage")
	}
}

func TestNearest(t *testing.T) {
	codes := []string{"LGS-01", "ABJ-01", "KAN-02", "Lagos Main"}
	for word, want := range map[string][]string{
		"lgs01":  {"LGS-01"},
		"lagos":  {"Lagos Main"},
		"ABJ-02": {"ABJ-01"},
		"zzzzzz": nil,
		"":       nil,
	} {
		if got := failure.Nearest(word, codes); !slices.Equal(got, want) {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := failure.OneOf([]string{"a", "b", "c"}); got != "a, b or c" {
		t.Errorf("OneOf = %q", got)
	}
}

func TestAllOf(t *testing.T) {
	for want, words := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := failure.AllOf(words); got != want {
			t.Errorf("%q gives %q, want %q", words, got, want)
		}
	}
}

// Joined errors stay separate, and a sentence about several errors stays whole.
func TestEach(t *testing.T) {
	a, b, c := errors.New("a"), errors.New("b"), errors.New("c")
	whole := fmt.Errorf("both %w and %w", a, b)
	for _, test := range []struct {
		err  error
		want []error
	}{
		{a, []error{a}},
		{errors.Join(a, errors.Join(b, c)), []error{a, b, c}},
		{errors.Join(whole, c), []error{whole, c}},
	} {
		if got := failure.Each(test.err); !slices.Equal(got, test.want) {
			t.Errorf("%v: %v", test.err, got)
		}
	}
}
