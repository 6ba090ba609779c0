package bulk_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/bulk"
)

// BenchmarkCreate imports against a server that answers at once: the cost of a
// row that is not the API's.
func BenchmarkCreate(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Method == http.MethodPost:
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"status":true,"data":{"id":"inv_1"}}`)
		case strings.HasSuffix(r.URL.Path, "/warehouses"):
			_, _ = io.WriteString(w, `{"status":true,"data":[{"id":"wh_def456","code":"ABJ-01","name":"Abuja"}]}`)
		default:
			_, _ = io.WriteString(w, `{"status":true,"data":{"id":"u","tenantId":"t"}}`)
		}
	}))
	b.Cleanup(server.Close)
	dir := b.TempDir()
	file := filepath.Join(dir, "rows.csv")
	var text strings.Builder
	text.WriteString("productId,warehouseId,initialQty,location\n")
	for i := range b.N {
		fmt.Fprintf(&text, "prod_%d,ABJ-01,%d,A-1\n", i, i%1000)
	}
	must(b, os.WriteFile(file, []byte(text.String()), 0o600))
	env := environment(b, server.URL, account{"pk_test_1", "a.b.c"}, dir)
	b.ReportAllocs()
	b.ResetTimer()
	plan, err := bulk.Check(b.Context(), env, options(file, bulk.Create))
	must(b, err)
	got, err := plan.Run(b.Context())
	must(b, err)
	if got.Counts.Applied != int64(b.N) {
		b.Errorf("got %+v", got.Counts)
	}
	b.ReportMetric(float64(b.N)/got.Seconds, "rows/s")
}
