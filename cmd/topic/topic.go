// Package topic has the help topics that are not commands: a text
// and a name for each topic. It runs nothing.
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

// ExitCodes tells what each exit code means and what a script should do.
func ExitCodes(*app.App) *cobra.Command {
	return topic("exit-codes", "What each exit code means, and what a script should do", exitCodes)
}

// Environment tells every variable that is read, and what wins over what.
func Environment(*app.App) *cobra.Command {
	return topic("environment", "The variables that are read, and what wins over what", environment)
}

// Formatting tells how an answer is written, and how to filter it.
func Formatting(*app.App) *cobra.Command {
	return topic("formatting", "How answers are written: formats, columns and jq", formatting)
}

// Scanning tells how stock is counted with a barcode scanner.
func Scanning(*app.App) *cobra.Command {
	return topic("scanning", "How stock is counted with a barcode scanner", scanning)
}

// Names tells how products, SKUs, records and warehouses are named.
func Names(*app.App) *cobra.Command {
	return topic("names", "How products, SKUs, records and warehouses are named", names)
}

// topic makes a command that cannot be run: cobra shows its text for
// `help NAME` and for the name alone, and lists it apart from the commands.
func topic(name, short, text string) *cobra.Command {
	return &cobra.Command{Use: name, Short: short, Long: strings.TrimSpace(text), Args: cobra.NoArgs}
}
