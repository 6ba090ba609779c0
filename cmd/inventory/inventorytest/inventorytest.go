// Package inventorytest has the helpers that the tests of the inventory commands share:
// parsing a command line without running it, an app on the sandbox, and a person at the
// terminal.
package inventorytest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/prompt"
)

// Parse parses a command line with a command whose run function is replaced. It returns
// the options that the run function would have received.
func Parse[T any](t *testing.T, build func(*app.App, func(context.Context, *T) error) *cobra.Command, args ...string) (*T, error) {
	t.Helper()
	var got *T
	cmd := build(nil, func(_ context.Context, opts *T) error {
		got = opts
		return nil
	})
	cmd.SetArgs(args)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(t.Context())
	return got, err
}

// Person answers the questions of a form in order, and records what was asked.
type Person struct {
	t       *testing.T
	Answers []string // "TITLE: ANSWER"
	Asked   []string
	Offered map[string][]string // labels and suggestions by title
}

// next answers a question. If the question rejects an answer, it tries the next one, as a
// person would.
func (p *Person) next(title string, valid func(string) error) (string, error) {
	p.Asked = append(p.Asked, title)
	for len(p.Answers) > 0 {
		want, answer, _ := strings.Cut(p.Answers[0], ": ")
		p.Answers = p.Answers[1:]
		if want != title {
			p.t.Errorf("asked for %q, expected %q", title, want)
		}
		switch answer {
		case "^C":
			return "", failure.ErrCancelled
		case "<":
			return "", prompt.ErrBack
		}
		if valid == nil || valid(answer) == nil {
			return answer, nil
		}
		p.Asked = append(p.Asked, "✗ "+valid(answer).Error())
	}
	p.t.Fatalf("asked for %q, and there is no answer for it", title)
	return "", nil
}

// Input implements prompt.Prompter.
func (p *Person) Input(_ context.Context, q prompt.Question) (string, error) {
	p.Offered[q.Title] = q.Suggestions
	return p.next(q.Title, q.Validate)
}

// Secret implements prompt.Prompter.
func (p *Person) Secret(_ context.Context, q prompt.Question) (string, error) {
	return p.next(q.Title, q.Validate)
}

// Select implements prompt.Prompter.
func (p *Person) Select(_ context.Context, q prompt.Choice) (string, error) {
	for _, o := range q.Options {
		p.Offered[q.Title] = append(p.Offered[q.Title], o.Label)
	}
	return p.next(q.Title, nil)
}

// Confirm implements prompt.Prompter.
func (p *Person) Confirm(_ context.Context, title string, def bool) (bool, error) {
	if def {
		p.t.Errorf("%q takes a bare Enter for a yes", title)
	}
	answer, err := p.next(title, nil)
	return answer == "yes", err
}

// App returns an app on the sandbox profile with a Person at its terminal.
func App(t *testing.T, p *Person) (a *app.App, stdout, stderr *bytes.Buffer) {
	t.Helper()
	streams, _, stdout, stderr := iostreams.Test()
	streams.InTTY, streams.ErrTTY = true, true
	a = app.New(streams, app.Build{})
	dir := t.TempDir()
	env := map[string]string{"HOME": dir, "STOCKCTL_PROFILE": "sandbox", "NO_COLOR": "1"}
	a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	a.Flags = pflag.NewFlagSet("", pflag.ContinueOnError)
	if p != nil {
		p.t, p.Offered = t, map[string][]string{}
		a.Prompter = p
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a, stdout, stderr
}

// Found returns the record that a test expects, as text.
func Found(t *testing.T, a *app.App, want string) string {
	t.Helper()
	product, _, _ := strings.Cut(want, "/")
	client, err := a.API(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := client.RecordsOf(t.Context(), product, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		location := ""
		if r.Location != nil {
			location = *r.Location
		}
		line := fmt.Sprintf("%s/%s@%s %d %s %v", r.ProductID, r.SKUID, r.WarehouseID, *r.OnHandQty, location, r.VariantAttributes)
		if r.WarehouseID == "wh_def456" {
			return line
		}
	}
	return "nothing"
}
