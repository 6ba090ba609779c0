// Command licences writes the licence texts of everything that is linked into
// stockctl on any released system: those of Go, and those of each module from the
// module cache. A release runs it and ships the file:
//
//	go run ./cmd/licences THIRD_PARTY_LICENSES
//
// The same modules and the same version of Go always give the same file.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./cmd/licences FILE")
		os.Exit(2)
	}
	text, err := texts(context.Background(), ".")
	if err == nil {
		err = os.WriteFile(os.Args[1], text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// module is a linked module at one version, with its root folder and the folders of
// its linked packages.
type module struct {
	name string // path and version
	root string
	dirs []string
}

const head = `stockctl is made of its own code, whose licence is in LICENSE, and of the
modules below. Each is followed by its licence texts.
`

// texts returns the contents of the file: every module of the program in root, in
// order of name, with its texts.
func texts(ctx context.Context, root string) ([]byte, error) {
	modules, err := linked(ctx, root)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(head)
	for _, m := range modules {
		files, err := m.texts()
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			name, err := filepath.Rel(m.root, file)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&out, "\n%s\n%s: %s\n%[1]s\n\n%[4]s\n", strings.Repeat("=", 80), m.name, filepath.ToSlash(name),
				strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
		}
	}
	return out.Bytes(), nil
}

// linked returns the modules linked on any system, sorted by name, with Go first.
func linked(ctx context.Context, root string) ([]*module, error) {
	all := map[string]*module{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			list := exec.CommandContext(ctx, "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", ".")
			list.Dir = root
			list.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly")
			lines, err := output(list)
			if err != nil {
				return nil, err
			}
			for line := range strings.Lines(lines) {
				part := strings.Split(strings.TrimSpace(line), "\t")
				if len(part) != 3 {
					continue // the program's own packages, and Go's
				}
				if all[part[0]] == nil {
					all[part[0]] = &module{name: part[0], root: part[1]}
				}
				all[part[0]].dirs = append(all[part[0]].dirs, part[2])
			}
		}
	}
	if len(all) == 0 {
		return nil, errors.New("found no linked module: is this the project's root?")
	}
	its, err := goItself(ctx)
	modules := []*module{its}
	for _, m := range all {
		modules = append(modules, m)
	}
	slices.SortFunc(modules[1:], func(a, b *module) int { return strings.Compare(a.name, b.name) })
	return modules, err
}

// goItself returns the module for the runtime and the standard library.
func goItself(ctx context.Context) (*module, error) {
	env, err := output(exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOROOT"))
	version, root, _ := strings.Cut(strings.TrimSpace(env), "\n")
	return &module{name: "Go " + version, root: root, dirs: []string{root}}, err
}

func output(cmd *exec.Cmd) (string, error) {
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args[:2], " "), err, complaints.String())
	}
	return string(out), err
}

// texts returns the licence files of a module: those in the folders of its linked
// packages and in their parents up to the root. A module without any has its
// licence in the README.
func (m *module) texts() ([]string, error) {
	legal := regexp.MustCompile(`(?i)^(licen[sc]e|copying|copyright|notice|patents|authors|unlicense)([.-].*)?$`)
	files, err := m.find(legal)
	if err == nil && len(files) == 0 {
		files, err = m.find(regexp.MustCompile(`(?i)^readme(\..*)?$`))
	}
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has no licence text", m.name)
	}
	return files, err
}

func (m *module) find(name *regexp.Regexp) ([]string, error) {
	seen, files := map[string]bool{}, []string(nil)
	for _, dir := range m.dirs {
		for ; !seen[dir] && len(dir) >= len(m.root); dir = filepath.Dir(dir) {
			seen[dir] = true
			entries, err := os.ReadDir(dir)
			if err != nil {
				return nil, err
			}
			for _, entry := range entries {
				if entry.Type().IsRegular() && name.MatchString(entry.Name()) && !strings.HasSuffix(entry.Name(), ".go") {
					files = append(files, filepath.Join(dir, entry.Name()))
				}
			}
		}
	}
	slices.Sort(files)
	return files, nil
}
