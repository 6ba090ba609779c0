package ledger_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/deadline"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// shop is a store over HTTP, with an environment for imports.
type shop struct {
	t   *testing.T
	web *fakeshop.Shop
	dir string
	env importer.Env
}

// openShop starts a store with faults.
func openShop(t *testing.T, o sandbox.Options) *shop {
	t.Helper()
	deadline.Set(t)
	s := &shop{t: t, web: fakeshop.Open(t, o), dir: t.TempDir()}
	s.env = environment(t, s.web.URL, s.web.Account(), s.dir)
	return s
}

func environment(t testing.TB, url string, a fakeshop.Account, dir string) importer.Env {
	reader, err := api.New(api.Options{BaseURL: url, Auth: a, Timeout: time.Second, Connections: 8})
	if err != nil {
		t.Fatal(err)
	}
	writer, err := api.New(api.Options{BaseURL: url, Auth: a, Timeout: time.Second, MaxWait: -1, Connections: ledger.MaxWorkers})
	if err != nil {
		t.Fatal(err)
	}
	return importer.Env{Names: lookup.New(reader), In: strings.NewReader(""), Env: ledger.Env{
		Reader: reader, Writer: writer, Store: journal.Store{Dir: filepath.Join(dir, "state"), GiveUp: "drop %s"},
		Now: time.Now, Profile: "test", BaseURL: url, MaxWait: time.Minute,
	}}
}

func (s *shop) file(name, text string) string {
	path := filepath.Join(s.dir, name)
	must(s.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func options(file string, mode stock.Mode) importer.Options {
	return importer.Options{Reading: columns.Reading{File: file, Mode: mode}, Options: ledger.Options{IfExists: settle.Same}, Lookback: ledger.DefaultLookback}
}

// run imports a file and returns the summary.
func (s *shop) run(o importer.Options) (*importer.Summary, error) {
	plan, err := importer.Check(s.t.Context(), s.env, o)
	if err != nil {
		return nil, err
	}
	return plan.Run(s.t.Context())
}

// stock returns the quantity on hand of every record, by product/sku@warehouse.
func (s *shop) stock() map[string]int64 {
	out := map[string]int64{}
	for r, err := range s.env.Reader.Records().All(s.t.Context()) {
		must(s.t, err)
		out[r.Address().String()] = *r.OnHandQty
	}
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	must(t, err)
	return string(b)
}

// opening returns a create file of n rows.
func opening(n int) string {
	var b strings.Builder
	b.WriteString("productId,warehouseId,initialQty,location\n")
	for i := range n {
		fmt.Fprintf(&b, "prod_%04d,ABJ-01,%d,A-%d\n", i, i, i)
	}
	return b.String()
}

func (s *shop) stocked() *shop {
	s.t.Helper()
	_, err := s.run(options(s.file("opening.csv", opening(7)), stock.Create))
	must(s.t, err)
	return s
}
