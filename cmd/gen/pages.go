package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	own "github.com/bayworks/stockctl/cmd"
)

// manualDate is the date on every man page. It is fixed, so that the same commands
// always give the same pages; only the version distinguishes them.
func manualDate() *time.Time {
	day := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	return &day
}

// reference returns a Markdown page for every command that is not hidden, and
// for every help topic.
func reference(root *cobra.Command) (files, error) {
	pages := files{}
	err := eachPage(root, func(cmd *cobra.Command) error {
		cmd.Long = fence(cmd.Long)
		var text bytes.Buffer
		if err := doc.GenMarkdown(cmd, &text); err != nil {
			return fmt.Errorf("writing the reference of %s: %w", cmd.CommandPath(), err)
		}
		pages[strings.ReplaceAll(cmd.CommandPath(), " ", "_")+".md"] = []byte(own.PlainDefaults(text.String()))
		return nil
	})
	return pages, err
}

// manual returns a page of section 1 for every command that is not hidden, and
// for every help topic.
func manual(root *cobra.Command) (files, error) {
	pages := files{}
	err := eachPage(root, func(cmd *cobra.Command) error {
		cmd.Long = sections(fence(cmd.Long))
		var text bytes.Buffer
		header := &doc.GenManHeader{Section: "1", Date: manualDate(), Source: "stockctl", Manual: "stockctl manual"}
		if err := doc.GenMan(cmd, header, &text); err != nil {
			return fmt.Errorf("writing the manual of %s: %w", cmd.CommandPath(), err)
		}
		pages[strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"] = text.Bytes()
		return nil
	})
	return pages, err
}

// eachPage visits every command and help topic that has a page, parents first.
func eachPage(cmd *cobra.Command, write func(*cobra.Command) error) error {
	if !cmd.HasParent() {
		cmd.InitDefaultCompletionCmd()
	}
	cmd.DisableAutoGenTag = true // a date would make every run change every page
	// The library's own line of a group lacks the command, and others end with [flags].
	cmd.Use, cmd.DisableFlagsInUseLine = cmd.Name()+strings.TrimPrefix(own.UseLine(cmd), cmd.CommandPath()), true
	if err := write(cmd); err != nil {
		return err
	}
	for _, c := range cmd.Commands() {
		if !c.IsAvailableCommand() && !c.IsAdditionalHelpTopicCommand() {
			continue
		}
		if err := eachPage(c, write); err != nil {
			return err
		}
	}
	return nil
}

// fence puts the indented lines of a help text, which are tables and examples,
// into code blocks; Markdown would otherwise join them.
func fence(long string) string {
	var out strings.Builder
	inside := false
	lines := strings.Split(strings.TrimSpace(long), "\n")
	for i, line := range lines {
		indented := strings.HasPrefix(line, "  ")
		// A blank line between two indented ones belongs to the block.
		if line == "" && inside && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "  ") {
			indented = true
		}
		switch {
		case indented && !inside:
			out.WriteString("\n```\n")
		case inside && !indented:
			out.WriteString("```\n")
			if line != "" {
				out.WriteString("\n")
			}
		}
		inside = indented
		out.WriteString(line + "\n")
	}
	if inside {
		out.WriteString("```\n")
	}
	return strings.TrimSpace(strings.ReplaceAll(out.String(), "\n\n\n", "\n\n"))
}

// sections moves the exit codes to the section that man pages have for them.
func sections(long string) string {
	return strings.ReplaceAll("\n"+long, "\nExit codes:\n", "\n# EXIT STATUS\n")[1:]
}
