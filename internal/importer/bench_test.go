package importer_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/importer/importertest"
	"github.com/bayworks/stockctl/internal/stock"
)

const checkedRows = 100_000

// benchFile writes a file of n rows for a mode.
func benchFile(b *testing.B, dir string, mode stock.Mode, n int) string {
	b.Helper()
	var text strings.Builder
	text.WriteString("inventoryId,qty,action\n")
	if mode == stock.Create {
		text.Reset()
		text.WriteString("productId,skuId,warehouseId,initialQty,location,reorderLevel,reorderQty\n")
	}
	for i := range n {
		if mode == stock.Create {
			fmt.Fprintf(&text, "prod_%07d,sku_red_256gb,ABJ-01,%d,B-%02d-1,5,50\n", i, 100+i%900, i%90)
		} else {
			fmt.Fprintf(&text, "inv_%07d,5,received\n", i)
		}
	}
	file := filepath.Join(dir, fmt.Sprintf("%s-%d.csv", mode, n))
	must(b, os.WriteFile(file, []byte(text.String()), 0o600))
	return file
}

// readyServer responds immediately, and has an empty movement log.
func readyServer(b *testing.B) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		answer := `{"status":true,"data":{"id":"u","tenantId":"t"}}`
		switch {
		case r.Method == http.MethodPost:
			w.WriteHeader(http.StatusCreated)
			answer = `{"status":true,"data":{"id":"inv_1"}}`
		case r.Method == http.MethodPatch:
			answer = `{"status":true,"data":{"id":"inv_1","onHandQty":5,"reservedQty":0,"availableQty":5}}`
		case strings.HasSuffix(r.URL.Path, "/warehouses"):
			answer = `{"status":true,"data":[{"id":"wh_def456","code":"ABJ-01","name":"Abuja"}]}`
		case strings.HasSuffix(r.URL.Path, "/logs"):
			answer = `{"status":true,"data":{"content":[],"page":0,"limit":50,"totalElements":0}}`
		}
		_, _ = io.WriteString(w, answer)
	}))
	b.Cleanup(server.Close)
	return server
}

// BenchmarkImport imports b.N rows into a server that responds immediately, to measure
// our own cost per row. Built with the overlay of docs/benchmarks/without-journal.sh, it
// measures the cost without a journal.
func BenchmarkImport(b *testing.B) {
	server := readyServer(b)
	for _, mode := range []stock.Mode{stock.Create, stock.Adjust} {
		b.Run(string(mode), func(b *testing.B) {
			dir := b.TempDir()
			file := benchFile(b, dir, mode, b.N)
			env := importertest.Environment(b, api.Options{BaseURL: server.URL, Auth: fakeshop.Account{Key: "pk_test_1", Bearer: "a.b.c"}}, dir)
			b.ReportAllocs()
			b.ResetTimer()
			plan, err := importer.Check(b.Context(), env, options(file, mode))
			must(b, err)
			got, err := plan.Run(b.Context())
			must(b, err)
			if got.Counts.Applied != int64(b.N) {
				b.Errorf("got %+v", got.Counts)
			}
			b.ReportMetric(float64(b.N)/got.Seconds, "rows/s")
		})
	}
}

// BenchmarkCheck only checks the file. BenchmarkBareCSV reads the same file.
func BenchmarkCheck(b *testing.B) {
	server := readyServer(b)
	dir := b.TempDir()
	file := benchFile(b, dir, stock.Create, checkedRows)
	env := importertest.Environment(b, api.Options{BaseURL: server.URL, Auth: fakeshop.Account{Key: "pk_test_1", Bearer: "a.b.c"}}, dir)
	b.ReportAllocs()
	for b.Loop() {
		plan, err := importer.Check(b.Context(), env, options(file, stock.Create))
		must(b, err)
		if plan.Rows != checkedRows {
			b.Fatalf("%d rows", plan.Rows)
		}
		must(b, plan.Close())
	}
}

// BenchmarkBareCSV is the baseline for BenchmarkCheck.
func BenchmarkBareCSV(b *testing.B) {
	name := benchFile(b, b.TempDir(), stock.Create, checkedRows)
	b.ReportAllocs()
	for b.Loop() {
		file, err := os.Open(name)
		must(b, err)
		r := csv.NewReader(file)
		r.ReuseRecord = true
		n := 0
		for ; err == nil; n++ {
			_, err = r.Read()
		}
		if rows := n - 2; !errors.Is(err, io.EOF) || rows != checkedRows { // without the header and the end
			b.Fatalf("%d rows: %v", rows, err)
		}
		must(b, file.Close())
	}
}
