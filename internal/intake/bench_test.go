package intake

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

const benchRows = 100_000

func benchCSV() string {
	var b strings.Builder
	b.WriteString("productId,skuId,warehouseId,initialQty,location,reorderLevel,reorderQty,note\n")
	for i := range benchRows {
		fmt.Fprintf(&b, "prod_%08d,sku_red_256gb,LGS-01,%d,B-%02d-1,5,50,delivered on tuesday morning\n", i, i%500, i%90)
	}
	return b.String()
}

func benchJSONL() string {
	var b strings.Builder
	for i := range benchRows {
		fmt.Fprintf(&b, `{"productId":"prod_%08d","skuId":"sku_red_256gb","warehouseId":"LGS-01","initialQty":%d,"location":"B-%02d-1","reorderLevel":5,"reorderQty":50}`+"\n", i, i%500, i%90)
	}
	return b.String()
}

func benchReader(b *testing.B, name, text string) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		v, err := Sniff(name, []byte(text[:sampleBytes]), Options{})
		if err != nil {
			b.Fatal(err)
		}
		r, err := NewReader(name, strings.NewReader(text), v, Options{}, io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for ; ; n++ {
			if _, err := r.Next(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
		if n != benchRows {
			b.Fatalf("%d rows", n)
		}
	}
}

func BenchmarkCSV(b *testing.B) { benchReader(b, "a.csv", benchCSV()) }
func BenchmarkCSVAccents(b *testing.B) {
	benchReader(b, "a.csv", strings.ReplaceAll(benchCSV(), "tuesday", "mardi é"))
}
func BenchmarkJSONL(b *testing.B) { benchReader(b, "a.jsonl", benchJSONL()) }

func BenchmarkJSONList(b *testing.B) {
	text := strings.TrimSuffix(strings.ReplaceAll(benchJSONL(), "\n", ",\n"), ",\n")
	benchReader(b, "a.json", "["+text+"]")
}

// BenchmarkBareCSV is the baseline for BenchmarkCSV.
func BenchmarkBareCSV(b *testing.B) {
	text := benchCSV()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r := csv.NewReader(strings.NewReader(text))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkWriter(b *testing.B) {
	cells := []string{"prod_00000001", "sku_red_256gb", "LGS-01", "5", "B-02-1", "5", "50", "delivered, on tuesday"}
	w := NewWriter(io.Discard, Dialect{Format: CSV, Delimiter: ',', Encoding: UTF8}, cells)
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(cells); err != nil {
			b.Fatal(err)
		}
	}
}
