package cmd_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// afterwards does the work after the client has given up: for a movement, once the log
// has been searched for it; for anything else, before the next response.
func afterwards(f *faultServer, _ http.ResponseWriter, r *http.Request) {
	defer close(f.late)
	body, _ := io.ReadAll(r.Body)
	moves := r.Method == http.MethodPatch && strings.Contains(r.URL.Path, "/inventory/")
	f.next.Store(!moves)
	<-r.Context().Done()
	if moves {
		select {
		case <-f.searched:
		case <-time.After(10 * requestTimeout): // never searched: the test will fail
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	f.work(r)
}

// busy refuses a request and says when to retry.
func busy(after func() string) func(*faultServer, http.ResponseWriter, *http.Request) {
	return func(_ *faultServer, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after())
		w.WriteHeader(http.StatusTooManyRequests)
	}
}

func notSignedIn(_ *faultServer, w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = io.WriteString(w, `{"error":"unauthenticated","message":"Full authentication is required to access this resource","status":false,"statusCode":401}`)
}

const (
	withPassword = "401, with a password" // the command recovers by signing in
	late         = "late"                 // the work is done after the client has given up
)

// fault is a failure during a write.
type fault struct {
	name string
	does func(*faultServer, http.ResponseWriter, *http.Request)
}

func faults() []fault {
	return []fault{
		{"cut before the work", func(*faultServer, http.ResponseWriter, *http.Request) { cut() }},
		{"cut after the work", func(f *faultServer, _ http.ResponseWriter, r *http.Request) { f.work(r); cut() }},
		{"500", func(_ *faultServer, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, `{"status":false,"message":"Internal error"}`)
		}},
		{"502 after the work", func(f *faultServer, w http.ResponseWriter, r *http.Request) {
			f.work(r)
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "<html><title>502 Bad Gateway</title></html>")
		}},
		{late, afterwards},
		{"429 with seconds", busy(func() string { return "1" })},
		{"429 with a date", busy(func() string { return time.Now().Add(time.Second).UTC().Format(http.TimeFormat) })},
		{"unreadable 200", func(f *faultServer, w http.ResponseWriter, r *http.Request) {
			f.work(r)
			_, _ = io.WriteString(w, `{"status":tr`)
		}},
		{"401", notSignedIn},
		{withPassword, notSignedIn},
		{"truncated response", func(f *faultServer, w http.ResponseWriter, r *http.Request) {
			text := f.work(r).Body.Bytes()
			w.Header().Set("Content-Length", strconv.Itoa(len(text)))
			_, _ = w.Write(text[:len(text)/2])
			cut()
		}},
	}
}

// writer is a command that writes once, and what it should change.
type writer struct {
	name string
	args []string
	file string // replaces FILE in args
	// path is the suffix of the paths of its writes.
	path string
	// read returns the value that it changes from before to after.
	read          func(context.Context, *api.Client) (string, error)
	before, after string
	// second aims at its second write; between is the value before that write.
	second  bool
	between string
	needs   []api.CreateRecord // what must exist first
	held    int64              // quantity of prod_abc123 that must be reserved first
}

func writers() []writer {
	onHand := func(product string) func(context.Context, *api.Client) (string, error) {
		return func(ctx context.Context, c *api.Client) (string, error) { return stockOf(ctx, c, product, false) }
	}
	reserved := func(ctx context.Context, c *api.Client) (string, error) { return stockOf(ctx, c, "prod_abc123", true) }
	nothing := int64(0)
	empty := []api.CreateRecord{{ProductID: "prod_abc123", WarehouseID: "wh_def456", InitialQty: &nothing}}
	transferArgs := []string{"inventory", "transfer", "prod_abc123", "--from", "LGS-01", "--to", "ABJ-01", "--qty", "12"}
	const adjustFile = "productId,warehouseId,qty,action\nprod_abc123,LGS-01,-3,sold\n"
	return []writer{
		{
			name: "create", args: []string{"inventory", "create", "--product", "prod_new", "--warehouse", "LGS-01", "--initial-qty", "7"},
			path: "/inventory", read: onHand("prod_new"), before: "none", after: "7",
		},
		{
			name: "create -f", args: []string{"inventory", "create", "-f", "FILE"},
			file: "[{productId: prod_new, warehouseId: LGS-01, initialQty: 7}]", path: "/inventory", read: onHand("prod_new"), before: "none",
			after: "7",
		},
		{
			name: "create, set",
			args: []string{"inventory", "create", "--product", "prod_abc123", "--warehouse", "LGS-01", "--initial-qty", "7", "--if-exists", "set"},
			path: "/adjust", read: onHand("prod_abc123"), before: "120", after: "7",
		},
		{name: "adjust", args: []string{"inventory", "adjust", "prod_abc123@LGS-01", "--qty=-3", "--action", "sold"}, path: "/adjust", read: onHand("prod_abc123"), before: "120", after: "117"},
		{
			name: "adjust, referenced",
			args: []string{"inventory", "adjust", "prod_abc123@LGS-01", "--qty=-3", "--action", "sold", "--reference", "PO-1"},
			path: "/adjust", read: onHand("prod_abc123"), before: "120", after: "117",
		},
		{name: "reserve", args: []string{"inventory", "reserve", "prod_abc123@LGS-01", "--qty", "2"}, path: "/reserve", read: reserved, before: "0", after: "2"},
		{name: "release", args: []string{"inventory", "release", "prod_abc123@LGS-01", "--qty", "2"}, path: "/release", read: reserved, before: "5", after: "3", held: 5},
		{
			name: "import, create", args: []string{"inventory", "import", "FILE"},
			file: "productId,warehouseId,initialQty\nprod_new,LGS-01,7\n", path: "/inventory", read: onHand("prod_new"), before: "none",
			after: "7",
		},
		{name: "import, adjust", args: []string{"inventory", "import", "FILE", "--mode", "adjust"}, file: adjustFile, path: "/adjust", read: onHand("prod_abc123"), before: "120", after: "117"},
		{
			name: "import, set", args: []string{"inventory", "import", "FILE", "--mode", "set"},
			file: "productId,warehouseId,onHandQty\nprod_abc123,LGS-01,7\n", path: "/adjust", read: onHand("prod_abc123"), before: "120",
			after: "7",
		},
		{name: "transfer, leaving", args: transferArgs, path: "/adjust", read: bothSides, before: "120 0", between: "108 0", after: "108 12", needs: empty},
		{name: "transfer, arriving", args: transferArgs, path: "/adjust", read: bothSides, before: "120 0", between: "108 0", after: "108 12", needs: empty, second: true},
		{
			name: "count", args: []string{"inventory", "count", "FILE", "--warehouse", "LGS-01"},
			file: "productId,countedQty\nprod_abc123,100\n", path: "/adjust", read: onHand("prod_abc123"), before: "120", after: "100",
		},
		{
			name: "api", args: []string{"api", "POST", "/v1/warehouses", "-F", "name=Kano", "-F", "code=KAN-01", "--jq", ".data.code"},
			path: "/warehouses", read: codes, before: "LGS-01 ABJ-01", after: "LGS-01 ABJ-01 KAN-01",
		},
		{name: "warehouse create", args: []string{"warehouse", "create", "--name", "Kano", "--code", "KAN-01"}, path: "/warehouses", read: codes, before: "LGS-01 ABJ-01", after: "LGS-01 ABJ-01 KAN-01"},
		{name: "warehouse update", args: []string{"warehouse", "update", "ABJ-01", "--code", "ABJ-02"}, path: "/warehouses/wh_def456", read: codes, before: "LGS-01 ABJ-01", after: "LGS-01 ABJ-02"},
	}
}

func (w writer) fileName() string {
	if strings.HasPrefix(w.file, "[") {
		return "rows.yaml"
	}
	return "rows.csv"
}

// commandLine returns the arguments of the command, after writing its file for a user.
func (w writer) commandLine(t *testing.T, u *user) []string {
	t.Helper()
	file := u.file(t, w.fileName(), w.file)
	args := make([]string, len(w.args))
	for i, arg := range w.args {
		args[i] = strings.ReplaceAll(arg, "FILE", file)
	}
	return args
}

// prepare makes what must exist before the command runs.
func (w writer) prepare(t *testing.T, c *api.Client) {
	t.Helper()
	for _, record := range w.needs {
		if _, err := c.CreateRecord(t.Context(), record); err != nil {
			t.Fatal(err)
		}
	}
	if w.held > 0 {
		if _, err := c.Reserve(t.Context(), "inv_xyz789", api.Reservation{Qty: w.held}); err != nil {
			t.Fatal(err)
		}
	}
}

func stockOf(ctx context.Context, c *api.Client, product string, reserved bool) (string, error) {
	list, err := c.RecordsOf(ctx, product, "")
	if len(list) == 0 {
		return "none", err
	}
	if reserved {
		return fmt.Sprint(*list[0].ReservedQty), err
	}
	return fmt.Sprint(*list[0].OnHandQty), err
}

func bothSides(ctx context.Context, c *api.Client) (string, error) {
	stock := map[string]int64{}
	list, err := c.RecordsOf(ctx, "prod_abc123", "")
	for _, r := range list {
		stock[r.WarehouseID] = *r.OnHandQty
	}
	return fmt.Sprint(stock["wh_abc123"], stock["wh_def456"]), err
}

func codes(ctx context.Context, c *api.Client) (string, error) {
	list, err := c.Warehouses(ctx)
	var out []string
	for _, w := range list {
		out = append(out, w.Code)
	}
	return strings.Join(out, " "), err
}

// TestFaults runs every writing command with every fault, in both dialects of the API.
// The final stock, the exit code and the complete output are in testdata/faults.golden.
// In addition, it checks a rule that no golden file can change: if the command says that
// the write was applied, it was applied once; if it says that it was not, it was not; and
// only exit code 9 leaves it open.
func TestFaults(t *testing.T) {
	var (
		mu       sync.Mutex
		reported = map[string]string{}
		every    sync.WaitGroup
		room     = make(chan struct{}, 24) // they mostly wait
	)
	for _, w := range writers() {
		for _, f := range faults() {
			if f.name == withPassword {
				every.Go(func() {
					room <- struct{}{}
					defer func() { <-room }()
					suffer(t, w, f, sandbox.Published, true) // shows requests and responses, but no secrets
				})
			}
			for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
				every.Go(func() {
					room <- struct{}{}
					defer func() { <-room }()
					name := w.name + ": " + f.name
					got := suffer(t, w, f, dialect, false)
					mu.Lock()
					defer mu.Unlock()
					if other, is := reported[name]; is && other != got {
						t.Errorf("%s: the dialects differ:\n%s\n%s", name, other, got)
					}
					reported[name] = got
				})
			}
		}
	}
	every.Wait()
	var all strings.Builder
	for _, w := range writers() {
		for _, f := range faults() {
			fmt.Fprintf(&all, "## %s: %s\n%s\n", w.name, f.name, reported[w.name+": "+f.name])
		}
	}
	isGolden(t, "testdata/faults.golden", all.String())
}

// suffer runs a command with a fault and returns the result as text.
func suffer(t *testing.T, w writer, f fault, dialect sandbox.Dialect, debug bool) string {
	t.Helper()
	server := newFaultServer(t, dialect)
	server.hit = f.does
	server.nth = 1
	if w.second {
		server.nth = 2
	}
	server.aim = func(r *http.Request) bool { return r.Method != http.MethodGet && strings.HasSuffix(r.URL.Path, w.path) }
	account := server.Account()
	key, token := account.Key, account.Bearer
	c, err := api.New(api.Options{BaseURL: server.URL, Auth: account})
	if err != nil {
		t.Fatal(err)
	}
	w.prepare(t, c)
	u := customer(t, server.URL, key, token)
	if f.name == withPassword {
		u.signsIn(server.shop.Account().Email, server.shop.Account().Password)
	}
	if debug {
		u.env["STOCKCTL_DEBUG"] = "1"
	}
	code, out, errOut := u.run(t, t.Context(), w.commandLine(t, u)...)
	if f.name == late {
		<-server.late
	}
	now, err := w.read(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	applied := map[string]string{w.between: "half applied", w.before: "not applied", w.after: "applied"}[now]
	switch {
	case applied == "":
		t.Errorf("the server has %s: neither %s nor %s", now, w.before, w.after)
	case code == 0 && applied != "applied", code != 0 && code != 9 && applied == "applied", applied == "half applied" && code != 9 && code != 10:
		t.Errorf("exit %d, but it is %s\n%s", code, applied, errOut)
	}
	tidy := strings.NewReplacer(server.Listener.Addr().String(), "HOST", filepath.Join(u.home, w.fileName()), "FILE", u.home, "HOME")
	return fmt.Sprintf("exit %d, %s\n%s%s", code, applied, fixed(tidy.Replace(out)), fixed(tidy.Replace(errOut)))
}

// fixed replaces text that differs between runs.
func fixed(text string) string {
	for _, one := range []struct{ pattern, word string }{
		{`sc1-[a-z2-7]{6}-[a-z2-7]{12}`, "TOKEN"},
		{`\b[0-9A-HJKMNP-TV-Z]{16}\b`, "RUN"},
		{`in [0-9.]+ s, [0-9,]+/s`, "in TIME"},
		{`(?m)^\d+/\d+ rows, .*\n`, ""},
	} {
		text = regexp.MustCompile(one.pattern).ReplaceAllString(text, one.word)
	}
	return steady(text)
}
