package cmd_test

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/cmd/topic"
)

func topics(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, c := range cmd.Tree().Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			texts[c.Name()] = c.Long
		}
	}
	if want := []string{"environment", "exit-codes", "flags", "formatting", "names", "scanning"}; !slices.Equal(slices.Sorted(maps.Keys(texts)), want) {
		t.Fatalf("the topics are %q, want %q", slices.Sorted(maps.Keys(texts)), want)
	}
	return texts
}

// Topics must fit a terminal with 80 columns, and mention only existing commands.
func TestTopics(t *testing.T) {
	command := regexp.MustCompile("(?m)(?:^  |`)stockctl((?: [a-z][a-z-]+)+)")
	for name, text := range topics(t) {
		for line := range strings.Lines(text) {
			if line = strings.TrimSuffix(line, "\n"); len([]rune(line)) > 80 {
				t.Errorf("%s: wider than 80 columns: %q", name, line)
			}
		}
		root := cmd.Tree()
		for _, m := range command.FindAllStringSubmatch(text, -1) {
			if found, _, err := root.Find(strings.Fields(m[1])); err != nil || found == root {
				t.Errorf("%s: no command stockctl%s", name, m[1])
			}
		}
	}
}

// Every example in a topic must work.
func TestTopicExamples(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the examples are for a Unix shell")
	}
	count := 0
	for name, text := range topics(t) {
		t.Run(name, func(t *testing.T) {
			shell := newShell(t)
			for _, line := range regexp.MustCompile(`(?m)^  (stockctl .+)$`).FindAllStringSubmatch(text, -1) {
				count++
				if strings.Contains(line[1], "--scan") || strings.Contains(line[1], "resume") {
					continue // docs/counting.md runs these
				}
				got := shell.run(t, "export STOCKCTL_PROFILE=sandbox; "+line[1]+`; echo "exit $?"`)
				if !strings.HasSuffix(got, "exit 0\n") {
					t.Errorf("%s\n%s", line[1], got)
				}
			}
		})
	}
	if count < 8 {
		t.Errorf("only %d examples found", count)
	}
}

// The topic must list exactly the variables that the program reads.
func TestEnvironmentTopicIsComplete(t *testing.T) {
	variable := regexp.MustCompile(`^STOCKCTL_[A-Z_]+$`)
	read := map[string]bool{}
	for _, src := range sources(t) {
		ast.Inspect(src.file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil && variable.MatchString(text) {
					read[text] = true
				}
			}
			return true
		})
	}
	for _, secret := range []string{"STOCKCTL_MERCHANT_API_KEY", "STOCKCTL_TOKEN", "STOCKCTL_PASSWORD"} {
		read[secret+"_FILE"] = true // their names are constructed
	}
	documented := map[string]bool{}
	for _, name := range regexp.MustCompile(`STOCKCTL_[A-Z_]+`).FindAllString(topic.Environment(nil).Long, -1) {
		documented[name] = true
	}
	if got, want := slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(read)); !slices.Equal(got, want) {
		t.Errorf("the topic names\n%q\nthe program reads\n%q", got, want)
	}
}

// Every topic must have a man page.
func TestTopicsHaveManualPages(t *testing.T) {
	for name := range topics(t) {
		if _, err := os.Stat(filepath.Join("..", "docs", "man", "stockctl-"+name+".1")); err != nil {
			t.Error(err)
		}
	}
}
