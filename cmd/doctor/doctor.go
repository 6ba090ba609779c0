// Package doctor implements `stockctl doctor`. It checks everything that a command
// depends on, from the configuration file to the account's permissions, and reports
// what is wrong and how to fix it. It changes nothing in the API and shows no
// secret.
package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// doctorOptions contains the app and the parsed flags of `doctor`.
type doctorOptions struct {
	app  *app.App
	wait time.Duration // how long to wait for the API to respond
}

// New returns the `doctor` command.
func New(a *app.App) *cobra.Command { return newDoctorCmd(a, runDoctor) }

func newDoctorCmd(a *app.App, run func(context.Context, *doctorOptions) error) *cobra.Command {
	opts := &doctorOptions{app: a}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check the setup and suggest fixes",
		Long: `Check the configuration file and its permissions, the state folder, the base URL,
the connection to it (proxy, DNS, TCP, certificate), this machine's clock, the
merchant API key, the token, and what the account may read.

Each check is ok, a warning, failed or skipped. Warnings and failures come with a
suggested fix. A check is skipped when an earlier failure makes it impossible; all
others run, even if the configuration is unusable.

The command only reads from the API and never shows a secret. No check takes much
longer than --timeout. Use --wait for a server that is still starting.` + cli.ExitCodes(
			"0  no check failed; there may be warnings",
			"2  a flag or an environment variable is wrong",
			"3  the configuration, the state folder or the base URL is wrong",
			"4  not signed in, expired, or no key",
			"5  the account is not allowed to read the inventory",
			"8  the API cannot be reached",
			"The first failed check determines the code.",
		),
		Example: `  stockctl doctor
  stockctl doctor --profile lagos --timeout 5s
  stockctl doctor --wait 30s
  stockctl doctor -o json --jq '.[] | select(.status == "failed") | .cure'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
	cmd.Flags().DurationVar(&opts.wait, "wait", 0, "wait up to this `duration` for the API to respond")
	return cmd
}

func runDoctor(ctx context.Context, opts *doctorOptions) error {
	wrong, err := opts.app.Salvage()
	if err != nil {
		return err
	}
	printer, err := app.PrinterFor(opts.app, view())
	if err != nil {
		return err
	}
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	if opts.wait < 0 {
		return failure.Usagef("--wait must not be negative")
	}
	if err := opts.awaitResponse(ctx, c); err != nil {
		return err
	}
	e := &exam{app: opts.app, config: c, wrong: wrong}
	if err := output.Prose(printer, view(), []int{len(skipped), len("configuration")}, e.checks(ctx)); err != nil {
		return err
	}
	return e.failure()
}

// awaitResponse calls the API until it responds or the time is up. It reports no
// failure: the checks do.
func (o *doctorOptions) awaitResponse(ctx context.Context, c *config.Config) error {
	if o.wait == 0 || c.IsSandbox() {
		return nil
	}
	client, err := o.app.Anonymous()
	if err != nil {
		return nil // a check reports the error
	}
	limited, cancel := context.WithTimeout(ctx, o.wait)
	defer cancel()
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		if probe := client.Probe(limited); probe.Err == nil {
			return nil
		}
		select {
		case <-limited.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

// failure returns the error for the failed checks. Its kind is that of the first,
// as later failures often follow from it.
func (e *exam) failure() error {
	var names []string
	var first check
	for _, c := range e.done {
		if c.Status != failed {
			continue
		}
		if names == nil {
			first = c
		}
		names = append(names, c.Check)
	}
	if names == nil {
		return nil
	}
	count := fmt.Sprintf("%d checks failed", len(names))
	if len(names) == 1 {
		count = "1 check failed"
	}
	return failure.New(first.kind, "%s: %s", count, strings.Join(names, ", ")).Hint("%s", first.Cure)
}
