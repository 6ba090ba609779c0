package ledger_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/pace"
	"github.com/bayworks/stockctl/internal/pace/peers"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// A run does not wait for longer than --max-wait, even if it was another run that the API
// asked to wait. It is not asked again in the pause.
func TestAnotherRunWasAskedToWait(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := openShop(t, sandbox.Options{})
	defer peers.Join(pausedForAnHour(t), 4, s.Env.BaseURL, "tnt_sandbox")()
	s.Env.Shared, s.Env.MaxWait = true, time.Minute
	o := options(s.File("opening.csv", opening(50)), stock.Create)
	o.Concurrency = 0
	began := time.Now()
	got, err := s.Run(o)
	if took := time.Since(began); failure.KindOf(err) != failure.Unavailable || took > 10*time.Second {
		t.Errorf("after %v: %v, want that the API is busy", took, err)
	}
	if got.Counts.NotAttempted != 50 {
		t.Errorf("got %+v, want 50 rows that were not attempted", got.Counts)
	}
}

// Runs of accounts that are not known may be of different stores, so they share nothing.
func TestAnUnknownAccountSharesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := openShop(t, sandbox.Options{})
	inner := s.Web.Sandbox
	s.Web.Handle(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/users/profile") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		inner.ServeHTTP(w, r)
	})
	s.Env.Shared, s.Env.MaxWait = true, time.Minute
	defer peers.Join(pausedForAnHour(t), 4, s.Env.BaseURL, "")()
	o := options(s.File("opening.csv", opening(50)), stock.Create)
	o.Concurrency = 0
	if got, err := s.Run(o); err != nil || got.Counts.Applied != 50 {
		t.Errorf("got %+v, %v, want 50 applied rows", got, err)
	}
}

// pausedForAnHour returns the gate of a run that the API asked to wait.
func pausedForAnHour(t *testing.T) *pace.Gate {
	t.Helper()
	gate := pace.NewGate()
	ticket, err := gate.Enter(t.Context(), pace.Write)
	must(t, err)
	gate.Leave(ticket, pace.Write, pace.Refused, time.Hour)
	return gate
}
