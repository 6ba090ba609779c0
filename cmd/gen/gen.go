// Package gen writes what is generated from the command tree: the reference
// and the shell completions.
package gen

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/bayworks/stockctl/cmd/noun"
)

// New returns the hidden `gen` command.
func New() *cobra.Command {
	cmd := noun.New(&cobra.Command{
		Use:     "gen",
		Short:   "Generate the reference and the completions",
		Long:    "Generate docs/reference and completions/ from the command tree. Run it in the\nproject's root after any change to a command; a test holds them fresh.",
		Example: "  go run . gen reference docs/reference\n  go run . gen completions completions",
		Hidden:  true,
	},
		newCmd("reference DIR", "Write a Markdown page a command", Reference),
		newCmd("completions DIR", "Write the completion scripts of the four shells", Completions),
	)
	return cmd
}

// Files are generated files by name.
type Files map[string][]byte

func newCmd(use, short string, make func(*cobra.Command) (Files, error)) *cobra.Command {
	return &cobra.Command{
		Use:     use,
		Short:   short,
		Long:    short + ". What was there before is replaced.",
		Example: "  go run . gen " + use,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := make(cmd.Root())
			if err != nil {
				return err
			}
			return write(args[0], files)
		},
	}
}

// Reference returns a Markdown page for every command that is not hidden.
func Reference(root *cobra.Command) (Files, error) {
	root.DisableAutoGenTag = true // a date would make every run a change
	root.InitDefaultCompletionCmd()
	files := Files{}
	return files, reference(root, files)
}

func reference(cmd *cobra.Command, into Files) error {
	cmd.DisableAutoGenTag = true
	var page bytes.Buffer
	if err := doc.GenMarkdown(cmd, &page); err != nil {
		return fmt.Errorf("writing the reference of %s: %w", cmd.CommandPath(), err)
	}
	into[strings.ReplaceAll(cmd.CommandPath(), " ", "_")+".md"] = page.Bytes()
	for _, c := range cmd.Commands() {
		if !c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand() {
			continue
		}
		if err := reference(c, into); err != nil {
			return err
		}
	}
	return nil
}

// Completions returns the completion scripts for bash, zsh, fish and
// PowerShell.
func Completions(root *cobra.Command) (Files, error) {
	files := Files{}
	for _, shell := range []struct {
		file  string
		write func(*bytes.Buffer) error
	}{
		{"stockctl.bash", func(b *bytes.Buffer) error { return root.GenBashCompletionV2(b, true) }},
		{"_stockctl", func(b *bytes.Buffer) error { return root.GenZshCompletion(b) }},
		{"stockctl.fish", func(b *bytes.Buffer) error { return root.GenFishCompletion(b, true) }},
		{"stockctl.ps1", func(b *bytes.Buffer) error { return root.GenPowerShellCompletionWithDesc(b) }},
	} {
		var script bytes.Buffer
		if err := shell.write(&script); err != nil {
			return nil, fmt.Errorf("writing %s: %w", shell.file, err)
		}
		files[shell.file] = script.Bytes()
	}
	return files, nil
}

// write puts the files into a folder and takes away those of an earlier run
// that are no longer generated.
func write(dir string, files Files) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "*stockctl*"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, kept := files[filepath.Base(name)]; kept {
			continue
		}
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
