package sandbox_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

var update = flag.Bool("update", false, "write the samples as the server responds")

// generated matches the ids that differ between runs.
var generated = regexp.MustCompile(`"(inv|wh|log)_[a-z2-7]{16}"`)

// TestContract compares the server with the samples in testdata/contract. Each
// file contains one call to a fresh shop and the complete response.
func TestContract(t *testing.T) {
	files, err := filepath.Glob("testdata/contract/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, sample, one := strings.Cut(string(data), "-- request --\n")
			request, want, two := strings.Cut(sample, "-- response --\n")
			if !one || !two {
				t.Fatal("a sample must be a request and a response")
			}
			line, body, _ := strings.Cut(request, "\n")
			method, path, _ := strings.Cut(line, " ")
			got := open(t, sandbox.Options{}).call(method, path, strings.TrimSpace(body))

			var b bytes.Buffer
			if err := json.Indent(&b, generated.ReplaceAll([]byte(got.body), []byte(`"${1}_*"`)), "", "  "); err != nil {
				t.Fatalf("%v in %s", err, got.body)
			}
			have := fmt.Sprintf("%d\n%s\n", got.status, &b)
			if *update {
				if err := os.WriteFile(file, []byte(strings.TrimSuffix(string(data), want)+have), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if have != want {
				t.Errorf("got\n%s\nwant\n%s", have, want)
			}
		})
	}
}

// TestResponseHeaders checks the headers that clients rely on: Date, by which
// they compare clocks, the content type and the length.
func TestResponseHeaders(t *testing.T) {
	s := open(t, sandbox.Options{})
	for _, path := range []string{"/v1/inventory", "/v1/nowhere"} {
		got := s.call("GET", path, "")
		for name, want := range map[string]string{
			"Date":           "Wed, 01 Apr 2026 10:30:00 GMT",
			"Content-Type":   "application/json",
			"Content-Length": fmt.Sprint(len(got.body) + 1), // the line's end
		} {
			if have := got.header.Get(name); have != want {
				t.Errorf("%s: %s is %q, want %q", path, name, have, want)
			}
		}
	}
}
