// Package importertest is a store with what an import into it needs, for the tests of the
// importer and the ledger. No program imports this package.
package importertest

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

// URL is the address of each shop.
const URL = "http://127.0.0.1:9"

// Shop is a store with an environment for imports, and a folder for files.
type Shop struct {
	T   *testing.T
	Web *fakeshop.Local
	Dir string
	Env importer.Env
}

// Open opens a store that has the given faults.
func Open(t *testing.T, o sandbox.Options) *Shop {
	t.Helper()
	deadline.Set(t)
	s := &Shop{T: t, Web: fakeshop.OpenLocal(t, o), Dir: t.TempDir()}
	s.Env = Environment(t, s.api(), s.Dir)
	return s
}

// api returns how a client reaches the store.
func (s *Shop) api() api.Options {
	return api.Options{BaseURL: URL, Transport: s.Web, Auth: s.Web.Account()}
}

// Elsewhere returns the same store as seen from a machine without runs.
func (s *Shop) Elsewhere() *Shop {
	other := &Shop{T: s.T, Web: s.Web, Dir: s.T.TempDir()}
	other.Env = Environment(s.T, s.api(), other.Dir)
	return other
}

// Environment returns an environment for imports by clients of an API, with its state in
// a folder.
func Environment(t testing.TB, o api.Options, dir string) importer.Env {
	t.Helper()
	o.Timeout, o.Connections = time.Second, 8
	reader, err := api.New(o)
	Must(t, err)
	o.MaxWait, o.Connections = -1, ledger.MaxWorkers
	writer, err := api.New(o)
	Must(t, err)
	return importer.Env{Names: lookup.New(reader), In: strings.NewReader(""), Env: ledger.Env{
		Reader: reader, Writer: writer, Store: journal.Store{Dir: filepath.Join(dir, "state"), GiveUp: "drop %s"},
		Now: time.Now, Profile: "test", BaseURL: o.BaseURL, MaxWait: time.Minute,
	}}
}

// File writes a file and returns its path.
func (s *Shop) File(name, text string) string {
	path := filepath.Join(s.Dir, name)
	Must(s.T, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// Run imports a file and returns the summary.
func (s *Shop) Run(o importer.Options) (*importer.Summary, error) {
	plan, err := importer.Check(s.T.Context(), s.Env, o)
	if err != nil {
		return nil, err
	}
	return plan.Run(s.T.Context())
}

// Resume resumes a run and returns the summary.
func (s *Shop) Resume(id string) (*importer.Summary, error) {
	plan, err := importer.Reopen(s.T.Context(), s.Env, id)
	Must(s.T, err)
	return plan.Run(s.T.Context())
}

// Stock returns the quantity on hand of every record, by product/sku@warehouse.
func (s *Shop) Stock() map[string]int64 {
	out := map[string]int64{}
	for r, err := range s.Env.Reader.Records().All(s.T.Context()) {
		Must(s.T, err)
		out[r.Address().String()] = *r.OnHandQty
	}
	return out
}

// Stocked imports the first seven rows of Opening.
func (s *Shop) Stocked() *Shop {
	s.T.Helper()
	_, err := s.Run(Options(s.File("opening.csv", Opening(7)), stock.Create))
	Must(s.T, err)
	return s
}

// Options returns the usual options for a file.
func Options(file string, mode stock.Mode) importer.Options {
	return importer.Options{Reading: columns.Reading{File: file, Mode: mode}, Options: ledger.Options{IfExists: settle.Same}, Lookback: ledger.DefaultLookback}
}

// Opening returns a create file of n rows.
func Opening(n int) string {
	var b strings.Builder
	b.WriteString("productId,warehouseId,initialQty,location\n")
	for i := range n {
		fmt.Fprintf(&b, "prod_%04d,ABJ-01,%d,A-%d\n", i, i, i)
	}
	return b.String()
}

// Must ends a test at an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Read returns the text of a file.
func Read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	Must(t, err)
	return string(b)
}
