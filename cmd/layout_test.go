package cmd_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/bayworks/stockctl"

// mayImport returns, for each of our packages, which of our packages it may import. The
// imports point only downwards.
func mayImport() map[string][]string {
	everything := []string{"internal/..."}
	return map[string][]string{
		"":              {"cmd", "internal/app", "internal/darkterm"},
		"cmd":           {"cmd/...", "internal/..."},
		"cmd/cli":       {"internal/failure", "internal/output"},
		"cmd/topic":     {"internal/app"},
		"cmd/suggest":   everything,
		"cmd/inventory": append(everything, "cmd/cli", "cmd/suggest", "cmd/inventory/..."),
		"cmd/warehouse": append(everything, "cmd/cli", "cmd/suggest"),
		"cmd/layout":    append(everything, "cmd/cli", "cmd/inventory/mapping"),
		"cmd/product":   append(everything, "cmd/cli", "cmd/suggest"),
		"cmd/auth":      append(everything, "cmd/cli", "cmd/suggest"),
		"cmd/profile":   append(everything, "cmd/cli", "cmd/suggest"),
		"cmd/sandbox":   append(everything, "cmd/cli", "cmd/suggest"),
		"cmd/api":       append(everything, "cmd/cli", "cmd/suggest"),
		"cmd/doctor":    append(everything, "cmd/cli"),

		"cmd/inventory/importing":     append(everything, "cmd/cli", "cmd/suggest", "cmd/inventory/mapping", "cmd/inventory/sending", "cmd/inventory/unfinished"),
		"cmd/inventory/counting":      append(everything, "cmd/cli", "cmd/suggest", "cmd/inventory/mapping", "cmd/inventory/sending", "cmd/inventory/show", "cmd/inventory/unfinished"),
		"cmd/inventory/exporting":     append(everything, "cmd/cli", "cmd/suggest", "cmd/inventory/mapping"),
		"cmd/inventory/transferring":  append(everything, "cmd/cli", "cmd/suggest", "cmd/inventory/mapping", "cmd/inventory/sending", "cmd/inventory/show", "cmd/inventory/unfinished"),
		"cmd/inventory/sending":       append(everything, "cmd/inventory/unfinished"),
		"cmd/inventory/mapping":       append(everything, "cmd/cli"),
		"cmd/inventory/unfinished":    append(everything, "cmd/suggest"),
		"cmd/inventory/seeing":        append(everything, "cmd/cli", "cmd/suggest", "cmd/inventory/show"),
		"cmd/inventory/show":          {"internal/api", "internal/failure", "internal/lookup", "internal/output", "internal/prompt", "internal/stock"},
		"cmd/inventory/inventorytest": everything,

		"cmd/gen":      {"cmd", "internal/api", "internal/failure", "internal/forecast", "internal/movements", "internal/report", "internal/sandbox"},
		"cmd/licences": {},
		"internal/app": everything,
		"internal/importer": {
			"internal/api", "internal/await", "internal/columns", "internal/draft", "internal/durable", "internal/failure",
			"internal/intake", "internal/intake/workbook", "internal/ledger", "internal/ledger/journal",
			"internal/lookup", "internal/output", "internal/pace", "internal/rejects", "internal/seen", "internal/settle", "internal/stock",
		},
		"internal/importer/importertest": everything,
		"internal/columns": {
			"internal/api", "internal/await", "internal/draft", "internal/durable", "internal/failure", "internal/intake", "internal/ledger", "internal/ledger/journal",
			"internal/lookup", "internal/settle", "internal/stock",
		},
		// The ledger knows neither the user's files nor names.
		"internal/ledger": {
			"internal/api", "internal/await", "internal/durable", "internal/failure", "internal/workdir", "internal/ledger/journal", "internal/pace/...", "internal/seen", "internal/settle", "internal/stock",
		},
		"internal/ledger/journal": {"internal/failure", "internal/workdir"},
		"internal/workdir":        {"internal/durable", "internal/failure"},
		"internal/undo":           {"internal/api", "internal/await", "internal/failure", "internal/ledger", "internal/ledger/journal", "internal/output", "internal/settle", "internal/stock"},
		"internal/seen":           {},
		"internal/rejects":        {},
		"internal/stock":          {"internal/failure"},
		"internal/transfer":       {"internal/api", "internal/await", "internal/failure", "internal/workdir", "internal/settle", "internal/stock"},
		"internal/count": {
			"internal/api", "internal/catalog", "internal/durable", "internal/failure", "internal/intake", "internal/workdir", "internal/ledger",
			"internal/ledger/journal", "internal/lookup", "internal/settle", "internal/stock",
		},

		"internal/draft":           {"internal/api", "internal/failure", "internal/intake", "internal/stock"},
		"internal/settle":          {"internal/api", "internal/await", "internal/failure", "internal/stock"},
		"internal/lookup":          {"internal/api", "internal/catalog", "internal/failure", "internal/stock"},
		"internal/catalog":         {"internal/api", "internal/await", "internal/durable", "internal/failure", "internal/stock"},
		"internal/movements":       {"internal/api", "internal/api/lenient", "internal/failure"},
		"internal/history":         {"internal/api", "internal/failure", "internal/movements"},
		"internal/forecast":        {"internal/api", "internal/movements"},
		"internal/webhook":         {"internal/failure"},
		"internal/report":          {"internal/api", "internal/failure", "internal/forecast", "internal/movements", "internal/output"},
		"internal/prompt":          {"internal/failure", "internal/iostreams"},
		"internal/output":          {"internal/failure", "internal/iostreams"},
		"internal/intake":          {"internal/failure", "internal/intake/foreign"},
		"internal/intake/foreign":  {"internal/failure"},
		"internal/intake/workbook": {"internal/failure", "internal/intake"},
		"internal/api":             {"internal/api/...", "internal/await", "internal/failure", "internal/pace", "internal/stock"},
		"internal/api/way":         {"internal/api/plain", "internal/failure"},
		"internal/api/pages":       {"internal/api/lenient", "internal/api/plain", "internal/failure", "internal/seen"},
		"internal/api/lenient":     {"internal/api/plain", "internal/failure"},
		"internal/api/plain":       {"internal/failure"}, "internal/api/redact": {"internal/api/plain"},
		"internal/pace": {}, "internal/pace/peers": {"internal/pace"},
		"internal/await":    {},
		"internal/config":   {"internal/await", "internal/durable", "internal/failure"},
		"internal/durable":  {},
		"internal/deadline": {},
		"internal/fakeshop": {"internal/sandbox"},
		"internal/sandbox":  {"internal/durable", "internal/failure", "internal/sandbox/jwt"}, "internal/sandbox/jwt": {},
		"internal/iostreams": {"internal/failure"},
		"internal/failure":   {},
		"internal/darkterm":  {},

		"docs/benchmarks/bare":    {},
		"docs/benchmarks/peak":    {},
		"docs/benchmarks/readcsv": {},
		"docs/benchmarks/server":  {},
	}
}

// rooms returns the packages that may use a library.
func rooms() map[string]string {
	return map[string]string{
		"github.com/spf13/cobra":             "cmd",
		"github.com/go-resty/resty/v2":       "internal/api",
		"github.com/zalando/go-keyring":      "internal/config",
		"github.com/spf13/viper":             "internal/config",
		"github.com/charmbracelet/huh":       "internal/prompt",
		"github.com/olekukonko/tablewriter":  "internal/output",
		"github.com/itchyny/gojq":            "internal/output",
		"github.com/guptarohit/asciigraph":   "internal/output",
		"modernc.org/sqlite":                 "internal/sandbox internal/catalog",
		"github.com/charmbracelet/bubbletea": "internal/prompt",
		"github.com/charmbracelet/x/vt":      "cmd/gen",
		"github.com/creack/pty":              "cmd/gen",
		"go.yaml.in/yaml/v3":                 "internal/config internal/intake internal/sandbox",
	}
}

// roomsOf returns the patterns of those packages.
func roomsOf(rooms string) []string {
	list := strings.Fields(rooms)
	for i := range list {
		list[i] += "/..."
	}
	return list
}

// source is a Go file of the program, without tests.
type source struct {
	pkg  string // folder relative to the module's root; "" for the root
	name string
	file *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(filepath.ToSlash(name), "../")
		pkg := path.Dir(rel)
		if pkg == "." {
			pkg = ""
		}
		all = append(all, source{pkg, rel, file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d files found: the walk is broken", len(all))
	}
	return all
}

// One YAML library reads all files, because two could read a file differently.
func TestOneYAMLLibrary(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		if name := strings.Fields(line); len(name) > 0 && strings.Contains(line, "yaml") && !strings.Contains(line, "// indirect") {
			found = append(found, name[0])
		}
	}
	if want := []string{"go.yaml.in/yaml/v3"}; !slices.Equal(found, want) {
		t.Errorf("go.mod requires %q, want %q", found, want)
	}
}

func within(pkg string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if prefix, deep := strings.CutSuffix(p, "/..."); deep {
			return pkg == prefix || strings.HasPrefix(pkg, prefix+"/")
		}
		return pkg == p
	})
}

func TestImportsPointDown(t *testing.T) {
	allowed, libraries := mayImport(), rooms()
	for _, src := range sources(t) {
		if _, known := allowed[src.pkg]; !known {
			t.Errorf("%s: package %q is not listed: add what it may import", src.name, src.pkg)
			continue
		}
		for _, spec := range src.file.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if ours, yes := strings.CutPrefix(target, module+"/"); yes && !within(ours, allowed[src.pkg]) {
				t.Errorf("%s imports %s, which %q may not", src.name, ours, src.pkg)
			}
			for library, room := range libraries {
				if (target == library || strings.HasPrefix(target, library+"/")) && !within(src.pkg, roomsOf(room)) {
					t.Errorf("%s imports %s, which only %s may import", src.name, library, room)
				}
			}
		}
	}
}

// A package with more lines should be two packages.
func TestPackagesStaySmall(t *testing.T) {
	t.Parallel()
	const most = 3500
	lines := map[string]int{}
	for _, src := range sources(t) {
		text, err := os.ReadFile("../" + src.name)
		if err != nil {
			t.Fatal(err)
		}
		lines[src.pkg] += bytes.Count(text, []byte("\n"))
	}
	for pkg, n := range lines {
		if n > most {
			t.Errorf("%s has %d lines without its tests, more than %d: move a part of it to another package", pkg, n, most)
		}
	}
}

func TestHouseRules(t *testing.T) {
	t.Parallel()
	forbidden := []string{"util", "utils", "common", "helpers", "shared", "types", "models"}
	for _, src := range sources(t) {
		if slices.Contains(forbidden, src.file.Name.Name) {
			t.Errorf("%s: %s says nothing about what is inside", src.name, src.file.Name.Name)
		}
		ast.Inspect(src.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Name == "init" && n.Recv == nil && src.pkg != "internal/darkterm" {
					t.Errorf("%s has an init()", src.name)
				}
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "os" && n.Sel.Name == "Exit" && src.file.Name.Name != "main" {
					t.Errorf("%s calls os.Exit: only main exits", src.name)
				}
			}
			return true
		})
		for _, decl := range src.file.Decls {
			if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.VAR && src.pkg != "" {
				checkVars(t, src, g)
			}
		}
	}
}

// checkVars allows sentinel errors, compiled patterns, embedded files, and assertions that
// a type implements an interface.
func checkVars(t *testing.T, src source, g *ast.GenDecl) {
	t.Helper()
	for _, spec := range g.Specs {
		v := spec.(*ast.ValueSpec)
		for _, name := range v.Names {
			sentinel := strings.HasPrefix(name.Name, "Err") || strings.HasPrefix(name.Name, "err")
			embedded := g.Doc != nil && strings.Contains(g.Doc.Text()+comment(g), "go:embed")
			if name.Name == "_" || sentinel || embedded || compiled(v) {
				continue
			}
			t.Errorf("%s: package variable %s", src.name, name.Name)
		}
	}
}

func comment(g *ast.GenDecl) string {
	var b strings.Builder
	for _, c := range g.Doc.List {
		b.WriteString(c.Text)
	}
	return b.String()
}

// compiled reports whether the value is a pattern compiled on first use. Compiling it at
// start would slow down every command.
func compiled(v *ast.ValueSpec) bool {
	if len(v.Values) != 1 {
		return false
	}
	call, ok := v.Values[0].(*ast.CallExpr)
	if !ok {
		return false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	return ok && slices.Contains([]string{"OnceValue", "NewReplacer"}, f.Sel.Name)
}

// opensFiles lists the files that open or read files without internal/await: those of
// stockctl's own folders, new files for output, and files that were checked to be regular.
func opensFiles() []string {
	return []string{
		"cmd/cli/newfile.go", "cmd/sandbox/detach.go", "cmd/sandbox/stop.go",
		"internal/api/way/surroundings.go", "internal/catalog/place.go", "internal/catalog/schema.go", "internal/count/inspect.go", "internal/count/post.go",
		"internal/count/session.go", "internal/durable/replace.go", "internal/importer/reading.go", "internal/importer/report.go", "internal/importer/rowfile.go",
		"internal/importer/run.go", "internal/ledger/journal/pack.go", "internal/ledger/journal/run.go", "internal/ledger/plan_file.go", "internal/ledger/saved.go",
		"internal/movements/copy.go", "internal/rejects/continue.go", "internal/rejects/index.go", "internal/sandbox/store.go", "internal/transfer/batch_work.go",
		"internal/workdir/head.go",
	}
}

// A file that the user names may be a pipe, and standard input may be idle: both are read
// through internal/await, so that a signal ends the wait.
func TestSlowInputIsReadThroughAwait(t *testing.T) {
	// The prompts, the editor and the scanning of codes end their own reads.
	stdin := []string{"cmd/inventory/counting/run.go", "cmd/profile/edit.go", "cmd/root.go", "internal/app/app.go"}
	outside := []string{"internal/await", "internal/iostreams", "cmd/gen", "cmd/licences"}
	opened, read := map[string]bool{}, map[string]bool{}
	for _, src := range sources(t) {
		if slices.Contains(outside, src.pkg) || strings.HasSuffix(src.pkg, "test") || strings.HasPrefix(src.pkg, "docs/") {
			continue
		}
		ast.Inspect(src.file, func(n ast.Node) bool {
			sel, is := n.(*ast.SelectorExpr)
			if !is {
				return true
			}
			switch name := types.ExprString(sel); {
			case slices.Contains([]string{"os.Open", "os.OpenFile", "os.ReadFile"}, name):
				opened[src.name] = true
			case strings.HasSuffix(name, "IO.In"):
				read[src.name] = true
			}
			return true
		})
	}
	if got := slices.Sorted(maps.Keys(opened)); !slices.Equal(got, opensFiles()) {
		t.Errorf("these files open files themselves:\n%q\nwant\n%q", got, opensFiles())
	}
	if got := slices.Sorted(maps.Keys(read)); !slices.Equal(got, stdin) {
		t.Errorf("these files read standard input themselves:\n%q\nwant\n%q", got, stdin)
	}
}
