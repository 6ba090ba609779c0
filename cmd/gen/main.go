// Command gen writes what is generated from the command tree: the reference, the
// pages of the manual and the shell completions; and it plays the pictures of the
// README on a terminal. Run it in the project's root after any change to a
// command; a test holds the files fresh:
//
//	go run ./cmd/gen
//
// Windows has no terminal that it could play on: there, the pictures stay as they
// are.
//
// It is a program of its own, so that stockctl does not carry, and does not
// initialise at every start, what only this needs.
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
	for dir, generate := range folders() {
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

// folders are the generated folders and what fills each.
func folders() map[string]func(*cobra.Command) (files, error) {
	return map[string]func(*cobra.Command) (files, error){
		"docs/reference": reference,
		"docs/man":       manual,
		"completions":    completions,
	}
}

// files are generated files by name.
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

// write puts the files into a folder and takes away those of an earlier run
// that are no longer generated.
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
