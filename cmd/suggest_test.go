package cmd_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// shopper is a shell with completion from a server.
type shopper struct {
	env   map[string]string
	now   time.Time
	asked atomic.Int64
}

func newShopper(t *testing.T, answer http.HandlerFunc) *shopper {
	t.Helper()
	s := &shopper{now: time.Unix(1e9, 0)}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(web.Close)
	home := t.TempDir()
	s.env = map[string]string{
		"HOME": home, "XDG_CACHE_HOME": filepath.Join(home, "cache"), "STOCKCTL_BASE_URL": web.URL,
		"STOCKCTL_TOKEN": "tok", "STOCKCTL_MERCHANT_API_KEY": "pk_test_1", "STOCKCTL_DEBUG": "1",
	}
	return s
}

// complete returns the suggestions. stderr may contain only cobra's own line, which the
// shell scripts discard.
func (s *shopper) complete(t *testing.T, words ...string) string {
	t.Helper()
	streams, _, out, errOut := iostreams.Test()
	a := app.New(streams, app.Build{})
	a.Now = func() time.Time { return s.now }
	a.LookupEnv = func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }
	if code := cmd.Run(t.Context(), a, append([]string{"__complete"}, words...)); code != 0 {
		t.Errorf("%q: exit code %d", words, code)
	}
	if got := errOut.String(); got != "Completion ended with directive: ShellCompDirectiveNoFileComp\n" {
		t.Errorf("%q: stderr contains %q", words, got)
	}
	offered, directive, _ := strings.Cut(out.String(), ":4\n")
	if directive != "" || !strings.HasSuffix(out.String(), ":4\n") {
		t.Errorf("%q: got %q", words, out)
	}
	return offered
}

const twoWarehouses = `{"status":true,"data":[{"id":"wh_1","code":"LGS-01","name":"Lagos\tmain\nhall\u001b[2J","active":true},` +
	`{"id":"wh_2","name":"Abuja","active":false},{"id":"wh_3","code":"-y","active":true},{"id":"wh_4","code":"L\u001bX","active":true},{"id":"wh_5","code":"~root","active":true},` +
	`{"id":"wh_6","code":"_activeHelp_ no","active":true}]}`

func sells(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/v1/warehouses":
		fmt.Fprint(w, twoWarehouses)
	case "/v1/inventory":
		fmt.Fprint(w, `{"items":[{"id":"inv_1","productId":"p_1","skuId":"s_1","warehouseId":"wh_1","warehouseName":"Lagos","onHandQty":3},`+
			`{"id":"inv_2","productId":"p_2","warehouseId":"wh_2"}],"total":2}`)
	case "/v2/products":
		fmt.Fprint(w, `{"content":[{"id":"p_1","name":"Phone","productType":"VARIABLE","variantGroups":[{"skus":[{"id":"s_1","sku":"RED",`+
			`"attributes":{"Size":"L"}},{"id":"s_2"}]}]},{"id":"q_2","name":"Bag"}],"totalElements":2}`)
	case "/v2/products/p_1":
		fmt.Fprint(w, `{"data":{"id":"p_1","variantGroups":[{"skus":[{"id":"s_1","sku":"RED","attributes":{"Size":"L"}},{"id":"s_2"}]}]}}`)
	default:
		http.Error(w, `{"status":false,"message":"no"}`, http.StatusForbidden)
	}
}

func TestCompletionOffersTheStore(t *testing.T) {
	s := newShopper(t, sells)
	const codes = "LGS-01\tLagos main hall\\x1b[2J\nwh_2\tAbuja (inactive)\n"
	for line, want := range map[string]string{
		"inventory list --warehouse|":                   codes,
		"inventory low-stock --warehouse|":              codes,
		"inventory create --warehouse|":                 codes,
		"warehouse get|":                                codes,
		"warehouse update|wh":                           "wh_2\tAbuja (inactive)\n",
		"warehouse get|LGS-01|":                         "",
		"inventory list --product|p":                    "p_1\tPhone\n",
		"product get|":                                  "p_1\tPhone\nq_2\tBag\n",
		"inventory logs --product|q":                    "q_2\tBag\n",
		"inventory create --product p_1 --sku|":         "RED\tSize L\ns_2\n",
		"inventory create --sku|":                       "RED\tPhone, Size L\ns_2\tPhone\n",
		"inventory adjust|":                             "RED@LGS-01\tPhone, Size L, Lagos main hall\\x1b[2J\np_2@wh_2\tAbuja\n",
		"inventory adjust|R":                            "RED@LGS-01\tPhone, Size L, Lagos main hall\\x1b[2J\n",
		"inventory reserve|p_2":                         "p_2@wh_2\tAbuja\n",
		"inventory get|p_1/s_1@L":                       "p_1/s_1@LGS-01\tPhone, Size L, Lagos main hall\\x1b[2J\n",
		"inventory release|p_1/s_1|@|L":                 "LGS-01\tPhone, Size L, Lagos main hall\\x1b[2J\n",
		"inventory release|p_1/s_1|@":                   "@LGS-01\tPhone, Size L, Lagos main hall\\x1b[2J\n",
		"inventory release|p_2@wh_2|":                   "",
		"inventory logs --record|":                      "inv_1\tRED@LGS-01\ninv_2\tp_2@wh_2\n",
		"profile use|":                                  "sandbox\n",
		"inventory list --profile|":                     "sandbox\n",
		"inventory list --profile nowhere --warehouse|": "",
	} {
		command, rest, _ := strings.Cut(line, "|")
		words := append(strings.Fields(command), strings.Split(rest, "|")...)
		if got := s.complete(t, words...); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

// Names are cached for ten minutes, privately and separately for each account.
func TestCompletionCache(t *testing.T) {
	s := newShopper(t, sells)
	warehouses := func() { s.complete(t, "warehouse", "get", "") }
	for _, step := range []struct {
		change func()
		asked  int64
	}{
		{func() {}, 1},
		{func() { s.now = s.now.Add(9 * time.Minute) }, 1},
		{func() { s.now = s.now.Add(time.Minute) }, 2},
		{func() { s.env["STOCKCTL_MERCHANT_API_KEY"] = "pk_test_2" }, 3},
		{func() { s.env["STOCKCTL_MERCHANT_API_KEY"] = "pk_test_1" }, 3},
		{func() { s.now = s.now.Add(-time.Hour) }, 4},
	} {
		step.change()
		warehouses()
		if got := s.asked.Load(); got != step.asked {
			t.Errorf("asked %d times, want %d", got, step.asked)
		}
	}
	if runtime.GOOS == "windows" {
		return
	}
	dir := filepath.Join(s.env["XDG_CACHE_HOME"], "stockctl")
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[d.IsDir()]
		if err == nil && info.Mode().Perm() != want {
			t.Errorf("%s is %o, want %o", name, info.Mode().Perm(), want)
		}
		if text, _ := os.ReadFile(name); strings.Contains(name+string(text), "pk_test") {
			t.Errorf("%s contains a key", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// If anything fails, completion suggests nothing, prints nothing, stores nothing, does not
// sign in, and does not keep the shell waiting.
func TestCompletionFailsSilently(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		set    map[string]string
		asked  int64
	}{
		"forbidden": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, nil, 1},
		"busy":      {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "60"); w.WriteHeader(429) }, nil, 1},
		"slow":      {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, nil, 1},
		"nonsense":  {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"status":true,"data":[1,`) }, nil, 0},
		"password":  {sells, map[string]string{"STOCKCTL_TOKEN": "", "STOCKCTL_EMAIL": "a@b.c", "STOCKCTL_PASSWORD": "p"}, 0},
		"no secret": {sells, map[string]string{"STOCKCTL_TOKEN": ""}, 0},
		"bad URL":   {sells, map[string]string{"STOCKCTL_BASE_URL": "ftp://x"}, 0},
		"bad flag":  {sells, map[string]string{"STOCKCTL_TIMEOUT": "soon"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShopper(t, test.answer)
			for key, value := range test.set {
				s.env[key] = value
			}
			began := time.Now()
			if got := s.complete(t, "warehouse", "get", ""); got != "" {
				t.Errorf("offered %q", got)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
			if got := s.asked.Load(); test.asked > 0 && got != test.asked || name == "password" && got != 0 {
				t.Errorf("asked %d times, want %d", got, test.asked)
			}
			if _, err := os.Stat(filepath.Join(s.env["XDG_CACHE_HOME"], "stockctl")); err == nil {
				t.Error("a failure was cached")
			}
		})
	}
}
