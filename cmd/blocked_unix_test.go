//go:build unix

package cmd_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	stockctl "github.com/bayworks/stockctl/cmd"
)

// A file that is read more than once cannot be a pipe, and nothing waits for one.
func TestPipesInPlaceOfFiles(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, test := range []struct {
		args []string
		env  map[string]string
		code int
	}{
		{[]string{"inventory", "import", "apply", pipe, "--profile", "sandbox"}, nil, 2},
		{[]string{"inventory", "list"}, map[string]string{"SSL_CERT_FILE": pipe}, 3},
	} {
		u := customer(t, "https://127.0.0.1:1", "pk_test_1234567890", "s3cret-token")
		maps.Copy(u.env, test.env)
		p := u.start(t, test.args...)
		_ = p.Wait() // the exit code is compared below
		if p.ProcessState.ExitCode() != test.code || !strings.Contains(p.err.String(), "not a regular file") {
			t.Errorf("%v: exit %d, want %d\n%s\nwant %q in it", test.args, p.ProcessState.ExitCode(), test.code, p.err.String(), "not a regular file")
		}
	}
}

// blockedRead is a command that reads from a pipe, and the signal that ends it.
type blockedRead struct {
	args   []string // PIPE is replaced by the pipe
	env    []string
	signal os.Signal
	code   int
	later  bool // it asks the API before it opens the pipe
}

func blockedReads() map[string]blockedRead {
	return map[string]blockedRead{
		"create":       {[]string{"inventory", "create", "-f", "PIPE", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, false},
		"create table": {[]string{"inventory", "create", "-f", "PIPE.csv", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, true},
		"import":       {[]string{"inventory", "import", "PIPE", "--profile", "sandbox"}, nil, syscall.SIGINT, 130, true},
		"config":       {[]string{"inventory", "list", "--config", "PIPE"}, nil, syscall.SIGTERM, 143, false},
		"token file":   {[]string{"inventory", "list"}, []string{"STOCKCTL_TOKEN_FILE=PIPE", "STOCKCTL_MERCHANT_API_KEY=pk_test_1"}, syscall.SIGINT, 130, false},
		"api":          {[]string{"api", "POST", "/v1/inventory", "--input", "PIPE", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, false},
		"api field":    {[]string{"api", "POST", "/v1/inventory", "-F", "notes=@PIPE", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, false},
		"barcodes":     {[]string{"product", "barcode", "import", "PIPE", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, false},
		"layout":       {[]string{"inventory", "import", "rows.csv", "--layout", "PIPE.yaml", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, false},
		"webhook":      {[]string{"inventory", "low-stock", "--notify", "--webhook-file", "PIPE", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, false},
		"memory":       {[]string{"inventory", "low-stock", "--notify", "--state", "PIPE", "--profile", "sandbox"}, []string{"STOCKCTL_WEBHOOK=https://127.0.0.1:1/x"}, syscall.SIGINT, 130, false},
		"count":        {[]string{"inventory", "count", "PIPE", "--warehouse", "LGS-01", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, true},
		"aliases":      {[]string{"inventory", "count", "--scan", "--warehouse", "LGS-01", "--aliases", "PIPE", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, true},
		"transfer":     {[]string{"inventory", "transfer", "-f", "PIPE", "--profile", "sandbox"}, nil, syscall.SIGTERM, 143, true},
		"shop":         {[]string{"sandbox", "serve", "--addr", "127.0.0.1:0", "--start", "PIPE"}, nil, syscall.SIGTERM, 143, false},
		"account":      {[]string{"sandbox", "serve", "--addr", "127.0.0.1:0", "--account", "PIPE"}, nil, syscall.SIGTERM, 143, false},
		"hang up":      {[]string{"inventory", "create", "-f", "PIPE", "--profile", "sandbox"}, nil, syscall.SIGHUP, 143, false},
	}
}

// makePipe creates a named pipe with the ending that the arguments give it, and returns
// it with the replacement for PIPE.
func (b blockedRead) makePipe(t *testing.T) (pipe string, fill func(string) string) {
	t.Helper()
	stem := filepath.Join(t.TempDir(), "pipe")
	pipe = stem
	for _, arg := range b.args {
		if _, ending, is := strings.Cut(arg, "PIPE."); is {
			pipe = stem + "." + ending
		}
	}
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	return pipe, func(text string) string { return strings.ReplaceAll(text, "PIPE", stem) }
}

// A signal must end a read that would otherwise block forever, from a pipe that is open
// for writing but idle.
func TestASignalEndsEveryRead(t *testing.T) {
	bin := build(t)
	for name, test := range blockedReads() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if s := test.signal.(syscall.Signal); signal.Ignored(s) {
				t.Skipf("%s is ignored here, as by nohup, and so it is by the program", s)
			}
			home := t.TempDir()
			pipe, fill := test.makePipe(t)
			ctx, cancel := context.WithTimeout(t.Context(), endless)
			defer cancel()
			var args []string
			for _, a := range test.args {
				args = append(args, fill(a))
			}
			cmd := exec.CommandContext(ctx, bin, args...)
			var errOut bytes.Buffer
			cmd.Stderr = &errOut
			cmd.Env = []string{"HOME=" + home, "STOCKCTL_STATE_DIR=" + filepath.Join(home, "state"), "CI=1"}
			for _, e := range test.env {
				cmd.Env = append(cmd.Env, fill(e))
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// This returns once the program has opened the other end.
			held, err := os.OpenFile(pipe, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = held.Close() }()
			if err := cmd.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			err = cmd.Wait()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != test.code {
				t.Errorf("it ended with %v, want exit code %d\n%s", err, test.code, errOut.String())
			}
			if left, _ := filepath.Glob(filepath.Join(home, "state", "*", "*", "*")); len(left) > 0 {
				t.Errorf("the command left %v behind, want nothing", left)
			}
		})
	}
}

// Opening a pipe waits for a writer, and that wait ends, too. The contexts have already
// ended, because a test cannot see when a program begins to wait for a writer.
func TestNoCommandWaitsForAWriterForever(t *testing.T) {
	for name, test := range blockedReads() {
		if test.later {
			continue // its request fails first
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, fill := test.makePipe(t)
			u := customer(t, "", "pk_test_1234567890", "s3cret-token")
			u.env = map[string]string{"HOME": u.home, "STOCKCTL_STATE_DIR": filepath.Join(u.home, "state"), "CI": "1"}
			for _, e := range test.env {
				variable, value, _ := strings.Cut(fill(e), "=")
				u.env[variable] = value
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(stockctl.Interrupt())
			args := make([]string, len(test.args))
			for i, a := range test.args {
				args[i] = fill(a)
			}
			if code, out, errOut := u.run(t, ctx, args...); code != 130 || out != "" {
				t.Errorf("exit %d, want 130\n%s%s", code, out, errOut)
			}
		})
	}
}
