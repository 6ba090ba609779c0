package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// runOptions contains the app and the parsed flags of `sandbox run`.
type runOptions struct {
	serveOptions
	command []string
}

func newRunCmd(a *app.App, run func(context.Context, *runOptions) error) *cobra.Command {
	opts := &runOptions{serveOptions: serveOptions{app: a, addr: "127.0.0.1:0"}}
	opts.sandbox.Path = ":memory:"
	cmd := &cobra.Command{
		Use:   "run [flags] -- CMD [ARG]...",
		Short: "Run a command against its own sandbox",
		Long: `Start a sandbox on a free port of this machine, run a command against it, and
stop the sandbox when the command ends. The exit code is the command's.

The command gets the address and the account in the STOCKCTL_ variables that
stockctl reads, so no further setup is needed. Configuration and state go to a
folder that is removed at the end: settings of this machine have no effect, and no
real stock is touched.` + cli.ExitCodes(
			"0  the command succeeded",
			"126  the command cannot be run",
			"127  there is no such command",
			"others  the command's own",
		),
		Example: `  stockctl sandbox run -- ./test.sh
  stockctl sandbox run --start shop.yaml --strict -- go test ./...
  stockctl sandbox run --empty -- sh -c 'stockctl warehouse create --name Main && make e2e'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.command = args
			return run(cmd.Context(), opts)
		},
	}
	cmd.Flags().SetInterspersed(false)
	shopFlags(cmd, &opts.serveOptions)
	return cmd
}

func runRun(ctx context.Context, opts *runOptions) (err error) {
	program, err := exec.LookPath(opts.command[0])
	switch {
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist):
		return failure.Exit(127, fmt.Errorf("there is no command %q", opts.command[0]))
	case err != nil:
		return failure.Exit(126, err)
	}
	folder, err := os.MkdirTemp("", "stockctl-run-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	shop, listener, err := opts.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shop.Close()) }()
	// The sandbox keeps running after a signal, so that the command can still
	// make calls while it shuts down.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- serve(serving, listener, shop) }()
	defer func() {
		stop()
		err = errors.Join(err, <-served)
	}()
	cmd := exec.CommandContext(ctx, program, opts.command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = environment(os.Environ(), "http://"+listener.Addr().String(), shop.Account(), folder)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = grace
	return exitOf(cmd.Run())
}

// environment returns the environment of the command: this machine's settings for
// stockctl are replaced by those for the sandbox.
func environment(env []string, url string, account sandbox.Account, folder string) []string {
	out := slices.DeleteFunc(slices.Clone(env), func(line string) bool { return strings.HasPrefix(line, "STOCKCTL_") })
	return append(
		out,
		"STOCKCTL_BASE_URL="+url,
		"STOCKCTL_MERCHANT_API_KEY="+account.MerchantAPIKey,
		"STOCKCTL_EMAIL="+account.Email,
		"STOCKCTL_PASSWORD="+account.Password,
		"STOCKCTL_CONFIG="+filepath.Join(folder, "config.yaml"),
		"STOCKCTL_STATE_DIR="+folder,
		"STOCKCTL_STORE=file",
	)
}

// exitOf returns an error with the exit code of a command. If a signal ended the
// command, the code is the one that shells use.
func exitOf(err error) error {
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return err
	}
	code := ended.ExitCode()
	if status, ok := ended.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		code = 128 + int(status.Signal())
	}
	return failure.Exit(code, nil)
}
