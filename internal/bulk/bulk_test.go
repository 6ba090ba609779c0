package bulk_test

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
	"github.com/bayworks/stockctl/internal/bulk"
	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/deadline"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
)

// shop is a store over HTTP, and an environment to import into it.
type shop struct {
	t      *testing.T
	server *sandbox.Server
	web    *httptest.Server
	dir    string
	env    bulk.Env
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

func environment(t testing.TB, url string, a account, dir string) bulk.Env {
	reader, err := api.New(api.Options{BaseURL: url, Auth: a, Timeout: time.Second, Connections: 8})
	if err != nil {
		t.Fatal(err)
	}
	writer, err := api.New(api.Options{BaseURL: url, Auth: a, Timeout: time.Second, MaxWait: -1, Connections: bulk.MaxWorkers})
	if err != nil {
		t.Fatal(err)
	}
	return bulk.Env{
		Reader: reader, Writer: writer, Names: lookup.New(reader), Store: journal.Store{Dir: filepath.Join(dir, "state")},
		In: strings.NewReader(""), Now: time.Now, Profile: "test", BaseURL: url, MaxWait: time.Minute,
	}
}

func (s *shop) file(name, text string) string {
	path := filepath.Join(s.dir, name)
	must(s.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func options(file string, mode bulk.Mode) bulk.Options {
	return bulk.Options{File: file, Mode: mode, IfExists: settle.Same, Lookback: bulk.DefaultLookback}
}

// run imports a file and returns what became of it.
func (s *shop) run(o bulk.Options) (*bulk.Summary, error) {
	plan, err := bulk.Check(s.t.Context(), s.env, o)
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
		out[r.Address()] = *r.OnHandQty
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

func TestCreate(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil)
	got, err := s.run(options(s.file("opening.csv", opening(200)), bulk.Create))
	must(t, err)
	// On a slow machine an answer may come after its time.
	if got.Counts.Applied+got.Counts.Confirmed != 200 || got.Rows != 200 || !got.Finished {
		t.Errorf("got %+v", got)
	}
	stock := s.stock()
	for i := range 200 {
		if at := fmt.Sprintf("prod_%04d@wh_def456", i); stock[at] != int64(i) {
			t.Fatalf("%s is %d", at, stock[at])
		}
	}
	// A create file may always be imported again.
	again, err := s.run(options(s.file("opening.csv", opening(201)), bulk.Create))
	must(t, err)
	if want := (bulk.Counts{Applied: 1, Already: 200}); again.Counts != want {
		t.Errorf("got %+v", again.Counts)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "*.rejects*")); left != nil {
		t.Errorf("no row was refused, but there is %s", left)
	}
}

// Under every fault of the API the stock is what the file says, and the account
// adds up.
func TestCreateUnderFaults(t *testing.T) {
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		for name, faults := range map[string]sandbox.Faults{
			"fails": {FailRate: 0.1, Seed: 1}, "drops": {DropRate: 0.1, Seed: 2}, "both": {FailRate: 0.05, DropRate: 0.05, Seed: 3},
		} {
			t.Run(name+" "+string(dialect), func(t *testing.T) {
				t.Parallel()
				s := openShop(t, sandbox.Options{Dialect: dialect, Faults: faults}, nil)
				got, err := s.run(options(s.file("opening.csv", opening(150)), bulk.Create))
				must(t, err)
				if got.Counts.Applied+got.Counts.Confirmed != 150 {
					t.Errorf("got %+v", got.Counts)
				}
				stock := s.stock()
				for i := range 150 {
					if at := fmt.Sprintf("prod_%04d@wh_def456", i); stock[at] != int64(i) {
						t.Errorf("%s is %d", at, stock[at])
					}
				}
			})
		}
	}
}
