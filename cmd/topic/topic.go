// Package topic contains the help topics that are not commands: a name and a text for
// each. It runs nothing.
package topic

import (
	_ "embed" // the texts
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/app"
)

//go:embed exit-codes.txt
var exitCodes string

//go:embed environment.txt
var environment string

//go:embed formatting.txt
var formatting string

//go:embed names.txt
var names string

//go:embed scanning.txt
var scanning string

// ExitCodes explains what each exit code means and what a script should do.
func ExitCodes(*app.App) *cobra.Command {
	return topic("exit-codes", "What each exit code means, and what a script should do", exitCodes)
}

// Environment lists the variables that are read, and their precedence.
func Environment(*app.App) *cobra.Command {
	return topic("environment", "Environment variables, and their precedence", environment)
}

// Formatting explains the output formats and how to filter the output.
func Formatting(*app.App) *cobra.Command {
	return topic("formatting", "Output formats, columns and jq", formatting)
}

// Scanning explains how to count stock with a barcode scanner.
func Scanning(*app.App) *cobra.Command {
	return topic("scanning", "How to count stock with a barcode scanner", scanning)
}

// Names explains how to name products, SKUs, records and warehouses.
func Names(*app.App) *cobra.Command {
	return topic("names", "How to name products, SKUs, records and warehouses", names)
}

// topic returns a command that cannot be run. Cobra shows its text for `help NAME` and for
// NAME, and lists it separately from the commands.
func topic(name, short, text string) *cobra.Command {
	return &cobra.Command{Use: name, Short: short, Long: strings.TrimSpace(text), Args: cobra.NoArgs}
}
