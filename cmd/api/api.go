// Package api implements `stockctl api`, for calls that no other command makes: any
// method on any path of the profile's API, with the profile's credentials.
package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
)

// options contains the app and the parsed flags of `api`.
type options struct {
	app      *app.App
	method   string // upper case
	path     string // relative to the base URL, with or without a query
	fields   []field
	input    string // a file, or "-" for standard input; blank: no --input
	paginate bool
	include  bool
}

// New returns the `api` command.
func New(a *app.App) *cobra.Command { return newCmd(a, run) }

func newCmd(a *app.App, run func(context.Context, *options) error) *cobra.Command {
	opts := &options{app: a}
	cmd := &cobra.Command{
		Use:   "api METHOD PATH",
		Short: "Call the API directly",
		Long: `Call the API with the profile's credentials and print the response. PATH is
relative to the base URL. Nothing is sent to another host, and redirects are not
followed.

-F and --raw-field become the query of a GET, HEAD or DELETE, and the JSON body
of other methods. -F sends true, false, null and whole numbers as JSON values,
and @FILE as the text of a file; --raw-field sends every value as a string.
--input sends a JSON file unchanged.

The response is printed unchanged, but indented on a terminal. You can use
-o json, jsonl and yaml, and --jq. Error responses are printed, too, and set the
exit code. --paginate reads all pages of a list and prints the entries as one
array, or nothing if a page cannot be read.

A write is sent once. If the response is lost, check the result before you send it
again: unlike create, adjust and import, this command does not determine the
outcome.` + cli.ExitCodes(
			"0  the API accepted the call",
			"2  usage error or unreadable file: nothing was sent",
			"6  not found",
			"7  refused by the API",
			"8  the API cannot be reached: nothing was changed",
			"9  outcome unknown: check before you send it again",
		),
		Example: `  stockctl api GET /v1/inventory -F limit=5
  stockctl api GET /v1/inventory/logs --paginate --jq 'map(.action) | unique'
  stockctl api PATCH /v1/inventory/inv_xyz789/adjust -F qty=-3 -F action=DAMAGED
  stockctl api POST /v1/inventory --input record.json`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: completeMethod,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.method, opts.path = strings.ToUpper(args[0]), args[1]
			if err := opts.check(cmd); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.VarP(&fieldFlag{&opts.fields, true}, "field", "F", "add a `key=value` parameter to the query or the body; may be repeated")
	flags.Var(&fieldFlag{&opts.fields, false}, "raw-field", "add a `key=value` parameter, always as a string; may be repeated")
	flags.StringVar(&opts.input, "input", "", "send the JSON from this `file`; - reads standard input")
	flags.BoolVar(&opts.paginate, "paginate", false, "read all pages of a list and print one array")
	flags.BoolVarP(&opts.include, "include", "i", false, "print the status and headers before the body")
	cli.CompleteFiles(cmd, "input", "json")
	return cmd
}

// check rejects flags that cannot be used together before anything is read.
func (o *options) check(cmd *cobra.Command) error {
	if err := cli.Exclusive(cmd, "input", "field"); err != nil {
		return err
	}
	if err := cli.Exclusive(cmd, "input", "raw-field"); err != nil {
		return err
	}
	if err := cli.Exclusive(cmd, "paginate", "include"); err != nil {
		return err
	}
	if o.paginate && o.method != http.MethodGet {
		return failure.Usagef("--paginate works only with GET, not with %s", o.method)
	}
	if cmd.Flags().Changed("columns") {
		return failure.Usagef("--columns does not work with api: responses have no columns").Hint("select fields with --jq")
	}
	return nil
}

// inQuery reports whether the fields go into the query.
func (o *options) inQuery() bool {
	return o.method == http.MethodGet || o.method == http.MethodHead || o.method == http.MethodDelete
}

// reads reports whether the call is read-only.
func (o *options) reads() bool { return o.method == http.MethodGet || o.method == http.MethodHead }

func completeMethod(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []cobra.Completion{"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"}, cobra.ShellCompDirectiveNoFileComp
}
