package cmd

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// Main runs the program on the process's own streams and returns its exit code.
func Main(build app.Build, args []string) int {
	ctx, stop := interruptible(context.Background())
	defer stop()
	streams := iostreams.System()
	if !streams.OutTTY {
		streams.Out = await.Writer(ctx, streams.Out, unread)
	}
	if !streams.ErrTTY {
		streams.Err = await.Writer(ctx, streams.Err, unread)
	}
	return Run(ctx, app.New(streams, build), args)
}

// unread is how long, after a signal, output waits for a reader.
const unread = time.Second

// Run runs one command line and returns its exit code. Results go to the app's Out,
// everything else to its Err.
func Run(ctx context.Context, a *app.App, args []string) int {
	word := ""
	if len(args) > 0 {
		word = args[0]
	}
	a.ExitCode = codeOf
	a.Context = ctx
	root, started := newRootCmd(a, word)
	root.SetArgs(typedWords(args))
	out := &written{Writer: a.IO.Out}
	root.SetOut(out)
	defer a.IO.Unmute()
	err := root.ExecuteContext(ctx)
	if !*started {
		readFormat(a.Flags, args)
	}
	if err != nil && !*started && failure.KindOf(err) == failure.Unexpected {
		// Cobra's own errors about words and arguments have no kind.
		err = failure.WithHint(failure.Usagef("%w", err), "see `%s --help`", commandPath(root, args))
	}
	if out.err != nil {
		err = out.err
	}
	err = interrupted(ctx, a.OnceSent(a.Unwritable(err)))
	if closing := a.Close(); err == nil {
		err = closing
	}
	return report(a, err)
}

// readFormat finds the output format in a command line that was parsed only up to a
// mistake, so that a program that requested JSON gets the error as JSON, wherever the
// mistake is.
func readFormat(flags *pflag.FlagSet, args []string) {
	for i, arg := range args {
		next := ""
		if i+1 < len(args) {
			next = args[i+1]
		}
		name, value := "", ""
		switch {
		case arg == "--":
			return
		case arg == "-o" || arg == "--output":
			name, value = "output", next
		case arg == "--jq":
			name, value = "jq", next
		case strings.HasPrefix(arg, "--output="), strings.HasPrefix(arg, "--jq="):
			name, value, _ = strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		case strings.HasPrefix(arg, "-o"):
			name, value = "output", strings.TrimPrefix(arg[2:], "=")
		}
		if name != "" {
			// Text flags accept any text.
			_ = flags.Set(name, value)
		}
	}
}

func commandPath(root *cobra.Command, args []string) string {
	found, _, err := root.Find(args)
	if err != nil {
		return root.CommandPath()
	}
	return found.CommandPath()
}

// stopped is the cause of a context that was cancelled by a signal.
type stopped struct{ signal os.Signal }

func (s stopped) Error() string {
	if s.signal != os.Interrupt {
		return "terminated"
	}
	return "interrupted"
}

// Is makes errors.Is recognise a signal as a cancelled context.
func (s stopped) Is(target error) bool { return target == context.Canceled }

// FailureKind distinguishes Ctrl-C and SIGTERM.
func (s stopped) FailureKind() failure.Kind {
	if s.signal != os.Interrupt {
		return failure.Terminated
	}
	return failure.Interrupted
}

// interruptible returns a context that is cancelled by the first Ctrl-C or SIGTERM. The
// second signal has its default effect and ends the process immediately.
func interruptible(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // nohup has it ignored
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			cancel(stopped{s})
		case <-ctx.Done():
			signal.Stop(signals)
		}
	}()
	return ctx, func() { cancel(context.Canceled) }
}

// interrupted returns the signal as the error if it ended the command. It keeps an error
// that says more, such as an unknown outcome.
func interrupted(ctx context.Context, err error) error {
	var s stopped
	if err == nil || !errors.As(context.Cause(ctx), &s) {
		return err
	}
	switch failure.KindOf(err) {
	case failure.Interrupted, failure.Terminated:
		return failure.New(s.FailureKind(), "%w", err)
	case failure.Unexpected, failure.Unavailable:
		if hint := failure.HintOf(err); hint != "" { // a write was settled after the signal
			return failure.New(s.FailureKind(), "%w: %w", s, err).Hint("%s", hint)
		}
		return s // what was cut short may fail in any way
	case failure.Usage, failure.Config:
		var cause stopped
		if errors.As(err, &cause) { // a read that it ended: the file is not to blame
			return s
		}
	}
	return err
}
