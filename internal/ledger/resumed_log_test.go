package ledger_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// rewritesLog changes the text of the movement log from now on.
func (s *shop) rewritesLog(change *strings.Replacer) {
	s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
		if !isLog(r) {
			s.Web.Sandbox.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		s.Web.Sandbox.ServeHTTP(rec, r)
		fmt.Fprint(w, change.Replace(rec.Body.String()))
	})
}

// A resumed run trusts a token in the log only with the record and, if it is known, the
// quantity of its row. The sign, and a record that the log omits, do not matter.
func TestWhatATokenInTheLogProves(t *testing.T) {
	minus := move(-3, "a")
	for name, c := range map[string]struct {
		mode  stock.Mode
		write ledger.Write
		qty   int64 // of the movement with the row's token
		other bool  // the movement is for another record
		log   *strings.Replacer
		want  ledger.Counts
	}{
		"its own":                     {mode: stock.Adjust, write: minus, qty: -3, want: ledger.Counts{Confirmed: 1}},
		"another quantity":            {mode: stock.Adjust, write: minus, qty: -4, want: ledger.Counts{Held: 1}},
		"another record":              {mode: stock.Adjust, write: minus, qty: 3, other: true, want: ledger.Counts{Held: 1}},
		"a log without signs":         {mode: stock.Adjust, write: minus, qty: -3, log: strings.NewReplacer(`"qtyChange":-`, `"qtyChange":`), want: ledger.Counts{Confirmed: 1}},
		"a log without records":       {mode: stock.Adjust, write: minus, qty: -3, log: strings.NewReplacer(`"inventoryId"`, `"x"`), want: ledger.Counts{Confirmed: 1}},
		"set, a quantity not known":   {mode: stock.Set, write: set(100, 120), qty: -20, want: ledger.Counts{Confirmed: 1}},
		"set, of another record":      {mode: stock.Set, write: set(100, 120), qty: 20, other: true, want: ledger.Counts{Held: 1}},
		"set, a log without the rest": {mode: stock.Set, write: set(100, 120), qty: -20, log: strings.NewReplacer(`"inventoryId"`, `"x"`), want: ledger.Counts{Confirmed: 1}},
	} {
		instantly(t, name, func(t *testing.T) {
			s := openShop(t, sandbox.Options{})
			made, err := s.Env.Writer.CreateRecord(t.Context(), api.CreateRecord{ProductID: "prod_other", WarehouseID: "wh_abc123", InitialQty: new(int64)})
			must(t, err)
			run := s.begin(c.mode, one(), c.write)
			must(t, run.Close())
			record := "inv_xyz789"
			if c.other {
				record = made.ID
			}
			_, err = s.Env.Writer.Adjust(t.Context(), record, api.Adjustment{Qty: c.qty, Action: api.ActionAdjusted, Reference: tokenOf(c.write.Tag)})
			must(t, err)
			if c.log != nil {
				s.rewritesLog(c.log)
			}
			h := listener()
			got := s.resume(run.ID(), h)
			if got.Counts != c.want || c.want.Held == 1 && h.ended[1].Code != "mismatch" {
				t.Errorf("got the counts %+v and the outcomes %+v, want %+v", got.Counts, h.ended, c.want)
			}
		})
	}
}
