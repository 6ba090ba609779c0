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

// moment is when every test takes place.
func moment() time.Time { return time.Date(2026, 4, 1, 10, 30, 0, 123e6, time.UTC) }

// shop is a sandbox and somebody who is signed in to it.
type shop struct {
	t      testing.TB
	server *sandbox.Server
	client *http.Client
	header http.Header
}

// open opens a sandbox for the test: in memory and at a fixed time, unless the
// options say otherwise. Every answer is held against docs/openapi.yaml.
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

// reply is an answer that was read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// call sends a request; a body that is not blank is JSON.
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

// wants fails the test unless the answer is exactly this.
func (r reply) wants(t testing.TB, status int, body string) {
	t.Helper()
	if r.status != status || r.body != body {
		t.Errorf("got  %d %s\nwant %d %s", r.status, r.body, status, body)
	}
}

// data decodes what the envelope holds into v.
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

// stock is what tests look at in a record.
type stock struct {
	ID           string
	SKUID        *string `json:"skuId"`
	WarehouseID  string
	OnHandQty    int64
	ReservedQty  int64
	AvailableQty int64
	ReorderLevel *int64
}

// create makes a record that must not be refused.
func (s *shop) create(body string) (out stock) {
	s.t.Helper()
	s.call("POST", "/v1/inventory", body).data(s.t, &out)
	return out
}

// one returns the records of a product or of one of its SKUs.
func (s *shop) stock(path string) (out []stock) {
	s.t.Helper()
	s.call("GET", "/v1/inventory/product/"+path, "").data(s.t, &out)
	return out
}

// movement is what tests look at in the log.
type movement struct {
	ID, InventoryID, Action string
	QtyChange               int64
	Reference, Notes        *string
	AdjustedBy              string
}

// log returns the newest movements.
func (s *shop) log() []movement {
	s.t.Helper()
	var page struct{ Content []movement }
	s.call("GET", "/v1/inventory/logs", "").data(s.t, &page)
	return page.Content
}

// database returns a path for a database file.
func database(t testing.TB) string { return filepath.Join(t.TempDir(), "state", "sandbox.db") }

// plain is the body of the usual refusal.
func plain(message string) string {
	text, _ := json.Marshal(message)
	return `{"status":false,"message":` + strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(text)) + `}`
}

// failedValidation is the body of a refusal with a code.
func failedValidation(message string) string {
	return `{"status":false,"code":"VALIDATION_FAILED","message":"` + message + `"}`
}
