package seeing

import (
	"path/filepath"
	"testing"

	"github.com/bayworks/stockctl/internal/app"
)

// BenchmarkWholeStore shows what runs out and writes the report of a store with
// 5,000 records and 200,000 movements, first without and then with the copy of
// the log, after it has compared every figure with the truth. The server runs in
// the same process, and its time counts.
func BenchmarkWholeStore(b *testing.B) {
	inUTC(b)
	s := makeStore(b, 11, 5_000, 200_000)
	s.open(b)
	a, stdout, _ := s.app(b, app.OutputFlags{}, "json")
	cover := func(a *app.App) {
		stdout.Reset()
		if err := runLowStock(b.Context(), &lowStockOptions{app: a, coverDays: 14, windowDays: 28}); err != nil {
			b.Fatal(err)
		}
	}
	cover(a)
	got := map[string]coverRow{}
	for _, row := range readJSON[[]coverRow](b, stdout) {
		got[row.ID] = row
	}
	s.compare(b, got)
	for _, r := range s.things[:3] {
		stdout.Reset()
		if err := runHistory(b.Context(), &historyOptions{app: a, record: r.id, since: "99d", by: byMovement}); err != nil {
			b.Fatal(err)
		}
		s.compareHistory(b, r, stdout)
	}
	page, _ := s.pageOf(b, "30d")
	s.checkStock(b, page)
	s.checkActions(b, page)
	b.Run("cover, first", func(b *testing.B) {
		for b.Loop() {
			fresh, _, _ := s.app(b, app.OutputFlags{}, "json")
			cover(fresh)
		}
	})
	b.Run("cover, again", func(b *testing.B) {
		for b.Loop() {
			cover(a)
		}
	})
	b.Run("report, again", func(b *testing.B) {
		for b.Loop() {
			file := filepath.Join(b.TempDir(), "stock.html")
			if err := runReport(b.Context(), &reportOptions{app: a, file: file, since: "90d", coverDays: 14, windowDays: 28}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
