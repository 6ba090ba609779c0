// Package app provides the dependencies of commands: the streams, and functions that
// create everything else on first use. A command that does not use the API never
// reads a secret, and one that does not use the configuration never opens its file.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/prompt"
)

// Build identifies the build of the program.
type Build struct {
	Version string // 1.2.3, or "dev"
	Commit  string
	Date    string // RFC 3339
}

// App contains the dependencies of one run of the program, and creates the rest on
// demand. It must be used from one goroutine.
type App struct {
	IO        *iostreams.Streams
	Build     Build
	LookupEnv func(string) (string, bool)
	Now       func() time.Time
	// Flags are the global flags, read along with the configuration.
	Flags *pflag.FlagSet
	// Output contains the global flags for the output format.
	Output OutputFlags
	// Yes answers every confirmation with yes.
	Yes bool
	// NoPager shows long lists without a pager.
	NoPager bool
	// Prompter asks questions; nil means on the terminal.
	Prompter prompt.Prompter
	// ExitCode maps an error to the exit code, for output that includes it. The
	// entry point sets it.
	ExitCode func(error) int
	// Keyring stores secrets; nil means the system's.
	Keyring config.Keyring
	// Context ends on a signal. It is for values created on first use, such as the
	// configuration, which have no other context.
	Context context.Context

	config  *config.Config
	service *service
	names   *catalog.Copy
	sent    *atomic.Bool     // a write may have reached the API
	pager   *iostreams.Pager // shows the list that is printed; nil: none
	closers []io.Closer
}

// OutputFlags are --columns, --no-header and --jq.
type OutputFlags struct {
	Columns  []string
	NoHeader bool
	JQ       string
}

// New returns an App that uses the process's environment and clock.
func New(streams *iostreams.Streams, build Build) *App {
	return &App{IO: streams, Build: build, LookupEnv: os.LookupEnv, Now: time.Now, Context: context.Background(), sent: new(atomic.Bool)}
}

// Config returns the settings of this run. It reads them once.
func (a *App) Config() (*config.Config, error) {
	if a.config != nil {
		return a.config, nil
	}
	c, err := config.Load(a.inputs())
	if err != nil {
		return nil, err
	}
	a.config = c
	return c, nil
}

// unlockWait is how long to wait for a keyring that the user may have to unlock.
const unlockWait = time.Minute

func (a *App) inputs() config.Inputs {
	in := config.Inputs{Flags: a.Flags, LookupEnv: a.LookupEnv, Now: a.Now, Keyring: a.Keyring, Context: a.Context}
	if a.IO.CanAsk() {
		in.KeyringWait = unlockWait
	}
	return in
}

// Stdin returns standard input with reads that end with ctx. It must be called at
// most once.
func (a *App) Stdin(ctx context.Context) io.Reader { return await.Reader(ctx, a.IO.In) }

// Printer returns the printer for the output, in the format set by the flags, the
// environment or the profile.
func (a *App) Printer() (*output.Printer, error) { return a.printer(a.IO.Out) }

func (a *App) printer(out io.Writer) (*output.Printer, error) {
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	format := c.Output()
	p, err := output.New(output.Options{
		Context:  a.Context,
		Format:   format.Value,
		Columns:  a.Output.Columns,
		NoHeader: a.Output.NoHeader,
		JQ:       a.Output.JQ,
		Out:      out,
		Terminal: a.IO.OutTTY,
		Width:    a.IO.Width(),
		Color:    a.color(c, a.IO.OutTTY),
		LeftOut:  a.leftOut,
	})
	if errors.Is(err, output.ErrFormat) && !strings.HasPrefix(string(format.Origin), "flag ") {
		err = format.Blame(err)
	}
	return p, err
}

// leftOut reports the columns that did not fit into a wide table.
func (a *App) leftOut(names []string) {
	a.Note("no room for %s (use a wider terminal, --columns or -o csv)", strings.Join(names, ", "))
}

// Footer prints how many rows a list on a terminal has if it was cut off or is too
// long to count: of is the total, or 0 if that is unknown.
func (a *App) Footer(shown, of int, things string) {
	const long = 20
	switch {
	case !a.IO.OutTTY:
	case of > shown:
		a.Note("%d of %d %s", shown, of, things)
	case shown > long:
		a.Note("%d %s", shown, things)
	}
}

// Listed reports how a list ended: cut off, empty, or with a footer. total is the number
// of rows that the API states, or 0.
func (a *App) Listed(shown output.Cut, total int, one, many string) {
	switch {
	case shown.More && total > shown.Count && a.IO.OutTTY:
		a.Note("%d of %d %s: --all shows every %s", shown.Count, total, many, one)
	case shown.More:
		a.Note("only the first %d are shown: --all shows every %s", shown.Count, one)
	case shown.Count == 0:
		a.Note("no %s", many)
	default:
		a.Footer(shown.Count, total, many)
	}
}

// CanAsk reports whether the user can be prompted: there is a terminal, and neither
// --no-input nor CI forbids it.
func (a *App) CanAsk() (bool, error) {
	c, err := a.Config()
	if err != nil {
		return false, err
	}
	return a.IO.CanAsk() && !c.NoInput(), nil
}

// Confirm asks before a change that is hard to undo. The default answer is no;
// --yes skips the question. asked is false if there is no terminal to prompt on:
// the caller decides what that means.
func (a *App) Confirm(ctx context.Context, title string) (yes, asked bool, err error) {
	ask, err := a.CanAsk()
	if err != nil || a.Yes || !ask {
		return a.Yes, a.Yes, err
	}
	p, err := a.Prompt()
	if err != nil {
		return false, false, err
	}
	yes, err = p.Confirm(prompt.Alone(ctx), title, false)
	return yes, true, err
}

// Prompt returns the prompter. Callers check CanAsk first.
func (a *App) Prompt() (prompt.Prompter, error) {
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	if a.Prompter == nil {
		a.Mute()
		a.Prompter = prompt.New(prompt.Options{
			In:         a.IO.In,
			Out:        a.IO.Err,
			Accessible: a.plainLines(),
			Width:      a.IO.Width(),
			Color:      a.color(c, a.IO.ErrTTY),
		})
	}
	return a.Prompter, nil
}

// Select asks for one of several options.
func (a *App) Select(ctx context.Context, choice prompt.Choice) (string, error) {
	p, err := a.Prompt()
	if err != nil {
		return "", err
	}
	return p.Select(ctx, choice)
}

// Mute makes the terminal not echo what is typed before the next question. A command that
// will ask calls it before it waits for anything. Lines of text need the echo.
func (a *App) Mute() {
	if !a.plainLines() {
		a.IO.Mute()
	}
}

// plainLines reports whether to prompt with lines of text instead of forms.
func (a *App) plainLines() bool {
	accessible, _ := a.LookupEnv("ACCESSIBLE")
	term, _ := a.LookupEnv("TERM")
	return accessible != "" || term == "dumb"
}

func (a *App) color(c *config.Config, tty bool) bool {
	return iostreams.Color(iostreams.ColorMode(c.Color()), tty, a.LookupEnv)
}

// ColorErr reports whether what is written to stderr is in colour. Settings that cannot
// be read leave it to the terminal.
func (a *App) ColorErr() bool {
	mode := "auto"
	if c, err := a.Config(); err == nil {
		mode = c.Color()
	}
	return iostreams.Color(iostreams.ColorMode(mode), a.IO.ErrTTY, a.LookupEnv)
}

// Note writes a line for the user to stderr, unless --quiet. Text from the API is
// made safe for the terminal.
func (a *App) Note(format string, args ...any) {
	a.note(fmt.Sprintf(format, args...), func(text string) string { return text })
}

// Warn notes an error with its hint, and each of several that are joined on a line of its
// own.
func (a *App) Warn(err error) {
	if err == nil {
		return
	}
	for _, one := range failure.Each(err) {
		a.Note("%s", failure.Sentence(one))
	}
}

// Done is Note for a write that succeeded: the word that says so is green.
func (a *App) Done(format string, args ...any) {
	a.note(fmt.Sprintf(format, args...), func(text string) string {
		if word, rest, more := strings.Cut(text, " "); more {
			text = iostreams.Green(word, a.ColorErr()) + " " + rest
		}
		return text
	})
}

// note makes a text safe, and prints it after paint has coloured it.
func (a *App) note(text string, paint func(string) string) {
	text = output.Clean(text)
	if c, err := a.Config(); err == nil && c.Quiet() {
		return
	}
	if err := a.endPager(); err != nil {
		fmt.Fprintln(a.IO.Err, output.Clean(err.Error()))
	}
	fmt.Fprintln(a.IO.Err, iostreams.Loud(paint(a.Wrapped(text)), a.ColorErr()))
}

// Wrapped breaks the lines of a text for stderr, if that is a terminal.
func (a *App) Wrapped(text string) string {
	if !a.IO.ErrTTY {
		return text
	}
	return output.Wrap(text, a.IO.Width())
}

// Close closes what the run opened.
func (a *App) Close() error {
	errs := []error{a.endPager()}
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i].Close())
	}
	a.closers, a.service, a.names = nil, nil, nil
	return errors.Join(errs...)
}

// stopGrace is how long to wait for a pending write after Ctrl-C.
const stopGrace = 10 * time.Second

// Finish returns a context for a write that, once begun, should get its response:
// it ends ten seconds after ctx.
func Finish(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(stopGrace, func() { cancel(context.Cause(ctx)) })
		context.AfterFunc(out, func() { timer.Stop() })
	})
	return out, func() {
		stop()
		cancel(context.Canceled)
	}
}

// PrinterFor is Printer for one view. It checks that the view can be shown as
// requested before the command does anything.
func PrinterFor[T any](a *App, view output.View[T]) (*output.Printer, error) {
	p, err := a.Printer()
	if err != nil {
		return nil, err
	}
	return p, output.Check(p, view)
}
