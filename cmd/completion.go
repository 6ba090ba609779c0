package cmd

import (
	"bytes"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// completionLong is what cobra cannot know of the completion command.
const completionLong = `

Warehouses, products, SKUs and records are asked for at the API, in half a second or
not at all, and kept for ten minutes. A profile whose secrets are in the keyring is
offered what a command last read in full, however long ago: completion never opens a
keyring. To read the warehouses anew run "stockctl warehouse list".`

// completionCommand makes cobra's completion command, completes its help and
// mends its script for bash.
func completionCommand(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" {
			continue
		}
		cmd.Long = strings.TrimSpace(cmd.Long) + completionLong
		for _, shell := range cmd.Commands() {
			if shell.Name() == "bash" {
				shell.RunE = func(cmd *cobra.Command, _ []string) error {
					plain, err := cmd.Flags().GetBool("no-descriptions")
					if err != nil {
						return err
					}
					return BashCompletion(root, cmd.OutOrStdout(), !plain)
				}
			}
		}
	}
}

// BashCompletion writes the completion script for bash. Where several values are
// possible, bash puts into the line what they have in common; cobra's script hands
// them over unquoted, and a common "TWO 0" became two words. The first press of the
// key, 9, now gets them quoted, as those that insert do; the second shows the list
// with its descriptions as before.
func BashCompletion(root *cobra.Command, w io.Writer, descriptions bool) error {
	var script bytes.Buffer
	if err := root.GenBashCompletionV2(&script, descriptions); err != nil {
		return err
	}
	_, err := io.WriteString(w, strings.Replace(script.String(), "\n    37|42)\n", "\n    9|37|42)\n", 1))
	return err
}
