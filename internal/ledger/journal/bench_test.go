package journal

import (
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkAppend writes the lines of each row: an intent before it is sent, and an
// outcome after it.
func BenchmarkAppend(b *testing.B) {
	store := Store{Dir: filepath.Join(b.TempDir(), "imports")}
	run, err := store.Create(Head{ID: NewID(time.Now()), File: "stock.csv", Mode: "adjust"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	row := int64(0)
	for b.Loop() {
		row++
		sent := Intent{Row: row, Line: int(row) + 1, Attempt: 1, At: time.Now(), Token: "sc1-abcdef-abcdefghijkl", Record: "inv_0000001", Qty: 5}
		if err := run.Intend(sent); err != nil {
			b.Fatal(err)
		}
		if err := run.End(Outcome{Row: row, State: Applied}, true); err != nil {
			b.Fatal(err)
		}
	}
	if err := run.Close(); err != nil {
		b.Fatal(err)
	}
}
