package importer_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// The states of a run's rows match the counts of its summary, even after the run was
// stopped, and the log has a movement for every applied row.
func TestTheRowsOfARunAreThoseOfItsSummary(t *testing.T) {
	var writes atomic.Int64
	ctx, stop := context.WithCancelCause(t.Context())
	s := openShop(t, sandbox.Options{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPatch && writes.Add(1) == 12 {
				stop(failure.ErrCancelled)
			}
			next.ServeHTTP(w, r)
		})
	}).stocked()
	text := "productId,warehouseId,qty,action\n"
	for range 5 {
		text += "prod_0003,ABJ-01,2,received\nprod_0004,ABJ-01,-900,sold\nprod_0005,ABJ-01,-1,sold\nprod_0999,ABJ-01,1,received\n"
	}
	o := options(s.File("moves.csv", text), stock.Adjust)
	o.SkipInvalid, o.Concurrency = true, 2
	plan, err := importer.Check(t.Context(), s.Env, o)
	must(t, err)
	sum, err := plan.Run(ctx)
	if sum == nil || err == nil {
		t.Fatal(sum, err)
	}
	got := map[string]int64{}
	tokens, err := ledger.Tokens(s.Env.Store, sum.Run)
	must(t, err)
	applied := map[string]bool{}
	for r, err := range ledger.Rows(s.Env.Store, sum.Run) {
		must(t, err)
		got[r.State]++
		if r.State == journal.Applied.String() {
			applied[r.Token] = true
		}
		if (r.State == "rejected" || r.State == "invalid") != (r.Code != "" && r.Message != "") {
			t.Errorf("got %+v, want a code and a message if and only if the row was refused", r)
		}
		if sent := strings.HasPrefix(r.Token, "sc1-"); sent != (r.Qty != nil) {
			t.Errorf("got %+v, want a quantity if and only if the row has a token", r)
		}
	}
	c := sum.Counts
	// By the journal, a row that was about to be sent is in doubt, even if the session
	// knew that it was not sent.
	if got["inDoubt"] < c.InDoubt {
		t.Errorf("%d rows are in doubt, and the summary has %d", got["inDoubt"], c.InDoubt)
	}
	got["open"] = got["notAttempted"] + got["inDoubt"]
	for state, want := range map[string]int64{"applied": c.Applied, "rejected": c.Rejected, "invalid": c.Invalid, "open": c.NotAttempted + c.InDoubt} {
		if got[state] != want || want == 0 {
			t.Errorf("%d rows are %s, and the summary has %d", got[state], state, want)
		}
	}
	for m, err := range s.Env.Reader.Movements().All(t.Context()) {
		must(t, err)
		if tokens[m.Reference] {
			delete(applied, m.Reference)
		}
	}
	if len(applied) > 0 {
		t.Errorf("the log has no movement for %v", applied)
	}
}
