package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// TestTransportIsLikeHTTP sends the same calls in the process and over a port, and
// compares the responses.
func TestTransportIsLikeHTTP(t *testing.T) {
	s := open(t, sandbox.Options{})
	server := httptest.NewServer(s.server)
	defer server.Close()
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/v1/inventory?page=1&limit=2", ""},
		{"HEAD", "/v1/inventory", ""},
		{"GET", "/v1/inventory/product/a%2Fb", ""},
		{"DELETE", "/v1/inventory", ""},
		{"GET", "/v1/nowhere/%C3%A9", ""},
		{"POST", "/v1/inventory", `{"productId":"prod_abc123","warehouseId":"wh_abc123","initialQty":1}`},
		{"POST", "/v1/inventory", `{`},
	} {
		read := func(client *http.Client, base string) string {
			r := s.request(c.method, c.path, c.body)
			over, err := http.NewRequestWithContext(t.Context(), c.method, base+c.path, r.Body)
			if err != nil {
				t.Fatal(err)
			}
			over.Header = r.Header
			response, err := client.Do(over)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(response.Status, response.Proto, response.ContentLength, response.Header, string(body))
		}
		if inside, outside := read(s.client, "https://sandbox.invalid"), read(server.Client(), server.URL); inside != outside {
			t.Errorf("%s %s\nin the process %s\nover HTTP      %s", c.method, c.path, inside, outside)
		}
	}
}

// closing records whether it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

func TestTransportClosesTheBody(t *testing.T) {
	s := open(t, sandbox.Options{})
	for _, path := range []string{"/v1/inventory", "/v1/nowhere"} {
		body := &closing{Reader: strings.NewReader(create)}
		r := s.request("POST", path, "")
		r.Body = body
		s.send(r)
		if !body.closed {
			t.Errorf("%s: the body was left open", path)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	body := &closing{Reader: strings.NewReader(create)}
	r := s.request("POST", "/v1/inventory", "").WithContext(ctx)
	r.Body = body
	if _, err := s.server.Transport().RoundTrip(r); !errors.Is(err, context.Canceled) || !body.closed {
		t.Errorf("a call that has ended: %v, body closed: %v", err, body.closed)
	}
}

func BenchmarkCreate(b *testing.B) {
	for _, where := range []string{"memory", "file"} {
		b.Run(where, func(b *testing.B) {
			o := sandbox.Options{}
			if where == "file" {
				o.Path = database(b)
			}
			s := open(b, o)
			for n := 0; b.Loop(); n++ {
				body := fmt.Sprintf(`{"productId":"p%d","warehouseId":"wh_def456","initialQty":5,"location":"B-02-1","reorderLevel":2}`, n)
				if got := s.call("POST", "/v1/inventory", body); got.status != http.StatusCreated {
					b.Fatal(got)
				}
			}
		})
	}
}
