package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/way"
)

// BenchmarkCreateRecord compares the client with plain net/http that does the same
// work: marshal, send, read, decode.
func BenchmarkCreateRecord(b *testing.B) {
	const connections = 8
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, recordJSON)
	}))
	b.Cleanup(server.Close)
	c := newClient(b, server.URL, func(o *api.Options) { o.Connections = connections })
	plain := &http.Client{Transport: way.Transport(connections)}
	for name, create := range map[string]func(context.Context) error{
		"client": func(ctx context.Context) error {
			_, err := c.CreateRecord(ctx, aRecord())
			return err
		},
		"net-http": func(ctx context.Context) error { return createPlainly(ctx, plain, server.URL) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(connections / 2)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if err := create(b.Context()); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}

func createPlainly(ctx context.Context, client *http.Client, url string) error {
	body, err := json.Marshal(aRecord())
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, "POST", url+"/v1/inventory", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-MerchantApiKey", "pk_test_1")
	req.Header.Set("Authorization", "Bearer tok")
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	response, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	var got struct{ Data struct{ ID string } }
	return json.Unmarshal(response, &got)
}
