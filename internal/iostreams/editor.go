package iostreams

import (
	"context"
	"io"
	"os/exec"
	"runtime"
	"strings"
)

// Editor is the user's editor on a terminal.
type Editor struct {
	Command  string // as the user set it; the shell reads it
	In       io.Reader
	Out, Err io.Writer
}

// EditorCommand returns the editor that the environment names, or the usual one of the
// system.
func EditorCommand(lookupEnv func(string) (string, bool)) string {
	for _, name := range []string{"STOCKCTL_EDITOR", "VISUAL", "EDITOR"} {
		if command, _ := lookupEnv(name); strings.TrimSpace(command) != "" {
			return command
		}
	}
	if runtime.GOOS == "windows" {
		return "notepad"
	}
	for _, command := range []string{"editor", "nano"} { // Debian has the first
		if _, err := exec.LookPath(command); err == nil {
			return command
		}
	}
	return "vi"
}

// Edit opens a file and waits until the user leaves the editor. An editor that fails
// returns an *exec.ExitError.
func (e Editor) Edit(path string) error {
	run := program(e.Command, path)
	run.Stdin, run.Stdout, run.Stderr = e.In, e.Out, e.Err
	return run.Run()
}

// program returns a program that the user named, possibly with arguments. Only the user
// ends it.
func program(command string, args ...string) *exec.Cmd {
	ctx := context.Background()
	if runtime.GOOS == "windows" {
		words := append(strings.Fields(command), args...)
		return exec.CommandContext(ctx, words[0], words[1:]...)
	}
	if len(args) > 0 {
		command += ` "$@"`
	}
	return exec.CommandContext(ctx, "sh", append([]string{"-c", command, "sh"}, args...)...)
}
