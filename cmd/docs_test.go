package cmd_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

var update = flag.Bool("update", false, "write what the documents and golden files should hold")

// notRun are the commands in the documents that a test cannot run, by the
// reason why. The list is short on purpose.
func notRun() map[string]string {
	return map[string]string{
		"go test ./...":          "it is this test",
		"stockctl sandbox serve": "it runs until Ctrl-C",
		"stockctl auth login":    "it asks",
	}
}

var consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```\n")

// TestDocuments runs every console block of the README and the guides, as
// typed, on an 80-column terminal in a folder and a HOME of its own, and
// compares what the terminal shows. The files that a document shows in a block
// that begins with `# file: NAME` are written there first.
func TestDocuments(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the documents show a Unix shell")
	}
	guides, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(guides, "../README.md") {
		t.Run(filepath.Base(name), func(t *testing.T) { checkDocument(t, name) })
	}
}

func checkDocument(t *testing.T, name string) {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	shell := newShell(t)
	shell.writeFiles(t, text)
	shown := consoleBlock.ReplaceAllFunc(text, func(block []byte) []byte {
		want := string(consoleBlock.FindSubmatch(block)[1])
		got := shell.replay(t, want)
		if steady(got) == steady(want) {
			return block
		}
		if !*update {
			t.Errorf("%s shows\n%s\nbut the terminal shows\n%s", name, want, got)
		}
		return []byte("```console\n" + got + "```\n")
	})
	if *update && !bytes.Equal(shown, text) {
		if err := os.WriteFile(name, shown, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// shell runs commands in a fresh folder with a fresh HOME.
type shell struct{ dir, home string }

func newShell(t *testing.T) shell {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return shell{dir: dir, home: t.TempDir()}
}

var fileBlock = regexp.MustCompile("(?s)```[a-z]+\n(?:#|//) file: (\\S+)\n(.*?)```\n")

func (s shell) writeFiles(t *testing.T, text []byte) {
	t.Helper()
	for _, m := range fileBlock.FindAllSubmatch(text, -1) {
		if err := os.WriteFile(filepath.Join(s.dir, string(m[1])), m[2], 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// replay runs the commands of a block and returns the block as it should be.
func (s shell) replay(t *testing.T, block string) string {
	t.Helper()
	var out strings.Builder
	lines := strings.SplitAfter(block, "\n")
	for i := 0; i < len(lines); {
		if lines[i] == "" {
			break
		}
		command, isCommand := strings.CutPrefix(lines[i], "$ ")
		if !isCommand {
			t.Fatalf("the block does not begin with a command: %s", block)
		}
		out.WriteString(lines[i])
		i++
		from := i
		for i < len(lines) && lines[i] != "" && !strings.HasPrefix(lines[i], "$ ") {
			i++
		}
		command = strings.TrimSpace(command)
		if _, skip := notRun()[command]; skip {
			out.WriteString(strings.Join(lines[from:i], ""))
			continue
		}
		out.WriteString(s.run(t, strings.Replace(command, "go run .", "stockctl", 1)))
	}
	return out.String()
}

// run returns what a terminal of 80 columns shows of one command.
func (s shell) run(t *testing.T, command string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", command)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.home, "TERM=xterm", "TZ=UTC", "NO_COLOR=1", "CI=true"}
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	var screen bytes.Buffer
	_, err = io.Copy(&screen, terminal)
	if err != nil && !errors.Is(err, syscall.EIO) { // how a terminal ends
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return strings.ReplaceAll(screen.String(), "\r\n", "\n")
}
