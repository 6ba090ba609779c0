package importer_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// preview returns what each row would do, one line per row.
func (s *shop) preview(o importer.Options) string {
	s.T.Helper()
	plan, err := importer.Check(s.T.Context(), s.Env, o)
	must(s.T, err)
	var b strings.Builder
	for c, err := range plan.Preview(s.T.Context()) {
		must(s.T, err)
		fmt.Fprintf(&b, "%d %s %s %s→%s %s\n", c.Line, c.Record, c.Would, known(c.From), known(c.To), c.Why)
	}
	must(s.T, plan.Close())
	return b.String()
}

func known(n *int64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

// A preview predicts what the run then does, and changes nothing.
func TestPreview(t *testing.T) {
	create := "productId,warehouseId,initialQty\nprod_0003,ABJ-01,3\nprod_0004,ABJ-01,9\nprod_9999,ABJ-01,1\nprod_9999,ABJ-01,2\nprod_1,ABJ-01,-1\n"
	with := func(change func(*importer.Options)) func(*importer.Options) {
		return func(o *importer.Options) {
			o.Duplicates, o.SkipInvalid = columns.DuplicatesFirst, true
			change(o)
		}
	}
	tail := "4 prod_9999@ABJ-01 doubtful → the store has no product prod_9999\n5 prod_9999@ABJ-01 skipped → another row of the file is the same record\n" +
		`6  invalid → FILE:6:15 initialQty "-1": must be 0 or more` + "\n"
	for name, c := range map[string]struct {
		text   string
		mode   stock.Mode
		change func(*importer.Options)
		want   string
		counts ledger.Counts
	}{
		"same": {
			create, stock.Create, with(func(*importer.Options) {}),
			"2 prod_0003@ABJ-01 already 3→ \n3 prod_0004@ABJ-01 conflict 4→ onHandQty is 4, not 9\n" + tail,
			ledger.Counts{Already: 1, Conflict: 1, Applied: 1, Skipped: 1, Invalid: 1},
		},
		"fail": {
			create, stock.Create, with(func(o *importer.Options) { o.IfExists = settle.Fail }),
			"2 prod_0003@ABJ-01 refused 3→ the record exists\n3 prod_0004@ABJ-01 refused 4→ the record exists\n" + tail,
			ledger.Counts{Rejected: 2, Applied: 1, Skipped: 1, Invalid: 1},
		},
		"set if it exists": {
			create, stock.Create, with(func(o *importer.Options) { o.IfExists = settle.Set }),
			"2 prod_0003@ABJ-01 already 3→ \n3 prod_0004@ABJ-01 set 4→9 \n" + tail,
			ledger.Counts{Already: 1, Applied: 2, Skipped: 1, Invalid: 1},
		},
		"set": {
			"productId,warehouseId,onHandQty\nprod_0003,ABJ-01,3\nprod_0004,ABJ-01,0\n", stock.Set, func(*importer.Options) {},
			"2 prod_0003@ABJ-01 already 3→ \n3 prod_0004@ABJ-01 set 4→0 \n",
			ledger.Counts{Already: 1, Applied: 1},
		},
		"adjust": {
			"productId,warehouseId,qty,action\nprod_0005,ABJ-01,-4,sold\nprod_0005,ABJ-01,-2,sold\nprod_0005,ABJ-01,-1,sold\n", stock.Adjust, func(*importer.Options) {},
			"2 prod_0005@ABJ-01 adjust 5→1 \n3 prod_0005@ABJ-01 refused 1→ -2 would leave -1 on hand\n4 prod_0005@ABJ-01 adjust 1→0 \n",
			ledger.Counts{Applied: 2, Rejected: 1},
		},
		"adjust by id": {
			"inventoryId,qty,action\ninv_xyz789,-119,sold\ninv_xyz789,-2,sold\ninv_none,5,received\n", stock.Adjust, func(*importer.Options) {},
			"2 inv_xyz789 adjust 120→1 \n3 inv_xyz789 refused 1→ -2 would leave -1 on hand\n4 inv_none doubtful → the store has no such inventory record\n",
			ledger.Counts{Applied: 1, Rejected: 2},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, sandbox.Options{}, nil).stocked()
			o := options(s.File("rows.csv", c.text), c.mode)
			c.change(&o)
			before := fmt.Sprint(s.Stock())
			if got := strings.ReplaceAll(s.preview(o), o.File, "FILE"); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			if fmt.Sprint(s.Stock()) != before {
				t.Error("it changed the stock")
			}
			plan, err := importer.Check(t.Context(), s.Env, o)
			must(t, err)
			if got, _ := plan.Run(t.Context()); got.Counts != c.counts {
				t.Errorf("the run ended with %+v", got.Counts)
			}
		})
	}
}

// A file can be checked even if the state folder is not writable. The plan is the same,
// but cannot be sent.
func TestReadOnlyStateFolder(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	blocked := s.File("blocked", "not a folder")
	s.Env.Store.Dir = filepath.Join(blocked, "state")
	o := options(s.File("opening.csv", opening(3)), stock.Create)
	if got := s.preview(o); strings.Count(got, "\n") != 3 {
		t.Errorf("got %s, want 3 rows", got)
	}
	before := len(s.Stock())
	_, err := s.Run(o)
	if err == nil || !strings.HasPrefix(err.Error(), "the run cannot be saved: ") || len(s.Stock()) != before {
		t.Errorf("got %v, want it to begin with %q", err, "the run cannot be saved: ")
	}
}
