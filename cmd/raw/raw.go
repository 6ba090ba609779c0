// Package raw holds `api`, the call that the other commands have no verb for:
// any method on any path of the profile's API, with the profile's credentials.
package raw

import (
	"context"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/noun"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
)

// options is what `api` knows when it starts.
type options struct {
	app      *app.App
	method   string // upper case
	path     string // below the base URL, with or without a query
	fields   []field
	input    string // a file, "-" for standard input; blank: no body of its own
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
		Long: `Call the API with the profile's credentials and print its answer. PATH is below the
base URL; nothing is sent to another host, and no redirect is followed.

-F and --raw-field become the query of a GET, HEAD or DELETE and the JSON body of
other methods. -F sends true, false, null and whole numbers as JSON values, and
@FILE as the text of a file; --raw-field sends every value as a text. --input
sends a JSON file as it is.

The answer is printed as it came; on a terminal it is indented. -o json, jsonl and
yaml, and --jq, work on it. An answer that tells of a failure is printed, too, and
the exit code says which it was. --paginate reads a list page by page to its end
and prints its entries as one array: a part is never printed as the whole.

A write is sent once. When its answer is lost, look before you send it again: this
command does not find out what became of it, as create, adjust and import do.` + noun.ExitCodes(
			"0  the API did it",
			"2  a wrong word or file: nothing was sent",
			"6  not found",
			"7  refused by the API",
			"8  the API cannot be reached: nothing was changed",
			"9  outcome unknown: look before you send it again",
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
	flags.VarP(&fieldFlag{&opts.fields, true}, "field", "F", "a `key=value` of the query or the body; may be repeated")
	flags.Var(&fieldFlag{&opts.fields, false}, "raw-field", "the same, always as a text (`key=value`)")
	flags.StringVar(&opts.input, "input", "", "send the JSON of this `file`; - is standard input")
	flags.BoolVar(&opts.paginate, "paginate", false, "read every page of a list, and print one array")
	flags.BoolVarP(&opts.include, "include", "i", false, "print the status and the headers of the answer first")
	noun.CompleteFiles(cmd, "input", "json")
	return cmd
}

// check finds what does not go together, before anything is read.
func (o *options) check(cmd *cobra.Command) error {
	if err := noun.Exclusive(cmd, "input", "field"); err != nil {
		return err
	}
	if err := noun.Exclusive(cmd, "input", "raw-field"); err != nil {
		return err
	}
	if err := noun.Exclusive(cmd, "paginate", "include"); err != nil {
		return err
	}
	if o.paginate && o.method != http.MethodGet {
		return failure.Usagef("--paginate goes with GET, not with %s", o.method)
	}
	if cmd.Flags().Changed("columns") {
		return failure.Usagef("--columns does not go with api, whose answers have none").Hint("choose fields with --jq")
	}
	return nil
}

// inQuery tells whether the fields go into the query.
func (o *options) inQuery() bool {
	return o.method == http.MethodGet || o.method == http.MethodHead || o.method == http.MethodDelete
}

// reads tells whether the call changes nothing.
func (o *options) reads() bool { return o.method == http.MethodGet || o.method == http.MethodHead }

func completeMethod(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []cobra.Completion{"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"}, cobra.ShellCompDirectiveNoFileComp
}
