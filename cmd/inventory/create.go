package inventory

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

const createLong = `Create inventory records: link a product, or one SKU of it, to a warehouse with
an initial quantity.

The fields come from flags or from a file (-f). On a terminal, you are prompted
for missing required fields. Flags override the fields of a file with one
record. A YAML or JSON file has one record, a list of records, or several YAML
documents. Its keys are those of the API: productId, skuId, warehouseId,
initialQty, location, reorderLevel, reorderQty and variantAttributes. All
mistakes are reported, each with its place, before anything is sent.

A list is sent like an import: several requests at a time, at the pace that the
API allows. A record that already exists with the same values is accepted,
unless --if-exists says otherwise, so you can run the command again after it was
stopped.

A table (CSV, TSV, JSON lines or a sheet of an .xlsx workbook) is imported as
with "stockctl inventory import": the flags for columns, the summary and the
exit codes are the same. For long files, use "import" itself, which has more
flags.

You can name a product or a SKU by your own code (--sku KET-RED is enough), a
barcode, its id or the product's name, and a warehouse by code, id or name: see
` + "`stockctl help names`" + `. In a file, use the key sku for your own code. If the
response is lost, stockctl reads the record back: it never creates a record twice,
and says "created" only if the record exists.`

const createExample = `  stockctl inventory create --sku TOTE-CANVAS --warehouse ABJ-01 --initial-qty 50 --location B-02-1
  stockctl inventory create --sku PHONE-RED-256 --warehouse ABJ-01 --initial-qty 0 --attribute Color=Red
  stockctl inventory create -f opening-stock.yaml --if-exists same
  stockctl inventory create -f record.json --dry-run
  stockctl inventory create -f opening.xlsx --sheet Stock --map Item=sku
  stockctl inventory create --profile sandbox        # prompts for everything`

// createOptions is what `inventory create` knows when it starts.
type createOptions struct {
	app         *app.App
	file        string        // -f; blank for none, "-" for standard input
	fields      []givenField  // the field flags, in order
	ifExists    settle.Policy // the default depends on how many records there are
	policyGiven bool
	dryRun      bool
	table       createTable // for -f with a table

	confirmed bool // the user has consented to the record
}

// givenField is one field flag as the user typed it.
type givenField struct{ field, flag, text string }

func newCreateCmd(a *app.App, run func(context.Context, *createOptions) error) *cobra.Command {
	opts := &createOptions{app: a}
	var policy string
	var attributes []string
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Create inventory records from flags, a file or prompts",
		Long: createLong + cli.ExitCodes(
			"0  created, or already there and accepted by --if-exists",
			"2  a flag or the file is wrong: nothing was sent",
			"6  no such warehouse or SKU",
			"7  refused by the API: the record already exists, or a value is invalid",
			"9  outcome unknown: check before you send it again",
			"10  some records of the file were not created",
		),
		Example: createExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			opts.policyGiven = policy != ""
			if opts.ifExists, err = settle.ParsePolicy(cmp.Or(policy, string(settle.Fail))); err != nil {
				return err
			}
			for _, f := range stock.CreateFields() {
				if flag := cmd.Flags().Lookup(f.Flag); f.Type != stock.Attributes && flag.Changed {
					opts.fields = append(opts.fields, givenField{f.Name, "--" + f.Flag, flag.Value.String()})
				}
			}
			for _, pair := range attributes {
				opts.fields = append(opts.fields, givenField{stock.VariantAttributes, "--" + stock.FieldOf(stock.VariantAttributes).Flag, pair})
			}
			if err := opts.table.read(opts, cmd); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	for _, f := range stock.CreateFields() {
		if f.Type == stock.Attributes {
			flags.StringArrayVar(&attributes, f.Flag, nil, f.Usage)
		} else {
			flags.String(f.Flag, "", f.Usage)
		}
	}
	flags.StringVarP(&opts.file, "file", "f", "", "read the records from a `file`: YAML, JSON or a table; - is standard input")
	flags.StringVar(&policy, "if-exists", "", "the `policy` for records that exist: "+failure.OneOf(settle.Policies())+" (default fail, or same for several records)")
	opts.table.add(opts, cmd)
	suggest.Flag(cmd, "product", suggest.Products(a))
	suggest.Flag(cmd, "sku", suggest.SKUs(a, "product"))
	suggest.Flag(cmd, "warehouse", suggest.Warehouses(a))
	cli.CompleteFiles(cmd, "file", "yaml", "yml", "json", "csv", "tsv", "xlsx")
	cli.CompleteValues(cmd, "if-exists", settle.Policies())
	flags.BoolVar(&opts.dryRun, "dry-run", false, "show what would be sent, and send nothing")
	return cmd
}

// runCreate creates the record that the flags, file and answers describe, or every record
// of a file with a list.
func runCreate(ctx context.Context, opts *createOptions) error {
	printer, err := opts.app.Printer()
	if err != nil {
		return err
	}
	if opts.file == "" {
		return createOne(ctx, opts, printer, &draft.Create{})
	}
	in, isTable, err := opts.table.findTable(ctx, opts)
	if err != nil {
		return err
	}
	if isTable {
		return opts.table.run(ctx, opts, in)
	}
	drafts, single, err := readDrafts(ctx, in, opts.file)
	if err != nil {
		return err
	}
	if single {
		return createOne(ctx, opts, printer, drafts[0])
	}
	if len(opts.fields) > 0 {
		return failure.Usagef("%s cannot override a file of several records", opts.fields[0].flag).
			Hint("put the field into each record of %s", opts.file)
	}
	return createMany(ctx, opts, printer, drafts)
}

func createOne(ctx context.Context, opts *createOptions, printer *output.Printer, d *draft.Create) error {
	if err := output.Check(printer, show.Records()); err != nil {
		return err
	}
	if err := opts.override(d); err != nil {
		return err
	}
	if err := complete(ctx, opts, d); err != nil {
		return err
	}
	where, err := resolve(ctx, opts.app, d)
	if err != nil {
		return err
	}
	if opts.dryRun {
		if err := opts.dryRunOne(ctx, d, where); err != nil {
			return err
		}
		remarkGuesses(opts.app, where)
		return showRequests(opts, printer, d.Request)
	}
	if !opts.confirmed {
		err := opts.app.Consent(ctx, fmt.Sprintf("Create %s at %s", d.Request.ProductID, lookup.Label(where.warehouse)))
		if err != nil {
			return err
		}
	}
	settler, err := opts.app.Settler(ctx)
	if err != nil {
		return err
	}
	writing, done := app.Finish(ctx)
	defer done()
	made := settler.Create(writing, d.Request, opts.ifExists)
	if made.Err != nil {
		return where.explain(made.Err)
	}
	where.name(writing, made.Record)
	opts.announce(made, where)
	remarkGuesses(opts.app, where)
	return output.One(printer, show.Records(), *made.Record)
}

// override replaces the file's fields with those of the flags. --attribute replaces
// all of the file's variantAttributes.
func (o *createOptions) override(d *draft.Create) error {
	fresh := true
	for _, g := range o.fields {
		if g.field != stock.VariantAttributes {
			d.Set(g.field, g.text, g.flag)
			continue
		}
		if fresh {
			d.SetAttributes(nil, g.flag)
			fresh = false
		}
		d.AddAttribute(g.text, g.flag)
	}
	c, err := o.app.Config()
	if err != nil {
		return err
	}
	if w := c.Warehouse(); w.Value != "" && d.Request.WarehouseID == "" && !d.Given(stock.WarehouseID) {
		d.Set(stock.WarehouseID, w.Value, string(w.Origin))
		o.app.Note("warehouse %s (%s)", w.Value, w.Origin)
	}
	return nil
}

// complete prompts for missing required fields on a terminal, and reports every
// remaining mistake.
func complete(ctx context.Context, opts *createOptions, d *draft.Create) error {
	missing := d.Missing()
	problems := flagProblems(d)
	if len(problems) == len(missing) && len(missing) > 0 {
		ask, err := opts.app.CanAsk()
		if err != nil {
			return err
		}
		if ask && opts.file != "-" {
			return fillIn(ctx, opts, d)
		}
		if opts.file == "" {
			return missingFlags(missing)
		}
	}
	source := opts.file
	if source == "" {
		source = "the flags"
	}
	return (&failure.Problems{Source: source, List: problems}).Err()
}

// flagProblems names a flag once, instead of the flag and its field.
func flagProblems(d *draft.Create) []failure.Problem {
	problems := d.Problems()
	for i, p := range problems {
		if len(p.Where) > 2 && p.Where[:2] == "--" {
			problems[i].Field = ""
		}
	}
	return problems
}

func missingFlags(fields []string) error {
	var flags []string
	for _, field := range fields {
		flags = append(flags, "--"+stock.FieldOf(field).Flag)
	}
	return failure.Usagef("missing %s", failure.AllOf(flags)).
		Hint("pass the flags, or a file with -f; on a terminal, unless --no-input or CI is set, you are prompted")
}

// showRequests prints what would be sent: a request, or a list of them.
func showRequests(opts *createOptions, printer *output.Printer, body any) error {
	opts.app.Note("dry run: nothing was sent; the body of POST /v1/inventory would be")
	return output.Value(printer, body)
}
