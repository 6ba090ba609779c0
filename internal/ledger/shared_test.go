package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
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
	defer peers.Join(pausedForAnHour(t), 4, s.Env.BaseURL, "account")()
	s.Env.Account, s.Env.MaxWait = named("account"), time.Minute
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

// Runs of different accounts share nothing, and neither does one whose pace the user set.
func TestOtherAccountsShareNothing(t *testing.T) {
	for name, change := range map[string]func(*shop, *importer.Options){
		"another account": func(s *shop, _ *importer.Options) { s.Env.Account = named("other") },
		"no account":      func(s *shop, _ *importer.Options) { s.Env.Account = named("") },
		"another API":     func(s *shop, _ *importer.Options) { s.Env.BaseURL += "/" },
		"a rate":          func(_ *shop, o *importer.Options) { o.Rate = 1000 },
		"a concurrency":   func(_ *shop, o *importer.Options) { o.Concurrency = 4 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			s := openShop(t, sandbox.Options{})
			for _, account := range []string{"account", ""} {
				defer peers.Join(pausedForAnHour(t), 4, s.Env.BaseURL, account)()
			}
			s.Env.Account, s.Env.MaxWait = named("account"), time.Minute
			o := options(s.File("opening.csv", opening(50)), stock.Create)
			o.Concurrency = 0
			change(s, &o)
			if got, err := s.Run(o); err != nil || got.Counts.Applied != 50 {
				t.Errorf("got %+v, %v, want 50 applied rows", got, err)
			}
		})
	}
}

func named(account string) func(context.Context) string {
	return func(context.Context) string { return account }
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
