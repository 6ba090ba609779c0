package importer_test

import (
	"net/http"
	"testing"

	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/importer/importertest"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

type shop struct{ *importertest.Shop }

// openShop opens a store that has the given faults. wrap, if not nil, wraps its handler.
func openShop(t *testing.T, o sandbox.Options, wrap func(http.Handler) http.Handler) *shop {
	t.Helper()
	s := &shop{importertest.Open(t, o)}
	if wrap != nil {
		s.Web.Handle(wrap(s.Web.Sandbox).ServeHTTP)
	}
	return s
}

func (s *shop) stocked() *shop {
	s.T.Helper()
	s.Stocked()
	return s
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
