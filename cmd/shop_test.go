package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// requestTimeout is the request timeout of the tests. It is long enough for a slow machine, but
// no longer, since tests wait this long for a lost response.
const requestTimeout = 1500 * time.Millisecond

// faultServer is the sandbox over HTTP with one fault, at the first matching write.
type faultServer struct {
	*fakeshop.Shop
	shop  *sandbox.Server
	ahead atomic.Int64 // how far its clock is ahead, in nanoseconds
	aim   func(*http.Request) bool
	hit   func(f *faultServer, w http.ResponseWriter, r *http.Request)
	aimed atomic.Int64  // number of matching requests
	nth   int64         // the one that fails
	late  chan struct{} // closed when a write was applied too late
	next  atomic.Bool   // make the next requests wait for late

	searched chan struct{} // closed when the movement log was read after the fault
	struck   atomic.Bool
	found    sync.Once

	// meddle gets each request before the shop, and returns true if it has responded. n
	// counts the writes from 1, and is 0 for a read.
	meddle func(w http.ResponseWriter, r *http.Request, n int) bool

	mu     sync.Mutex
	writes []write
}

// write is a write received by the server.
type write struct {
	at   time.Time
	path string // after /v1
	body string
}

// marks returns what identifies a movement in the log: the token at the start of its notes,
// and its reference.
func (w write) marks() (marks []string) {
	var sent struct{ Reference, Notes string }
	if json.Unmarshal([]byte(w.body), &sent) != nil {
		return nil
	}
	for _, mark := range []string{rowMark.FindString(sent.Notes), sent.Reference} {
		if mark != "" {
			marks = append(marks, mark)
		}
	}
	return marks
}

// qty returns the quantity of a movement or a create.
func (w write) qty() int64 {
	var sent struct{ Qty, InitialQty int64 }
	if json.Unmarshal([]byte(w.body), &sent) != nil {
		return -1
	}
	return sent.Qty + sent.InitialQty
}

func newFaultServer(t *testing.T, dialect sandbox.Dialect) *faultServer {
	t.Helper()
	return openFaultServer(t, sandbox.Options{Dialect: dialect})
}

// openFaultServer starts a shop whose clock may be ahead.
func openFaultServer(t *testing.T, o sandbox.Options) *faultServer {
	t.Helper()
	f := &faultServer{searched: make(chan struct{}), late: make(chan struct{})}
	o.Now = func() time.Time { return time.Now().Add(time.Duration(f.ahead.Load())) }
	f.Shop = fakeshop.Open(t, o)
	f.shop = f.Sandbox
	f.Handle(f.ServeHTTP)
	return f
}

// receive records a write and returns its number.
func (f *faultServer) receive(r *http.Request) int {
	if !isWrite(r) || strings.HasSuffix(r.URL.Path, "/auth/login") {
		return 0
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		cut()
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writes = append(f.writes, write{time.Now(), strings.TrimPrefix(r.URL.Path, "/v1"), string(body)})
	return len(f.writes)
}

// received returns the writes so far, in the order of their arrival.
func (f *faultServer) received() []write {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.writes)
}

func (f *faultServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := f.receive(r)
	if f.meddle != nil && f.meddle(w, r, n) {
		return
	}
	if f.aim != nil && f.aim(r) && f.aimed.Add(1) == f.nth {
		f.struck.Store(true)
		f.hit(f, w, r)
		return
	}
	if f.next.Load() {
		<-f.late
	}
	f.shop.ServeHTTP(w, r)
	if f.struck.Load() && strings.HasSuffix(r.URL.Path, "/inventory/logs") {
		f.found.Do(func() { close(f.searched) })
	}
}

// work handles the request and returns the response, which is not sent.
func (f *faultServer) work(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	f.shop.ServeHTTP(rec, r.WithContext(context.WithoutCancel(r.Context())))
	return rec
}

func cut() { panic(http.ErrAbortHandler) }

// newShop returns the built-in shop and a customer with a short request timeout.
func newShop(t *testing.T) (*faultServer, *user) {
	t.Helper()
	f := newFaultServer(t, sandbox.Published)
	return f, f.customer(t)
}

// customer returns a user of the shop.
func (f *faultServer) customer(t *testing.T) *user {
	t.Helper()
	account := f.Account()
	return customer(t, f.URL, account.Key, account.Bearer)
}

// direct returns a client that bypasses faults and counters.
func (f *faultServer) direct(t *testing.T) *api.Client {
	t.Helper()
	web := httptest.NewServer(f.shop)
	t.Cleanup(web.Close)
	c, err := api.New(api.Options{BaseURL: web.URL, Auth: f.Account()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// stock returns the quantity on hand of each record, by PRODUCT[/SKU]@WAREHOUSE.
func (f *faultServer) stock(t *testing.T) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for r, err := range f.direct(t).Records().All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out[r.Address().String()] = *r.OnHandQty
	}
	return out
}

// opened creates records for products, with nothing on hand.
func (f *faultServer) opened(t *testing.T, products ...string) {
	t.Helper()
	c, nothing := f.direct(t), int64(0)
	for _, product := range products {
		if _, err := c.CreateRecord(t.Context(), api.CreateRecord{ProductID: product, WarehouseID: "wh_abc123", InitialQty: &nothing}); err != nil {
			t.Fatal(err)
		}
	}
}

// moved changes stock as another user would.
func (f *faultServer) moved(t *testing.T, record string, qty int64) {
	t.Helper()
	if _, err := f.direct(t).Adjust(t.Context(), record, api.Adjustment{Qty: qty, Action: api.ActionAdjusted}); err != nil {
		t.Error(err)
	}
}
