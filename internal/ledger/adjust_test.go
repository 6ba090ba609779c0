package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// movementFile returns an adjust file of n rows for a few records, and the change that
// it makes to the stock of each.
func movementFile(n int) (text string, change map[string]int64) {
	var b strings.Builder
	b.WriteString("productId,warehouseId,qty,action,reference,notes\n")
	change = map[string]int64{}
	for i := range n {
		product, qty := fmt.Sprintf("prod_%04d", i%7), int64(i%5+1)
		reference := ""
		if i%3 == 0 {
			reference = "PO-1"
		}
		fmt.Fprintf(&b, "%s,ABJ-01,%d,received,%s,row %d\n", product, qty, reference, i%2)
		change[product+"@wh_def456"] += qty
	}
	return b.String(), change
}

func (s *shop) expect(change map[string]int64) {
	s.T.Helper()
	onHand := s.Stock()
	for i := range 7 {
		at := fmt.Sprintf("prod_%04d@wh_def456", i)
		if want := int64(i) + change[at]; onHand[at] != want {
			s.T.Errorf("%s is %d, want %d", at, onHand[at], want)
		}
	}
}

func TestAdjust(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{}).stocked()
		text, change := movementFile(60)
		file := s.File("ledger.csv", text)
		got, err := s.Run(options(file, stock.Adjust))
		must(t, err)
		if want := (ledger.Counts{Applied: 60}); got.Counts != want || len(got.Doubled) > 0 {
			t.Errorf("got %+v, want %+v", got, want)
		}
		s.expect(change)

		_, err = s.Run(options(file, stock.Adjust))
		if failure.KindOf(err) != importer.AlreadyImported || !strings.HasPrefix(err.Error(), "60 of 60 rows of "+file+" were applied before, the first at 20") {
			t.Errorf("got %v, want that all 60 rows were applied before", err)
		}
		o := options(s.File("fixed.csv", text+"prod_0001,ABJ-01,1,returned,,\n"), stock.Adjust)
		_, err = s.Run(o)
		if failure.KindOf(err) != importer.AlreadyImported || !strings.Contains(err.Error(), "60 of 61 rows") || !strings.Contains(err.Error(), "(60 of them by another file)") {
			t.Errorf("got %v, want that 60 of 61 rows were applied before, by another file", err)
		}
		o.Known = importer.KnownSkip
		got, err = s.Run(o)
		must(t, err)
		if want := (ledger.Counts{Applied: 1, Already: 60}); got.Counts != want {
			t.Errorf("got %+v, want %+v", got.Counts, want)
		}
		change["prod_0001@wh_def456"]++
		s.expect(change)
		o.Known = importer.KnownApply
		got, err = s.Run(o)
		must(t, err)
		if want := (ledger.Counts{Applied: 61}); got.Counts != want {
			t.Errorf("got %+v, want %+v", got.Counts, want)
		}
	})
}

func TestImportID(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{}).stocked()
		text, change := movementFile(20)
		o := options(s.File("night.csv", text), stock.Adjust)
		o.ImportID = "night-1"
		got, err := s.Run(o)
		must(t, err)
		if got.Counts.Applied != 20 {
			t.Errorf("got %+v, want 20 rows applied", got.Counts)
		}
		// The state folder is lost: the log knows.
		s.Env.Store.Dir += "-new"
		got, err = s.Run(o)
		must(t, err)
		if want := (ledger.Counts{Already: 20}); got.Counts != want {
			t.Errorf("got %+v, want %+v", got.Counts, want)
		}
		s.expect(change)
		o.ImportID = "night-2"
		got, err = s.Run(o)
		must(t, err)
		if got.Counts.Applied != 20 {
			t.Errorf("equal rows of another night were matched: %+v", got.Counts)
		}
	})
}

// A row with the same values and column _n as another is skipped. Rows without _n get
// the next free number, which is the same on every reading, so they are recognised
// again.
func TestCopiedOccurrence(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{}).stocked()
		header, row := "productId,warehouseId,qty,action,_n\n", "prod_0001,ABJ-01,-100,SOLD,"
		refused, err := s.Run(options(s.File("sold.csv", header+row+"\n"), stock.Adjust))
		if refused == nil || refused.Counts != (ledger.Counts{Rejected: 1}) {
			t.Fatalf("got %+v and the error %v, want %+v", refused, err, ledger.Counts{Rejected: 1})
		}
		lines := strings.Split(strings.TrimSpace(read(t, refused.Rejects)), "\n")
		at := slices.Index(strings.Split(lines[0], ","), "_n")
		n := strings.Split(lines[len(lines)-1], ",")[at]
		if !strings.HasPrefix(n, "1:") {
			t.Fatalf("no occurrence in %q", lines)
		}
		_, err = s.Run(options(s.File("more.csv", "productId,warehouseId,qty,action\nprod_0001,ABJ-01,1000,RECEIVED\n"), stock.Adjust))
		must(t, err)
		for name, rows := range map[string]string{
			"between": row + "\n" + row + n + "\n" + row + "\n", "first": row + n + "\n" + row + "\n" + row + n + "\n",
		} {
			o := options(s.File(name+".csv", header+rows), stock.Adjust)
			o.ImportID, o.SkipInvalid = name, true
			for _, want := range []ledger.Counts{{Applied: 2, Invalid: 1}, {Already: 2, Invalid: 1}} {
				got, _ := s.Run(o)
				if got == nil || got.Counts != want || len(got.Doubled) > 0 {
					t.Fatalf("%s: got %+v, want %+v", name, got, want)
				}
			}
		}
		s.expect(map[string]int64{"prod_0001@wh_def456": 600})
	})
}

func TestAdjustUnderFaults(t *testing.T) {
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		for name, faults := range map[string]sandbox.Faults{
			"fails": {FailRate: 0.1, Seed: 1}, "drops": {DropRate: 0.1, Seed: 2}, "both": {FailRate: 0.05, DropRate: 0.05, Seed: 3},
		} {
			instantly(t, name+" "+string(dialect), func(t *testing.T) {
				s := openShop(t, sandbox.Options{Dialect: dialect, Faults: faults}).stocked()
				text, change := movementFile(80)
				got, err := s.Run(options(s.File("ledger.csv", text), stock.Adjust))
				must(t, err)
				if got.Counts.Applied+got.Counts.Confirmed != 80 || len(got.Doubled) > 0 {
					t.Errorf("got %+v, want 80 rows applied or confirmed", got)
				}
				s.expect(change)
			})
		}
	}
}

func TestSet(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{Faults: sandbox.Faults{DropRate: 0.1, FailRate: 0.05, Seed: 4}}).stocked()
		var b strings.Builder
		b.WriteString("Product ID,warehouse_id,on-hand-qty\n")
		change := map[string]int64{}
		for i := range 7 {
			fmt.Fprintf(&b, "prod_%04d,Abuja,%d\n", i, 3*i)
			change[fmt.Sprintf("prod_%04d@wh_def456", i)] = int64(2 * i)
		}
		file := s.File("count.csv", b.String())
		got, err := s.Run(options(file, stock.Set))
		must(t, err)
		if got.Counts.Applied+got.Counts.Confirmed != 6 || got.Counts.Already != 1 {
			t.Errorf("got %+v, want 6 rows applied or confirmed", got.Counts)
		}
		s.expect(change)
		got, err = s.Run(options(file, stock.Set))
		must(t, err)
		if want := (ledger.Counts{Already: 7}); got.Counts != want {
			t.Errorf("got %+v, want %+v", got.Counts, want)
		}
	})
}
