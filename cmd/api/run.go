package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// run makes the call and prints the response, even if it is an error.
func run(ctx context.Context, opts *options) error {
	printer, err := printer(opts.app)
	if err != nil {
		return err
	}
	path, body, err := opts.request(ctx)
	if err != nil {
		return err
	}
	client, err := opts.app.API(ctx)
	if err != nil {
		return err
	}
	if opts.paginate {
		return list(ctx, client, printer, path)
	}
	if !opts.reads() {
		if err := opts.app.Consent(ctx, "Send "+opts.method+" "+path); err != nil {
			return err
		}
		writing, done := app.Finish(ctx)
		defer done()
		ctx = writing
	}
	response, err := client.Raw(ctx, opts.method, path, body)
	if failure.KindOf(err) == failure.OutcomeUnknown {
		err = failure.WithHint(err, "check the result with `stockctl api GET` before you send it again")
	}
	if response.Status == 0 {
		return err // no response
	}
	if !opts.reads() {
		opts.app.NoteLive("sent %s %s", opts.method, path)
	}
	if opts.include {
		if err := writeHead(opts.app, response); err != nil {
			return err
		}
	}
	if err != nil {
		// Print the response first; the exit code still comes from the failure.
		if unwritten := output.PlainBody(printer, response.Body); unwritten != nil {
			opts.app.Note("%s", unwritten)
		}
		return err
	}
	return output.Body(printer, response.Body)
}

// printer returns the printer for the response. A tabular format set in the profile
// is ignored, but one requested for this call is an error.
func printer(a *app.App) (*output.Printer, error) {
	p, err := a.Printer()
	if err != nil {
		return nil, err
	}
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	format := c.Output()
	if format.Origin.Explicit() && !p.Structured() && format.Value != "" && format.Value != string(output.Table) {
		return nil, failure.Usagef("the output format %s does not work with api: responses have no columns", format.Value).
			Hint("use json, jsonl or yaml, or select fields with --jq")
	}
	return p, nil
}

// request returns the path with its query, and the body.
func (o *options) request(ctx context.Context) (path string, body []byte, err error) {
	stdin := o.app.Stdin(ctx)
	switch {
	case o.input != "":
		body, err = readInput(ctx, stdin, o.input)
		if err == nil && !json.Valid(body) {
			err = failure.Usagef("%s is not JSON: nothing was sent", called(o.input))
		}
		return o.path, body, err
	case len(o.fields) == 0:
		return o.path, nil, nil
	case !o.inQuery():
		body, err = object(ctx, o.fields, stdin)
		return o.path, body, err
	}
	more, err := query(ctx, o.fields, stdin)
	separator := "?"
	if strings.Contains(o.path, "?") {
		separator = "&"
	}
	return o.path + separator + more, nil, err
}

// list prints all the entries of a list as one array.
func list(ctx context.Context, client *api.Client, p *output.Printer, path string) error {
	entries, err := client.RawList(path)
	if err != nil {
		return err
	}
	all := []api.RawItem{}
	for entry, err := range entries.All(ctx) {
		if err != nil {
			return err
		}
		all = append(all, entry)
	}
	return output.Value(p, all)
}

// writeHead writes the status, the headers and a blank line.
func writeHead(a *app.App, response api.RawResponse) error {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP %d %s\n", response.Status, http.StatusText(response.Status))
	for _, name := range slices.Sorted(maps.Keys(response.Header)) {
		for _, value := range response.Header[name] {
			fmt.Fprintf(&b, "%s: %s\n", output.Clean(name), output.Clean(value))
		}
	}
	b.WriteByte('\n')
	_, err := a.IO.Out.Write([]byte(b.String()))
	return err
}
