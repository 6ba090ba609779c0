package output_test

import (
	"fmt"
	"io"
	"testing"
	"text/tabwriter"

	"github.com/bayworks/stockctl/internal/output"
)

func many() []item {
	list := make([]item, 50000)
	for i := range list {
		list[i] = item{ID: fmt.Sprintf("inv_%05d", i), Name: "Lagos Main Warehouse", Bin: new("B-02-1"), OnHand: int64(i)}
	}
	return list
}

func BenchmarkList(b *testing.B) {
	list := many()
	for _, format := range output.Formats() {
		for _, terminal := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/terminal=%v", format, terminal), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					p, err := output.New(output.Options{Format: format, Out: io.Discard, Terminal: terminal, Width: 80})
					if err != nil {
						b.Fatal(err)
					}
					if err := output.List(p, view(), output.Items(list)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkTabwriter is the baseline for tables on a terminal.
func BenchmarkTabwriter(b *testing.B) {
	list := many()
	b.ReportAllocs()
	for b.Loop() {
		w := tabwriter.NewWriter(io.Discard, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tBIN\tON HAND\tUPDATED")
		for _, i := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\n", i.ID, i.Name, *i.Bin, i.OnHand, "")
		}
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
	}
}
