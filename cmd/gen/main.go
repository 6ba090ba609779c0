// Command gen generates files from the command tree: the reference, the man pages
// and the shell completions. It generates the JSON schemas from the types of the
// output and their comments, and records the README's pictures in a terminal.
// Run it in the project's root after any change to a command; a test fails if the
// files are out of date:
//
//	go run ./cmd/gen
//
// Windows has no suitable terminal, so there the pictures stay as they are.
//
// It is a separate program so that stockctl does not contain, and initialise at
// every start, packages that only gen needs.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd"
)

func main() {
	if err := run(context.Background(), "."); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// run writes every generated folder below the project's root.
func run(ctx context.Context, root string) error {
	for dir, generate := range folders(root) {
		made, err := generate(cmd.Tree())
		if err != nil {
			return err
		}
		if err := write(filepath.Join(root, filepath.FromSlash(dir)), made); err != nil {
			return err
		}
	}
	if runtime.GOOS == "windows" {
		return nil
	}
	drawn, err := pictures(ctx, root)
	if err != nil {
		return err
	}
	return write(filepath.Join(root, "docs", "pictures"), drawn)
}

// folders maps each generated folder of the project to the function that generates
// its files.
func folders(root string) map[string]func(*cobra.Command) (files, error) {
	return map[string]func(*cobra.Command) (files, error){
		"docs/reference": reference,
		"docs/man":       manual,
		"completions":    completions,
		"docs/schema":    func(*cobra.Command) (files, error) { return schemas(root) },
	}
}

// files maps names to the contents of generated files.
type files map[string][]byte

// completions returns the completion scripts for bash, zsh, fish and
// PowerShell.
func completions(root *cobra.Command) (files, error) {
	scripts := files{}
	for _, shell := range []struct {
		file  string
		write func(*bytes.Buffer) error
	}{
		{"stockctl.bash", func(b *bytes.Buffer) error { return cmd.Completion(root, "bash", b, true) }},
		{"_stockctl", func(b *bytes.Buffer) error { return cmd.Completion(root, "zsh", b, true) }},
		{"stockctl.fish", func(b *bytes.Buffer) error { return cmd.Completion(root, "fish", b, true) }},
		{"stockctl.ps1", func(b *bytes.Buffer) error { return cmd.Completion(root, "powershell", b, true) }},
	} {
		var script bytes.Buffer
		if err := shell.write(&script); err != nil {
			return nil, fmt.Errorf("writing %s: %w", shell.file, err)
		}
		scripts[shell.file] = script.Bytes()
	}
	return scripts, nil
}

// write writes the files to a folder and removes files of earlier runs that are no
// longer generated.
func write(dir string, generated files) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "*stockctl*"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, kept := generated[filepath.Base(name)]; kept {
			continue
		}
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	for name, text := range generated {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
