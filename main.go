// Command stockctl manages a merchant's warehouse stock from the command line.
package main

import (
	"os"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/app"
	_ "github.com/bayworks/stockctl/internal/darkterm" // must initialise before bubbletea
)

// Set by the linker in releases.
var version, commit, date string

func main() {
	os.Exit(cmd.Main(app.Build{Version: version, Commit: commit, Date: date}, os.Args[1:]))
}
