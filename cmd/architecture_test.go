package cmd_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The architecture page must list every package, and every file, folder and link in it
// and in the guide for contributors must exist.
func TestArchitectureIsTrue(t *testing.T) {
	plan, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range sources(t) {
		if src.pkg != "" && !strings.Contains(string(plan), "`"+src.pkg+"`") {
			t.Errorf("docs/architecture.md does not name the package %s", src.pkg)
		}
	}
	path := regexp.MustCompile("`((?:cmd|internal|docs|\\.ci|\\.github|main\\.go)[a-z0-9_./-]*)`")
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	for _, document := range []string{"../docs/architecture.md", "../.github/CONTRIBUTING.md", "../.github/SECURITY.md", "../README.md"} {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range path.FindAllSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("..", string(m[1]))); err != nil {
				t.Errorf("%s names %s, which does not exist", document, m[1])
			}
		}
		for _, m := range link.FindAllSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(document), string(m[1]))); err != nil {
				t.Errorf("%s links to %s, which does not exist", document, m[1])
			}
		}
	}
}
