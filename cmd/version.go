package cmd

import (
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
)

// versionInfo is the version of the program.
type versionInfo struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newVersionCmd(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the version of stockctl",
		Long:    "Show the version, the commit and the time of the build, and the platform. It\nreads no files, so it works even if the setup is broken." + cli.ExitCodes("0  shown"),
		Example: "  stockctl version\n  stockctl version -o json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return runVersion(a)
		},
	}
}

func runVersion(a *app.App) error {
	info := describeBuild(a.Build)
	if askedFormat(a) != "" || a.Output.JQ != "" {
		p, err := a.Printer()
		if err != nil {
			return err
		}
		if p.Structured() {
			return output.Value(p, info)
		}
	}
	_, err := a.IO.Out.Write([]byte(info.line()))
	return err
}

func (v versionInfo) line() string {
	line := "stockctl " + v.Version
	if v.Commit != "" {
		line += " (" + v.Commit + ", " + v.Date + ")"
	}
	return line + " " + v.Go + " " + v.Platform + "\n"
}

// versionFlag makes `stockctl --version` print the same as `stockctl version`.
func versionFlag(root *cobra.Command, a *app.App, word string) {
	root.Flags().Bool("version", false, "show the version")
	if strings.HasPrefix(word, "-") {
		root.Version = describeBuild(a.Build).line()
		root.SetVersionTemplate("{{.Version}}")
	}
}

// describeBuild completes the values that the linker set with those that Go recorded.
func describeBuild(b app.Build) versionInfo {
	v := versionInfo{Version: b.Version, Commit: b.Commit, Date: b.Date, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		if v.Version == "" && info.Main.Version != "" && info.Main.Version != "(devel)" {
			v.Version = info.Main.Version
		}
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision" && v.Commit == "":
				v.Commit = s.Value
			case s.Key == "vcs.time" && v.Date == "":
				v.Date = s.Value
			}
		}
	}
	if v.Version == "" {
		v.Version = "dev"
	}
	return v
}
