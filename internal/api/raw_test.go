package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

func TestRaw(t *testing.T) {
	for _, tc := range []struct {
		method, path, body, line string
	}{
		{"get", "/v1/inventory?page=0&limit=5", "", "GET /v1/inventory?page=0&limit=5"},
		{"GET", "v1/products/a%2Fb", "", "GET /v1/products/a%2Fb"},
		{"GET", "/v1/x y?q=a b", "", "GET /v1/x%20y?q=a%20b"},
		{"POST", "/v1/x", `{"a":1}`, "POST /v1/x"},
		{"DELETE", "/v1/x", "", "DELETE /v1/x"},
		{"PUT", "/v1/x", `[]`, "PUT /v1/x"},
		{"HEAD", "/v1/x?u=http://y", "", "HEAD /v1/x?u=http://y"},
	} {
		s := openShop(t, says(200, `{"status":true}`, "X-Mark", "m"))
		got, err := newClient(t, s.URL+"/base").Raw(t.Context(), tc.method, tc.path, []byte(tc.body))
		if err != nil {
			t.Error(tc.line, err)
			continue
		}
		ask := s.requests()[0]
		same(t, "line", ask.line, strings.Replace(tc.line, "/", "/base/", 1))
		same(t, "body", ask.body, tc.body)
		same(t, "token", ask.token, "Bearer tok")
		same(t, "key", ask.key, "pk_test_1")
		same(t, "header", got.Header.Get("X-Mark"), "m")
		same(t, "status", got.Status, 200)
	}
}

func TestRawStaysBelowTheBaseURL(t *testing.T) {
	s := openShop(t, says(200, `{}`))
	c := s.client(t)
	for path, want := range map[string]string{
		"//evil.example/x":     `"//evil.example/x" is not a path below the base URL, such as /v1/inventory?page=0`,
		"https://evil.example": `"https://evil.example" is not a path below the base URL, such as /v1/inventory?page=0`,
		"/../x":                `"/../x" is not a path below the base URL, such as /v1/inventory?page=0`,
		"/v1/%2e%2E/x":         `"/v1/%2e%2E/x" is not a path below the base URL, such as /v1/inventory?page=0`,
		"/v1/x#y":              `"/v1/x#y" is not a path below the base URL, such as /v1/inventory?page=0`,
		"/v1/\nx":              `"/v1/\nx" is not a path below the base URL, such as /v1/inventory?page=0`,
		"/v1/%zz":              `"/v1/%zz" is not a path below the base URL, such as /v1/inventory?page=0`,
	} {
		_, err := c.Raw(t.Context(), "GET", path, nil)
		if err == nil {
			t.Errorf("%s is accepted", path)
			continue
		}
		same(t, path, err.Error(), want)
		isKind(t, err, failure.Usage)
	}
	_, err := c.Raw(t.Context(), "TRACE", "/x", nil)
	same(t, "method", err.Error(), `"TRACE" is not a method: use GET, HEAD, POST, PUT, PATCH or DELETE`)
	_, err = c.Raw(t.Context(), "get", "/x", []byte("{}"))
	same(t, "body", err.Error(), "GET cannot have a body")
	if _, err := c.Raw(t.Context(), "GET", "@evil.example/x", nil); err != nil {
		t.Error(err)
	}
	same(t, "requests", s.lines(), "GET /@evil.example/x")
}

func TestRawReturnsTheResponseAndTheError(t *testing.T) {
	for status, kind := range map[int]failure.Kind{409: failure.AlreadyExists, 200: failure.AlreadyExists, 500: failure.OutcomeUnknown, 302: failure.Config} {
		got, err := openShop(t, says(status, refusal(duplicateText))).client(t).Raw(t.Context(), "POST", "/v1/inventory", []byte("{}"))
		isKind(t, err, kind)
		same(t, "status", got.Status, status)
		same(t, "body", string(got.Body), refusal(duplicateText))
		same(t, "status", fault(t, err).Status, status)
	}
	for body, want := range map[string]bool{"": true, "a,b\n1,2\n": true, "17": true, "<html>": false} {
		got, err := openShop(t, says(200, body)).client(t).Raw(t.Context(), "GET", "/v1/export", nil)
		same(t, "taken: "+body, err == nil, want)
		same(t, "body", string(got.Body), body)
	}
	s := openShop(t, says(503, ""))
	_, err := s.client(t).Raw(t.Context(), "GET", "/v1/x?token=secret", nil)
	same(t, "error", err.Error(), "the API failed (503)")
	same(t, "op", fault(t, err).Op, "GET /v1/x")
	same(t, "a read is retried", len(s.requests()), 3)
	s = openShop(t, says(200, `{}`))
	_, err = s.client(t).Raw(t.Context(), "POST", "/v1/auth/login", []byte(`{}`))
	if err != nil || s.requests()[0].key+s.requests()[0].token != "" {
		t.Errorf("a login carries no secrets: %v", err)
	}
}

func TestServerTime(t *testing.T) {
	now := time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	s := openShop(t, answers(
		says(200, "[]", "Date", "not a date"),
		says(200, "[]", "Date", "Wed, 01 Apr 2026 09:30:00 GMT"),
		says(403, "", "Date", "Wed, 01 Apr 2026 07:59:58 GMT"),
	))
	c := s.client(t, func(o *api.Options) { o.Now = func() time.Time { return now } })
	_, ok := c.ServerTime(now)
	same(t, "ok", ok, false)
	for _, want := range []string{"", "2026-04-01T09:31:00Z", "2026-04-01T08:00:58Z"} {
		_, _ = c.LowStock(t.Context())
		at, ok := c.ServerTime(now.Add(time.Minute))
		same(t, "ok", ok, want != "")
		if ok {
			same(t, "time", at.Format(time.RFC3339), want)
		}
	}
}

func TestDefaults(t *testing.T) {
	c, err := api.New(api.Options{BaseURL: "https://api.example/"})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "timeout", c.Timeout(), 30*time.Second)
	_, err = api.New(api.Options{BaseURL: "http://api.example"})
	isKind(t, err, failure.Config)
	s := openShop(t, says(200, "[]"))
	c, err = api.New(api.Options{BaseURL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.LowStock(t.Context()); err != nil {
		t.Error(err)
	}
	same(t, "no secrets", s.requests()[0].key+s.requests()[0].token, "")
	same(t, "agent", s.requests()[0].header.Get("User-Agent"), "stockctl")
}
