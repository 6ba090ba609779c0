//go:build linux

package benchmarks_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The script must match the page: running the cheapest part in the smallest size must fill
// its section in a copy of the page, and no other.
func TestRun(t *testing.T) {
	for _, needed := range []string{"bash", "python3", "stty"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skip(err)
		}
	}
	was, err := os.ReadFile("../benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, was, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "./run.sh", "start")
	run.Env = append(os.Environ(), "BENCH_SIZE=smoke", "BENCH_PAGE="+page)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	is, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	part := regexp.MustCompile(`(?s)<!-- results: start -->\n(.*?)<!-- end of start -->`)
	found := part.FindSubmatch(is)
	if found == nil {
		t.Fatalf("the page has no place for the part:\n%s", is)
	}
	for _, want := range []string{"| `version` ÷ a bare Go program |", "| `inventory list` on a silent terminal ÷ a bare Go program |", "| ≤ 4 × |"} {
		if !strings.Contains(string(found[1]), want) {
			t.Errorf("the part does not contain %q:\n%s", want, found[1])
		}
	}
	if rest := func(page []byte) string { return string(part.ReplaceAll(page, nil)) }; rest(is) != rest(was) {
		t.Errorf("the rest of the page has changed:\n%s", is)
	}
}
