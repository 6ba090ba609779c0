package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/dependencies.md must list every direct dependency with its actual licence.
func TestDependenciesAreListed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| [^|]+ \\| [^|]+ \\| ([^|]+) \\|$").FindAllStringSubmatch(string(text), -1) {
		listed[row[1]] = row[2]
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-json", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var m struct {
			Path, Dir      string
			Main, Indirect bool
			Replace        any
		}
		if err := dec.Decode(&m); err != nil {
			t.Fatal(err)
		}
		switch licence, is := listed[m.Path]; {
		case m.Replace != nil:
			t.Errorf("%s is replaced", m.Path)
		case m.Main || m.Indirect:
		case !is:
			t.Errorf("docs/dependencies.md does not list %s", m.Path)
		case licenceOf(t, m.Dir) != licence:
			t.Errorf("%s: the module's licence is %s, not %s", m.Path, licenceOf(t, m.Dir), licence)
		}
		delete(listed, m.Path)
	}
	for path := range listed {
		t.Errorf("docs/dependencies.md lists %s, which go.mod does not require", path)
	}
}

// licenceOf identifies a module's licence by its characteristic words.
func licenceOf(t *testing.T, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "LICENSE*"))
	if err != nil || len(names) == 0 {
		return "none"
	}
	slices.Sort(names)
	text, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Join(strings.Fields(string(text)), " ")
	for _, one := range []struct{ licence, words string }{
		{"Apache-2.0", "Apache License Version 2.0"},
		{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy"},
		{"BSD-3-Clause", "Neither the name"}, // "of the holder" or "s of the authors"
		{"BSD-2-Clause", "Redistributions in binary form must reproduce the above copyright notice"},
	} {
		if strings.Contains(words, one.words) {
			return one.licence
		}
	}
	return "unknown"
}

// Every module that is linked into the program, on any system, must have a licence
// that requires no more than including its text.
func TestLicencesOfTheProgram(t *testing.T) {
	modules, err := linked(t.Context(), filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	modules = modules[1:] // Go itself comes first
	if len(modules) < 40 {
		t.Fatalf("only %d modules found", len(modules))
	}
	for _, m := range modules {
		if path, _, _ := strings.Cut(m.name, " "); path == "github.com/mattn/go-localereader" {
			continue // has no licence file; its README says MIT
		}
		if licence := licenceOf(t, m.root); !slices.Contains([]string{"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause"}, licence) {
			t.Errorf("%s: its licence is %s", m.name, licence)
		}
	}
}
