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

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

var update = flag.Bool("update", false, "write what the documents and golden files should hold")

// notRun returns the commands in console blocks that a test cannot run, with the reason.
// Keep this list short.
func notRun() map[string]string {
	return map[string]string{
		"go test ./...":       "would run this test",
		"stockctl auth login": "prompts",
	}
}

// unrun returns, for each document, the number of blocks with shell commands or terminal
// output that no test runs: they install something, ask for a password, or their output
// varies. Put new commands into a console block, or into a block that begins with
// `# file: NAME` and is used by one. If that is not possible, count them here.
func unrun() map[string]int {
	return map[string]int{
		"README.md":          2, // install; sign in
		"getting-started.md": 1, // install
		"ci-test-data.md":    1, // the checks of a job, run in the examples
		"credentials.md":     3, // the keyring of the machine, twice; files under /run/secrets
		"import.md":          2,
		"moving-stock.md":    1,
		"scheduled-jobs.md":  1, // the image of a release
		"seeing-stock.md":    1, // posts to a webhook
		"architecture.md":    1, // a drawing
		"benchmarks.md":      3, // measurements take long and depend on the machine
	}
}

var consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```\n")

// TestDocuments runs every console block in the README and the guides on an 80-column
// terminal, in a separate folder with its own HOME, and compares the output. It first
// writes the files from blocks that begin with `# file: NAME`.
func TestDocuments(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the documents show a Unix shell")
	}
	for _, name := range documents(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			checkDocument(t, name)
		})
	}
}

// documents returns the README and the guides.
func documents(t *testing.T) []string {
	t.Helper()
	guides, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(guides, "../README.md")
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

// shell runs commands in a new folder with a new HOME.
type shell struct{ dir, home string }

func newShell(t *testing.T) shell {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return shell{dir: dir, home: t.TempDir()}
}

var (
	shellBlock = regexp.MustCompile("(?s)```(?:sh|bash|shell|text|powershell|)\n(.*?)```\n")
	anyBlock   = regexp.MustCompile("(?s)```[^\n]*\n.*?```\n")
)

// Every command in a document is either run or counted as not run.
func TestDocumentsCountWhatIsNotRun(t *testing.T) {
	want, skipped := unrun(), notRun()
	for _, name := range documents(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, block := range anyBlock.FindAll(text, -1) {
			if shellBlock.Match(block) && !fileBlock.Match(block) {
				count++
			}
			if m := consoleBlock.FindSubmatch(block); m != nil {
				for line := range strings.Lines(string(m[1])) {
					delete(skipped, strings.TrimSpace(strings.TrimPrefix(line, "$ ")))
				}
			}
		}
		base := filepath.Base(name)
		if count != want[base] {
			t.Errorf("%s shows %d blocks of commands that nothing runs, and %d are counted", base, count, want[base])
		}
		delete(want, base)
	}
	for name := range want {
		t.Errorf("%s is counted, but is not a document", name)
	}
	for command := range skipped {
		t.Errorf("%q is excused from running, but no document shows it", command)
	}
}

var fileBlock = regexp.MustCompile("(?s)```[a-z]+\n(?:#|//) file: (\\S+)\n(.*?)```\n")

func (s shell) writeFiles(t *testing.T, text []byte) {
	t.Helper()
	for _, m := range fileBlock.FindAllSubmatch(text, -1) {
		name := filepath.Join(s.dir, filepath.FromSlash(string(m[1])))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, m[2], 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// replay runs the commands of a block and returns the block with their actual output.
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

// run returns the output of one command on a terminal with 80 columns.
func (s shell) run(t *testing.T, command string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	schemas, err := filepath.Abs(published.folder)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, "bash", "-c", command)
	cmd.Dir = s.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.home, "TERM=xterm", "TZ=UTC", "NO_COLOR=1", "CI=true",
		"HTTPS_PROXY=http://127.0.0.1:1", schemaFolder + "=" + schemas,
	} // nothing listens there, so no document can reach a real API
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	var screen bytes.Buffer
	_, err = io.Copy(&screen, &toItsEnd{terminal: terminal})
	if err != nil && !errors.Is(err, syscall.EIO) { // how a terminal ends
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	// A command that drops NO_COLOR from its environment shows colours.
	shown := ansi.Strip(screen.String())
	// The real path is longer than ~, so the terminal breaks the line before it.
	return strings.NewReplacer("\r\n"+s.home, " ~", "\r\n", "\n", s.home, "~").Replace(shown)
}
