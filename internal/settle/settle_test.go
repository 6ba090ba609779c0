package settle_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/settle"
)

// shop is the sandbox behind an HTTP server that breaks responses to writes as a test
// requires, with a clock that is stopped.
type shop struct {
	t       *testing.T
	now     time.Time // by all clocks
	server  *sandbox.Server
	web     *fakeshop.Shop
	handler http.HandlerFunc // answers requests
	writes  atomic.Int64     // writes that the server applied or refused
	sent    atomic.Int64     // writes that arrived
	client  *api.Client
	settler *settle.Settler
	mu      sync.Mutex
	waited  []time.Duration
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, now: noon()}
	clock := func() time.Time { return s.now }
	s.web = fakeshop.Open(t, sandbox.Options{Now: clock})
	s.server = s.web.Sandbox
	s.answer(s.server.ServeHTTP)
	sleep := func(ctx context.Context, d time.Duration) error {
		s.mu.Lock()
		s.waited = append(s.waited, d)
		s.mu.Unlock()
		return ctx.Err()
	}
	var err error
	s.client, err = api.New(api.Options{BaseURL: s.web.URL, Auth: s.web.Account(), Timeout: 5 * time.Second, Now: clock, Sleep: sleep})
	if err != nil {
		t.Fatal(err)
	}
	s.settler = settle.New(s.client).WithClock(clock, sleep)
	return s
}

// noon is the time of a shop's stopped clock.
func noon() time.Time { return time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC) }

// answer has requests answered by h, at the time of the shop.
func (s *shop) answer(h http.HandlerFunc) {
	s.handler = h
	s.web.Handle(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.now.Format(http.TimeFormat))
		h(w, r)
	})
}

// fault is what happens to one write. work applies the write and returns the server's
// response.
type fault func(w http.ResponseWriter, work func() *httptest.ResponseRecorder)

// onWrites applies the n-th fault to the n-th POST or PATCH. Further writes and all
// reads work normally.
func (s *shop) onWrites(faults ...fault) {
	s.answer(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			s.server.ServeHTTP(w, r)
			return
		}
		n := int(s.sent.Add(1))
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		work := func() *httptest.ResponseRecorder {
			s.writes.Add(1)
			again := r.Clone(context.WithoutCancel(r.Context()))
			again.Body = io.NopCloser(strings.NewReader(string(body)))
			rec := httptest.NewRecorder()
			s.server.ServeHTTP(rec, again)
			return rec
		}
		if n <= len(faults) {
			faults[n-1](w, work)
			return
		}
		relay(w, work())
	})
}

func relay(w http.ResponseWriter, rec *httptest.ResponseRecorder) {
	for k, v := range rec.Header() {
		w.Header()[k] = v
	}
	w.WriteHeader(rec.Code)
	w.Write(rec.Body.Bytes())
}

func cutBefore(http.ResponseWriter, func() *httptest.ResponseRecorder) { panic(http.ErrAbortHandler) }

func cutAfter(_ http.ResponseWriter, work func() *httptest.ResponseRecorder) {
	work()
	panic(http.ErrAbortHandler)
}

func status(code int, body string, done bool) fault {
	return func(w http.ResponseWriter, work func() *httptest.ResponseRecorder) {
		if done {
			work()
		}
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

func cutBody(w http.ResponseWriter, work func() *httptest.ResponseRecorder) {
	rec := work()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "5000")
	w.WriteHeader(rec.Code)
	w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
	panic(http.ErrAbortHandler)
}

func qty(n int64) *int64 { return &n }

func request() api.CreateRecord {
	return api.CreateRecord{ProductID: "prod_abc123", WarehouseID: "wh_def456", InitialQty: qty(50), Location: "B-02-1", ReorderLevel: qty(10)}
}

// records returns the server's records of the product in the second warehouse.
func (s *shop) records() []api.Record {
	s.t.Helper()
	s.answer(s.server.ServeHTTP)
	list, err := s.client.RecordsOf(s.t.Context(), "prod_abc123", "")
	if err != nil {
		s.t.Fatal(err)
	}
	var out []api.Record
	for _, r := range list {
		if r.WarehouseID == "wh_def456" {
			out = append(out, r)
		}
	}
	return out
}
