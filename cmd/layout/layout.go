// Package layout implements `stockctl layout`. A layout describes, under a name, how
// to read the files of another system.
package layout

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/output"
)

// New returns the `layout` command with its verbs.
func New(a *app.App) *cobra.Command {
	return cli.Group(&cobra.Command{
		Use:   "layout",
		Short: "Manage layouts for files from other systems",
		Long: `A layout describes how to read the files of another system: which column is
which field, what values mean, and how to treat blank quantities. Some layouts
come with stockctl; your own are stored next to the configuration file.`,
		Example: "  stockctl layout list\n  stockctl inventory import export.csv --mode set --layout shopify",
	},
		newListCmd(a, runList), newShowCmd(a, runShow), newSaveCmd(a, runSave), newDeleteCmd(a, runDelete),
	)
}

// options contains the app and the parsed arguments of the verbs.
type options struct {
	app     *app.App
	name    string
	about   string
	replace bool
	reading importer.Options // save: the mapping flags
}

// listed is a layout in the list.
type listed struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // shipped or own
	About string `json:"about"`
}

func view() output.View[listed] {
	type column = output.Column[listed]
	return output.View[listed]{
		ID: func(l listed) string { return l.Name },
		Columns: []column{
			{Name: "name", Title: "NAME", Keep: true, Value: func(l listed) any { return l.Name }},
			{Name: "kind", Title: "KIND", Value: func(l listed) any { return l.Kind }},
			{Name: "about", Title: "ABOUT", Value: func(l listed) any { return l.About }},
		},
	}
}

func kind(l columns.Layout) string {
	if l.Own {
		return "own"
	}
	return "shipped"
}

func newListCmd(a *app.App, run func(context.Context, *options) error) *cobra.Command {
	opts := &options{app: a}
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the layouts",
		Long:    "List the layouts that come with stockctl and your own." + cli.ExitCodes("0  listed", "2  one of your layouts cannot be read"),
		Example: "  stockctl layout list",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), opts) },
	}
}

func runList(_ context.Context, opts *options) error {
	printer, err := app.PrinterFor(opts.app, view())
	if err != nil {
		return err
	}
	kept, err := mapping.SavedLayouts(opts.app)
	if err != nil {
		return err
	}
	layouts, err := kept.List()
	if err != nil {
		return err
	}
	list := make([]listed, len(layouts))
	for i, l := range layouts {
		list[i] = listed{l.Name, kind(l), l.About}
	}
	return output.List(printer, view(), output.Items(list))
}

func newShowCmd(a *app.App, run func(context.Context, *options) error) *cobra.Command {
	opts := &options{app: a}
	return &cobra.Command{
		Use:               "show NAME",
		Short:             "Print a layout as YAML",
		Long:              "Print a layout as YAML, to see what it does or as a starting point for your own." + cli.ExitCodes("0  printed", "6  no such layout"),
		Example:           "  stockctl layout show shopify > supplier.yaml",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: names(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.name = args[0]
			return run(cmd.Context(), opts)
		},
	}
}

func runShow(_ context.Context, opts *options) error {
	kept, err := mapping.SavedLayouts(opts.app)
	if err != nil {
		return err
	}
	text, _, err := kept.Text(opts.name)
	if err != nil {
		return err
	}
	_, err = opts.app.IO.Out.Write(text)
	return err
}

const saveLong = `Save mapping flags under a name. A layout works with every mode: its field quantity
becomes initialQty, onHandQty or countedQty, depending on the command. Columns that
the layout does not mention are ignored.`

func newSaveCmd(a *app.App, run func(context.Context, *options) error) *cobra.Command {
	opts := &options{app: a}
	var flags mapping.Flags
	cmd := &cobra.Command{
		Use:   "save NAME",
		Short: "Save mapping flags as a layout",
		Long:  saveLong + cli.ExitCodes("0  saved", "2  a flag is wrong, or the name is taken"),
		Example: `  stockctl layout save supplier --map Artikel=sku --map Bestand=quantity --blank skip
  stockctl layout save our-shop --layout shopify --value 'warehouseId:Harbour=HRB'`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.name = args[0]
			if err := flags.Read(&opts.reading); err != nil {
				return err
			}
			if len(opts.reading.Map) == 0 {
				return failure.Usagef("a layout needs --map for its columns")
			}
			return run(cmd.Context(), opts)
		},
	}
	flags.Add(a, cmd, &opts.reading)
	cmd.Flags().Lookup("layout").Usage = "the layout to start from: a `name` in \"stockctl layout list\", or a FILE.yaml"
	cmd.Flags().StringVar(&opts.about, "about", "", "a `sentence` that describes the files")
	cmd.Flags().BoolVar(&opts.replace, "replace", false, "replace your layout of this name")
	for _, name := range []string{"fields", "ignore-unknown", "skip-invalid"} { // not part of a layout
		_ = cmd.Flags().MarkHidden(name)
	}
	return cmd
}

func runSave(_ context.Context, opts *options) error {
	kept, err := mapping.SavedLayouts(opts.app)
	if err != nil {
		return err
	}
	r := opts.reading
	if len(r.Table.Fields) > 0 || r.IgnoreUnknown || r.SkipInvalid {
		return failure.Usagef("--fields, --ignore-unknown and --skip-invalid cannot be saved in a layout")
	}
	path, err := kept.Save(columns.NewLayout(opts.name, opts.about, r.Reading), opts.replace)
	if err != nil {
		return err
	}
	if _, err := kept.Get(opts.name); err != nil { // the saved file must be readable
		return failure.WithHint(err, "correct %s", strings.TrimSpace(path))
	}
	opts.app.Note("saved as %s", path)
	return nil
}

func newDeleteCmd(a *app.App, run func(context.Context, *options) error) *cobra.Command {
	opts := &options{app: a}
	return &cobra.Command{
		Use:               "delete NAME",
		Aliases:           []string{"rm"},
		Short:             "Delete one of your layouts",
		Long:              "Delete one of your layouts. You cannot delete the layouts that come with stockctl." + cli.ExitCodes("0  deleted", "2  the layout comes with stockctl", "6  no such layout"),
		Example:           "  stockctl layout delete supplier",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: names(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.name = args[0]
			return run(cmd.Context(), opts)
		},
	}
}

func runDelete(_ context.Context, opts *options) error {
	kept, err := mapping.SavedLayouts(opts.app)
	if err != nil {
		return err
	}
	if err := kept.Delete(opts.name); err != nil {
		return err
	}
	opts.app.Note("deleted the layout %s", opts.name)
	return nil
}

func names(a *app.App) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return mapping.Names(a), cobra.ShellCompDirectiveNoFileComp
	}
}
