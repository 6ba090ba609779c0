package main

import (
	"debug/buildinfo"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every module that the linker reports must be in the file with its own text.
func TestEveryLinkedModuleHasItsText(t *testing.T) {
	text, err := texts(t.Context(), filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, part := range strings.Split(string(text), "\n"+strings.Repeat("=", 80)+"\n")[1:] {
		name, _, _ := strings.Cut(part, ": ")
		parts[name] += part
	}
	bodies := strings.ToLower(string(text))
	bin := filepath.Join(t.TempDir(), "stockctl")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, filepath.Join("..", "..")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := buildinfo.ReadFile(bin)
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Deps) < 40 {
		t.Fatalf("only %d modules are linked", len(info.Deps))
	}
	for _, m := range info.Deps {
		if parts[m.Path+" "+m.Version] == "" {
			t.Errorf("the text of %s %s is missing", m.Path, m.Version)
		}
	}
	if parts["Go "+info.GoVersion] == "" {
		t.Errorf("the licence of %s is missing", info.GoVersion)
	}
	for _, words := range []string{"Copyright 2009 The Go Authors", "Copyright (c) 2017 The Sqlite Authors", "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION"} {
		if !strings.Contains(bodies, strings.ToLower(words)) {
			t.Errorf("no text says %q", words)
		}
	}
}

// Licences in the parents of a linked package count, those in sibling folders do
// not. Without a licence the README is used, and without either it is an error.
func TestTextsOfAModule(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"LICENSE", "LICENSE-3RD-PARTY.md", "NOTICE", "license.go", "licensed.txt", "linked/inner/COPYING", "other/LICENSE", "bare/README.md"} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(dirs ...string) (full []string) {
		for _, dir := range dirs {
			full = append(full, filepath.Join(root, filepath.FromSlash(dir)))
		}
		return full
	}
	for name, test := range map[string]struct {
		m    module
		want string
	}{
		"nested": {module{root: root, dirs: at("linked/inner", "linked")}, "LICENSE LICENSE-3RD-PARTY.md NOTICE linked/inner/COPYING"},
		"readme": {module{root: at("bare")[0], dirs: at("bare")}, "bare/README.md"},
	} {
		files, err := test.m.texts()
		for i := range files {
			files[i] = strings.TrimPrefix(filepath.ToSlash(files[i]), filepath.ToSlash(root)+"/")
		}
		if got := strings.Join(files, " "); err != nil || got != test.want {
			t.Errorf("%s: got %s, %v; want %s", name, got, err, test.want)
		}
	}
	if _, err := (&module{name: "m v1", root: at("linked")[0], dirs: at("linked")}).texts(); err == nil || err.Error() != "m v1 has no licence text" {
		t.Errorf("got %v, want %q", err, "m v1 has no licence text")
	}
}
