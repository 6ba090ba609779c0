package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// moment is the current time in every test.
func moment() time.Time { return time.Date(2026, 4, 1, 10, 30, 0, 123e6, time.UTC) }

// shop is a sandbox with a signed-in client.
type shop struct {
	t      testing.TB
	server *sandbox.Server
	client *http.Client
	header http.Header
}

// open opens a sandbox for the test, in memory and at a fixed time unless the
// options say otherwise. Every response is validated against docs/openapi.yaml.
func open(t testing.TB, o sandbox.Options) *shop {
	t.Helper()
	if o.Path == "" {
		o.Path = ":memory:"
	}
	if o.Now == nil {
		o.Now = moment
	}
	server, err := sandbox.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	token, _ := server.IssueToken()
	transport := documented{t, server.Transport(), documentOf(t, o.Dialect)}
	return &shop{t, server, &http.Client{Transport: transport}, http.Header{
		"Authorization":    {"Bearer " + token},
		"X-Merchantapikey": {server.Account().MerchantAPIKey},
	}}
}

// reply is a response that was read completely.
type reply struct {
	status int
	header http.Header
	body   string
}

// call sends a request. A body, unless blank, is sent as JSON.
func (s *shop) call(method, path, body string) reply {
	s.t.Helper()
	return s.send(s.request(method, path, body))
}

func (s *shop) request(method, path, body string) *http.Request {
	s.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, "https://sandbox.invalid"+path, reader)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header = s.header.Clone()
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func (s *shop) send(r *http.Request) reply {
	s.t.Helper()
	response, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, strings.TrimSuffix(string(data), "\n")}
}

// wants fails the test unless the response is exactly this one.
func (r reply) wants(t testing.TB, status int, body string) {
	t.Helper()
	if r.status != status || r.body != body {
		t.Errorf("got  %d %s\nwant %d %s", r.status, r.body, status, body)
	}
}

// data decodes the data in the envelope into v.
func (r reply) data(t testing.TB, v any) {
	t.Helper()
	var envelope struct {
		Status bool            `json:"status"`
		Data   json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal([]byte(r.body), &envelope); err != nil || !envelope.Status {
		t.Fatalf("no success envelope: %d %s (%v)", r.status, r.body, err)
	}
	if err := json.Unmarshal(envelope.Data, v); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
}

// stock has the fields of a record that tests compare.
type stock struct {
	ID           string
	SKUID        *string `json:"skuId"`
	WarehouseID  string
	OnHandQty    int64
	ReservedQty  int64
	AvailableQty int64
	ReorderLevel *int64
}

// create creates a record and fails the test if it is refused.
func (s *shop) create(body string) (out stock) {
	s.t.Helper()
	s.call("POST", "/v1/inventory", body).data(s.t, &out)
	return out
}

// stock returns the records of a product or of one of its SKUs.
func (s *shop) stock(path string) (out []stock) {
	s.t.Helper()
	s.call("GET", "/v1/inventory/product/"+path, "").data(s.t, &out)
	return out
}

// movement has the fields of a movement that tests compare.
type movement struct {
	ID, InventoryID, Action string
	QtyChange               int64
	Reference, Notes        *string
	AdjustedBy              string
}

// log returns the latest movements.
func (s *shop) log() []movement {
	s.t.Helper()
	var page struct{ Content []movement }
	s.call("GET", "/v1/inventory/logs", "").data(s.t, &page)
	return page.Content
}

// database returns a path for a database file.
func database(t testing.TB) string { return filepath.Join(t.TempDir(), "state", "sandbox.db") }

// plain is the most common error body.
func plain(message string) string {
	text, _ := json.Marshal(message)
	return `{"status":false,"message":` + strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(text)) + `}`
}

// failedValidation is an error body with a code.
func failedValidation(message string) string {
	return `{"status":false,"code":"VALIDATION_FAILED","message":"` + message + `"}`
}
