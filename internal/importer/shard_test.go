package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// Together, the shards of a file import every row once.
func TestShards(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	file := s.File("opening.csv", opening(100))
	var rows int64
	for i := range 3 {
		o := options(file, stock.Create)
		o.Shard = stock.Shard{I: i, N: 3}
		got, err := s.Run(o)
		must(t, err)
		if got.Rows < 20 || got.Counts.Applied != got.Rows {
			t.Errorf("shard %d: %+v", i, got)
		}
		rows += got.Rows
	}
	if rows != 100 || s.Stock()["prod_0099@wh_def456"] != 99 {
		t.Errorf("%d rows in all", rows)
	}
}

// An invalid row belongs to one shard, by its number, even if it names a record of
// another shard.
func TestShardsOfInvalidRows(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	var text strings.Builder
	text.WriteString("productId,warehouseId,initialQty,reorderLevel\n")
	for i := range 60 {
		fmt.Fprintf(&text, "prod_%04d,ABJ-01,1,%s\n", i, []string{"5", "", "1.5"}[i%3])
	}
	file := s.File("rows.csv", text.String())
	var sum ledger.Counts
	for i := range 3 {
		o := options(file, stock.Create)
		o.Shard, o.SkipInvalid = stock.Shard{I: i, N: 3}, true
		got, err := s.Run(o)
		if failure.KindOf(err) != failure.Partial {
			t.Fatalf("got %v, want the kind %s", err, failure.Partial)
		}
		sum.Applied += got.Counts.Applied
		sum.Invalid += got.Counts.Invalid
	}
	if want := (ledger.Counts{Applied: 40, Invalid: 20}); sum != want {
		t.Errorf("got %+v, want %+v", sum, want)
	}
	onHand := s.Stock()
	for i := range 60 {
		if _, exists := onHand[fmt.Sprintf("prod_%04d@wh_def456", i)]; exists != (i%3 < 2) {
			t.Errorf("row %d: its record exists: %v", i+1, exists)
		}
	}
}
