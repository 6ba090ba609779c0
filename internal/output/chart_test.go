package output_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/output"
)

// steps returns samples that rise from 0 to top.
func steps(top int64) func(int) ([]int64, int) {
	return func(n int) ([]int64, int) {
		values := make([]int64, n)
		for i := range values {
			values[i] = top * int64(i) / int64(max(1, n-1))
		}
		return values, n / 4
	}
}

func flat(v int64) func(int) ([]int64, int) {
	return func(n int) ([]int64, int) {
		values := make([]int64, n)
		for i := range values {
			values[i] = v
		}
		return values, 0
	}
}

func TestChartFitsTheTerminal(t *testing.T) {
	for name, sample := range map[string]func(int) ([]int64, int){
		"climbs": steps(120), "millions": steps(2_000_000_000), "nothing": flat(0), "always the same": flat(7), "negative": steps(-40),
	} {
		for _, width := range []int{20, 40, 80, 132} {
			var out bytes.Buffer
			p, err := output.New(output.Options{Out: &out, Terminal: true, Width: width})
			if err != nil {
				t.Fatal(err)
			}
			if err := output.Draw(p, output.Chart{Sample: sample, From: "2026-09-01", To: "2026-11-28", Certain: "certain from 2026-09-20"}); err != nil {
				t.Fatal(err)
			}
			widest := 0
			for line := range strings.Lines(out.String()) {
				widest = max(widest, utf8.RuneCountInString(strings.TrimRight(line, "\n")))
			}
			if widest > width || width >= 40 && widest < width-3 {
				t.Errorf("%s: %d columns are used of %d\n%s", name, widest, width, out.String())
			}
			if strings.Contains(out.String(), "NaN") {
				t.Error(out.String())
			}
		}
	}
}

func TestChart(t *testing.T) {
	var out bytes.Buffer
	p, err := output.New(output.Options{Out: &out, Terminal: true, Width: 60})
	if err != nil {
		t.Fatal(err)
	}
	if err := output.Draw(p, output.Chart{Sample: steps(12), From: "2026-09-01", To: "2026-11-28", Certain: "certain"}); err != nil {
		t.Fatal(err)
	}
	golden(t, "chart", out.String())
}

// Few units get a line each, and no label is there twice.
func TestChartLabelsAreDistinct(t *testing.T) {
	for _, top := range []int64{0, 1, 2, 3, 5, 11, 12, 13, 17, 25, 100} {
		var out bytes.Buffer
		p, err := output.New(output.Options{Out: &out, Terminal: true, Width: 80})
		if err != nil {
			t.Fatal(err)
		}
		if err := output.Draw(p, output.Chart{Sample: steps(top)}); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for line := range strings.Lines(out.String()) {
			label, _, isRow := strings.Cut(line, "┤")
			if !isRow {
				label, _, isRow = strings.Cut(line, "┼")
			}
			if label = strings.TrimSpace(label); isRow && seen[label] {
				t.Errorf("up to %d: %s occurs twice\n%s", top, label, out.String())
			}
			seen[label] = true
		}
	}
}

// A record's name in a title and a server's text in an ending cannot control the terminal.
func TestTitlesAndEndingsAreClean(t *testing.T) {
	var out bytes.Buffer
	p, err := output.New(output.Options{Out: &out, Terminal: true, Width: 60})
	if err != nil {
		t.Fatal(err)
	}
	if err := output.Draw(p, output.Chart{Sample: flat(1), Title: "Bag\x1b[2J"}); err != nil {
		t.Fatal(err)
	}
	if err := output.Lines(p, []output.Line{{Text: "refused:\x1b[2J \u202eno"}}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\u202e") || !strings.HasPrefix(out.String(), "Bag") || !strings.Contains(out.String(), "refused:") {
		t.Errorf("got %q, want the texts without control characters", out.String())
	}
}
