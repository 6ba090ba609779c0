package ledger_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/importer/importertest"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

type shop struct{ *importertest.Shop }

func openShop(t *testing.T, o sandbox.Options) *shop {
	t.Helper()
	return &shop{importertest.Open(t, o)}
}

func (s *shop) stocked() *shop {
	s.T.Helper()
	s.Stocked()
	return s
}

// resume reopens a run and sends the rest of it.
func (s *shop) resume(id string, observers ...ledger.Observer) *ledger.Result {
	s.T.Helper()
	run, err := ledger.Reopen(s.Env.Env, id)
	must(s.T, err)
	got, err := run.Send(s.T.Context(), observers...)
	must(s.T, err)
	must(s.T, run.Close())
	return got
}

// instantly runs a subtest without waiting for the time that passes in it.
func instantly(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { fakeshop.Instantly(t, test) })
}

func options(file string, mode stock.Mode) importer.Options { return importertest.Options(file, mode) }

func opening(n int) string { return importertest.Opening(n) }

func must(t testing.TB, err error) {
	t.Helper()
	importertest.Must(t, err)
}

func read(t *testing.T, name string) string {
	t.Helper()
	return importertest.Read(t, name)
}
