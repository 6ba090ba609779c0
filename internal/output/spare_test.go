package output_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/output"
)

// run is like a row in a list of imports: too wide for 80 columns.
type run struct {
	id, file, profile string
	rows              int64
	started           time.Time
}

func runs() output.View[run] {
	type column = output.Column[run]
	return output.View[run]{Columns: []column{
		{Name: "run", Title: "RUN", Keep: true, Value: func(r run) any { return r.id }},
		{Name: "file", Title: "FILE", Value: func(r run) any { return r.file }},
		{Name: "profile", Title: "PROFILE", Spare: 1, Value: func(r run) any { return r.profile }},
		{Name: "rows", Title: "ROWS", Value: func(r run) any { return r.rows }},
		{Name: "started", Title: "STARTED", Value: func(r run) any { return r.started }},
		{Name: "finished", Title: "FINISHED", Wide: true, Value: func(r run) any { return &r.started }},
	}}
}

// Columns are left out before texts are shortened, the least important first. Times
// and quantities are never shortened, and columns requested by name stay.
func TestColumnsAreLeftOutBeforeTextsAreCut(t *testing.T) {
	list := []run{{"01KAQ6X0G0V7TQ3M", "stock-of-november.csv", "shop-in-lagos", 12000, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	for _, c := range []struct {
		name  string
		o     output.Options
		want  string
		names string
	}{
		{"all fit", output.Options{Width: 90}, "" +
			"RUN               FILE                   PROFILE         ROWS  STARTED\n" +
			"01KAQ6X0G0V7TQ3M  stock-of-november.csv  shop-in-lagos  12000  2026-11-23 10:00\n", ""},
		{"one goes", output.Options{Width: 70}, "" +
			"RUN               FILE                    ROWS  STARTED\n" +
			"01KAQ6X0G0V7TQ3M  stock-of-november.csv  12000  2026-11-23 10:00\n", ""},
		{"and a text is cut", output.Options{Width: 60}, "" +
			"RUN               FILE                ROWS  STARTED\n" +
			"01KAQ6X0G0V7TQ3M  stock-of-novembe…  12000  2026-11-23 10:00\n", ""},
		{"wide columns go first", output.Options{Width: 90, Format: "wide"}, "" +
			"RUN               FILE                   PROFILE         ROWS  STARTED\n" +
			"01KAQ6X0G0V7TQ3M  stock-of-november.csv  shop-in-lagos  12000  2026-11-23 10:00\n", "finished"},
		{"named ones stay", output.Options{Width: 40, Columns: []string{"profile", "file", "started"}}, "" +
			"PROFILE     FILE        STARTED\n" +
			"shop-in-l…  stock-of-…  2026-11-23 10:00\n", ""},
		{"in a window too narrow for them, too", output.Options{Width: 20, Columns: []string{"profile", "started"}}, "" +
			"PROFI…  STARTED\n" +
			"shop-…  2026-11-23 10:00\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var left []string
			c.o.Terminal = true
			c.o.LeftOut = func(names []string) { left = names }
			p, out := printer(t, c.o)
			if err := output.List(p, runs(), output.Items(slices.Clone(list))); err != nil {
				t.Fatal(err)
			}
			if out.String() != c.want || strings.Join(left, ",") != c.names {
				t.Errorf("got\n%s without %q, want\n%s without %q", out, left, c.want, c.names)
			}
		})
	}
}
