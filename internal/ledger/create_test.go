package ledger_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

func TestCreate(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		got, err := s.Run(options(s.File("opening.csv", opening(200)), stock.Create))
		must(t, err)
		// On a slow machine a response may come too late.
		if got.Counts.Applied+got.Counts.Confirmed != 200 || got.Rows != 200 || !got.Finished {
			t.Errorf("got %+v, want 200 rows applied or confirmed", got)
		}
		onHand := s.Stock()
		for i := range 200 {
			if at := fmt.Sprintf("prod_%04d@wh_def456", i); onHand[at] != int64(i) {
				t.Fatalf("%s is %d", at, onHand[at])
			}
		}
		// A create file may always be imported again.
		again, err := s.Run(options(s.File("opening.csv", opening(201)), stock.Create))
		must(t, err)
		if want := (ledger.Counts{Applied: 1, Already: 200}); again.Counts != want {
			t.Errorf("got %+v, want %+v", again.Counts, want)
		}
		if left, _ := filepath.Glob(filepath.Join(s.Dir, "*.rejects*")); left != nil {
			t.Errorf("no row was refused, but there is %s", left)
		}
	})
}

// Whatever faults the API has, the stock ends up as in the file, and the account is
// correct.
func TestCreateUnderFaults(t *testing.T) {
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		for name, faults := range map[string]sandbox.Faults{
			"fails": {FailRate: 0.1, Seed: 1}, "drops": {DropRate: 0.1, Seed: 2}, "both": {FailRate: 0.05, DropRate: 0.05, Seed: 3},
		} {
			instantly(t, name+" "+string(dialect), func(t *testing.T) {
				s := openShop(t, sandbox.Options{Dialect: dialect, Faults: faults})
				got, err := s.Run(options(s.File("opening.csv", opening(150)), stock.Create))
				must(t, err)
				if got.Counts.Applied+got.Counts.Confirmed != 150 {
					t.Errorf("got %+v, want 150 rows applied or confirmed", got.Counts)
				}
				onHand := s.Stock()
				for i := range 150 {
					if at := fmt.Sprintf("prod_%04d@wh_def456", i); onHand[at] != int64(i) {
						t.Errorf("%s is %d", at, onHand[at])
					}
				}
			})
		}
	}
}
