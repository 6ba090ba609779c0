package cmd_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/output"
)

const listedRecords = 100_000

// BenchmarkInventoryList reads 100,000 records from a server and writes them to a pipe
// in each format.
func BenchmarkInventoryList(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(recordPage))
	b.Cleanup(server.Close)
	for _, format := range output.Formats() {
		b.Run(format, func(b *testing.B) {
			home := b.TempDir()
			env := map[string]string{
				"STOCKCTL_BASE_URL": server.URL, "STOCKCTL_MERCHANT_API_KEY": "pk_test_1", "STOCKCTL_TOKEN": "a.b.c",
				"XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "STOCKCTL_STATE_DIR": home,
			}
			b.ReportAllocs()
			for b.Loop() {
				streams, _, _, errors := iostreams.Test()
				written := &lineCounter{}
				streams.Out = written
				a := app.New(streams, app.Build{})
				a.Keyring = noKeyring{}
				a.LookupEnv = func(name string) (string, bool) {
					value, set := env[name]
					return value, set
				}
				if code := cmd.Run(b.Context(), a, []string{"inventory", "list", "--all", "-o", format}); code != 0 {
					b.Fatalf("exit code %d: %s", code, errors)
				}
				if written.lines < listedRecords {
					b.Fatalf("%d lines were written", written.lines)
				}
			}
			b.ReportMetric(float64(b.N)*listedRecords/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// lineCounter counts lines and discards the text.
type lineCounter struct{ lines int }

func (c *lineCounter) Write(text []byte) (int, error) {
	for _, char := range text {
		if char == '\n' {
			c.lines++
		}
	}
	return len(text), nil
}

// recordPage returns a page of records.
func recordPage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path != "/v1/inventory" {
		_, _ = io.WriteString(w, `{"status":true,"data":[{"id":"wh_1","code":"MAIN","name":"Main","isDefault":true,"active":true}]}`)
		return
	}
	page, _ := strconv.Atoi(r.FormValue("page"))
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	_, _ = fmt.Fprintf(w, `{"status":true,"data":{"page":%d,"limit":%d,"totalElements":%d,"content":[`, page, limit, listedRecords)
	for i := page * limit; i < min(listedRecords, (page+1)*limit); i++ {
		if i > page*limit {
			_, _ = io.WriteString(w, ",")
		}
		_, _ = fmt.Fprintf(w, `{"id":"inv_%07d","productId":"prod_%07d","skuId":"sku_red_256gb","tenantId":"t1","warehouseId":"wh_1","warehouseName":"Main",`+
			`"location":"B-%02d-1","onHandQty":%d,"reservedQty":3,"availableQty":%d,"reorderLevel":5,"reorderQty":50,"variantAttributes":{"Color":"Red"},`+
			`"createdAt":"2026-01-05T08:00:00Z","updatedAt":"2026-01-05T08:00:00Z"}`, i, i, i%90, 100+i%900, 97+i%900)
	}
	_, _ = io.WriteString(w, "]}}")
}
