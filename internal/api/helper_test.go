package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// shop is an API whose responses the test chooses. It records the requests.
type shop struct {
	*httptest.Server
	mu    sync.Mutex
	asked []asked
}

// endless is more requests than any test makes.
const endless = 20_000

type asked struct {
	line, key, token, body string
	header                 http.Header
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request, response http.HandlerFunc) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.asked = append(s.asked, asked{
		line: r.Method + " " + r.RequestURI, key: r.Header.Get("X-MerchantApiKey"),
		token: r.Header.Get("Authorization"), body: string(body), header: r.Header,
	})
	if len(s.asked) > endless {
		// Not t.Fatal: the client would never stop, and delay the tests by ten minutes.
		go panic("the client repeats requests without end: " + s.asked[endless].line)
	}
	s.mu.Unlock()
	response(w, r)
}

func (s *shop) requests() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func (s *shop) lines() string {
	var lines []string
	for _, a := range s.requests() {
		lines = append(lines, a.line)
	}
	return strings.Join(lines, "\n")
}

func openShop(t testing.TB, response http.HandlerFunc) *shop {
	t.Helper()
	s := &shop{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.ServeHTTP(w, r, response) }))
	t.Cleanup(s.Close)
	return s
}

// answers uses the handlers in order, and then repeats the last one.
func answers(list ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		next := list[0]
		if len(list) > 1 {
			list = list[1:]
		}
		mu.Unlock()
		next(w, r)
	}
}

// says responds with a status, a body, and headers given as pairs.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hangsUp cuts the connection without a response.
func hangsUp(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// breaksOff announces a longer body than it sends.
func breaksOff(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(body)+100, body)
		_ = conn.Close()
	}
}

// keys is an Authenticator that records its calls.
type keys struct {
	mu               sync.Mutex
	key, token, next string
	renewErr         error
	renewed          []string
	handedOut        int
}

func (k *keys) MerchantKey(context.Context) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.handedOut++
	return k.key, nil
}

func (k *keys) Token(context.Context) (string, error) { return k.token, nil }

func (k *keys) Renew(_ context.Context, rejected string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.renewed = append(k.renewed, rejected)
	return k.next, k.renewErr
}

// naps records what a client would have waited.
type naps struct{ list []time.Duration }

func (n *naps) sleep(ctx context.Context, d time.Duration) error {
	n.list = append(n.list, d)
	return ctx.Err()
}

// client returns a client of the shop that never actually waits.
func (s *shop) client(t testing.TB, change ...func(*api.Options)) *api.Client {
	t.Helper()
	return newClient(t, s.URL, change...)
}

func newClient(t testing.TB, url string, change ...func(*api.Options)) *api.Client {
	t.Helper()
	o := api.Options{BaseURL: url, Auth: &keys{key: "pk_test_1", token: "tok", next: "tok2"}, Sleep: (&naps{}).sleep}
	for _, f := range change {
		f(&o)
	}
	c, err := api.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fault returns the *api.Error in err.
func fault(t testing.TB, err error) *api.Error {
	t.Helper()
	var e *api.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want an *api.Error", err, err)
	}
	return e
}

func isKind(t testing.TB, err error, want failure.Kind) {
	t.Helper()
	if got := failure.KindOf(err); got != want {
		t.Errorf("kind %q, want %q: %v", got, want, err)
	}
}

func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

func ptr[T any](v T) *T { return &v }

func aRecord() api.CreateRecord {
	return api.CreateRecord{ProductID: "prod_abc123", WarehouseID: "wh_abc123", InitialQty: ptr(int64(50))}
}

const recordJSON = `{"status":true,"message":"ok","data":{"id":"inv_1","productId":"prod_abc123","skuId":null,"tenantId":"t1",` +
	`"warehouseId":"wh_abc123","warehouseName":"Lagos","location":"B-02-1","onHandQty":50,"reservedQty":5,"availableQty":45,` +
	`"reorderLevel":10,"reorderQty":0,"variantAttributes":{"Color":"Red"},"createdAt":"2025-02-01T21:28:29.049",` +
	`"updatedAt":"2025-02-01T21:28:29Z"}}`

// quietLog discards what a test server logs about clients.
func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }
