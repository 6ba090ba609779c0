package ledger_test

import (
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
	leader := pace.NewGate()
	ticket, err := leader.Enter(t.Context(), pace.Write)
	must(t, err)
	leader.Leave(ticket, pace.Write, pace.Refused, time.Hour)
	defer peers.Join(leader, 4, s.Env.BaseURL, "tnt_sandbox")()
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
