package importer_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/deadline"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// shop is a store over HTTP, and an environment to import into it.
type shop struct {
	t      *testing.T
	server *sandbox.Server
	web    *httptest.Server
	dir    string
	env    importer.Env
}

// account lets requests in with the sandbox's own credentials.
type account struct{ key, token string }

func (a account) MerchantKey(context.Context) (string, error) { return a.key, nil }
func (a account) Token(context.Context) (string, error)       { return a.token, nil }
func (a account) Renew(context.Context, string) (string, error) {
	return "", fmt.Errorf("no password")
}

// openShop starts a store with its faults. wrap, if any, stands between.
func openShop(t *testing.T, o sandbox.Options, wrap func(http.Handler) http.Handler) *shop {
	t.Helper()
	deadline.Set(t)
	o.Path = ":memory:"
	server, err := sandbox.Open(t.Context(), o)
	must(t, err)
	handler := http.Handler(server)
	if wrap != nil {
		handler = wrap(handler)
	}
	web := httptest.NewUnstartedServer(handler)
	web.Config.ErrorLog = nil
	web.Start()
	t.Cleanup(func() {
		web.Close()
		must(t, server.Close())
	})
	token, _ := server.IssueToken()
	s := &shop{t: t, server: server, web: web, dir: t.TempDir()}
	s.env = environment(t, web.URL, account{server.Account().MerchantAPIKey, token}, s.dir)
	return s
}

func environment(t testing.TB, url string, a account, dir string) importer.Env {
	reader, err := api.New(api.Options{BaseURL: url, Auth: a, Timeout: time.Second, Connections: 8})
	if err != nil {
		t.Fatal(err)
	}
	writer, err := api.New(api.Options{BaseURL: url, Auth: a, Timeout: time.Second, MaxWait: -1, Connections: ledger.MaxWorkers})
	if err != nil {
		t.Fatal(err)
	}
	return importer.Env{Names: lookup.New(reader), In: strings.NewReader(""), Env: ledger.Env{
		Reader: reader, Writer: writer, Store: journal.Store{Dir: filepath.Join(dir, "state")},
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

// run imports a file and returns what became of it.
func (s *shop) run(o importer.Options) (*importer.Summary, error) {
	plan, err := importer.Check(s.t.Context(), s.env, o)
	if err != nil {
		return nil, err
	}
	return plan.Run(s.t.Context())
}

// stock is the on hand of every record, by product/sku@warehouse.
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

// opening is a create file of n rows.
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
