package ledger_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// The rows of one record are sent one at a time, in order. Rows of another record do
// not wait for them.
func TestRowsOfOneRecordAreSentInOrder(t *testing.T) {
	fakeshop.Instantly(t, func(t *testing.T) {
		s := openShop(t, sandbox.Options{})
		made, err := s.Env.Writer.CreateRecord(t.Context(), api.CreateRecord{ProductID: "prod_other", WarehouseID: "wh_abc123", InitialQty: new(int64)})
		must(t, err)
		other := made.ID
		var writes []ledger.Write
		for qty := range int64(6) {
			writes = append(writes, move(qty+1, "a"))
		}
		for qty := range int64(3) {
			w := move(qty+1, "b")
			w.Key, w.Record = stock.Key{Record: other}, other
			writes = append(writes, w)
		}
		var mu sync.Mutex
		var first, second []int64
		underWay := 0
		passed := make(chan struct{}) // closed when all rows of the other record have arrived
		inner := s.Web.Sandbox
		s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
			if !isSend(r) {
				inner.ServeHTTP(w, r)
				return
			}
			var sent struct{ Qty int64 }
			if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
				t.Error(err)
			}
			answer := func() {
				if err := json.NewEncoder(w).Encode(map[string]any{"status": true, "data": map[string]any{"id": strings.Split(r.URL.Path, "/")[3], "onHandQty": 1}}); err != nil {
					t.Error(err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			if strings.Contains(r.URL.Path, other) {
				if second = append(second, sent.Qty); len(second) == 3 {
					close(passed)
				}
				answer()
				return
			}
			first = append(first, sent.Qty)
			if underWay++; underWay > 1 {
				t.Errorf("%d rows of a record are in flight", underWay)
			}
			mu.Unlock()
			<-passed
			mu.Lock()
			underWay--
			answer()
		})
		o := one()
		o.Concurrency = 8
		got := s.send(stock.Adjust, o, listener(), writes...)
		if got.Counts.Applied != 9 || !slices.Equal(first, []int64{1, 2, 3, 4, 5, 6}) || !slices.Equal(second, []int64{1, 2, 3}) {
			t.Errorf("%+v: %v, %v", got.Counts, first, second)
		}
	})
}
