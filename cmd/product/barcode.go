package product

import (
	"context"
	"io"
	"math"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/stock"
)

// barcodeOptions is what the barcode commands know when they start.
type barcodeOptions struct {
	app  *app.App
	code string
	item string
	file string // blank for none, - is standard input
}

func newBarcodeCmd(a *app.App) *cobra.Command {
	return cli.Group(&cobra.Command{
		Use:   "barcode",
		Short: "Manage barcodes",
		Long: `Add barcodes for your items. The API does not store barcodes, so they are kept
in files next to the configuration: one per store, and barcodes.csv, which
applies to every store that has the items. You can use an added barcode wherever
a command takes an item, and when you count stock with a scanner.`,
		Example: "  stockctl product barcode add 5000000000017 TOTE-CANVAS\n  stockctl product barcode list",
	},
		newBarcodeAddCmd(a, runBarcodeAdd),
		newBarcodeListCmd(a, runBarcodeList),
		newBarcodeRemoveCmd(a, runBarcodeRemove),
		newBarcodeImportCmd(a, runBarcodeImport),
	)
}

func newBarcodeAddCmd(a *app.App, run func(context.Context, *barcodeOptions) error) *cobra.Command {
	opts := &barcodeOptions{app: a}
	return &cobra.Command{
		Use:   "add BARCODE ITEM",
		Short: "Add a barcode for an item",
		Long: "Add a barcode for an item. If the barcode belongs to another item, it is moved." + cli.ExitCodes(
			"0  added",
			"2  the item's name is not unique",
			"6  no such item",
		),
		Example: "  stockctl product barcode add 5000000000017 TOTE-CANVAS\n  stockctl product barcode add 5000000000024 PHONE-RED-256",
		Args:    cobra.ExactArgs(2),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) != 1 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return suggest.Items(a)(cmd, nil, typed)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.code, opts.item = args[0], args[1]
			return run(cmd.Context(), opts)
		},
	}
}

func newBarcodeListCmd(a *app.App, run func(context.Context, *barcodeOptions) error) *cobra.Command {
	opts := &barcodeOptions{app: a}
	return &cobra.Command{
		Use: "list", Aliases: []string{"ls"},
		Short:   "List barcodes",
		Long:    "List the barcodes of this store." + cli.ExitCodes("0  listed, even if there are none"),
		Example: "  stockctl product barcode list\n  stockctl product barcode list -o csv > barcodes.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
}

func newBarcodeRemoveCmd(a *app.App, run func(context.Context, *barcodeOptions) error) *cobra.Command {
	opts := &barcodeOptions{app: a}
	return &cobra.Command{
		Use: "remove BARCODE", Aliases: []string{"rm"},
		Short: "Remove a barcode",
		Long: "Remove a barcode. Its item is not changed." + cli.ExitCodes(
			"0  removed",
			"6  no such barcode",
		),
		Example:           "  stockctl product barcode remove 5000000000017",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.code = args[0]
			return run(cmd.Context(), opts)
		},
	}
}

func newBarcodeImportCmd(a *app.App, run func(context.Context, *barcodeOptions) error) *cobra.Command {
	opts := &barcodeOptions{app: a}
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Add barcodes from a file",
		Long: `Add barcodes from a CSV file with two columns, barcode and item; an item is your
own code, an id, a name, or PRODUCT/SKU. If the file has a mistake, no barcode is
added. If FILE is -, standard input is read.` + cli.ExitCodes(
			"0  added",
			"2  the file has mistakes: no barcode was added",
		),
		Example: "  stockctl product barcode import barcodes.csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.file = args[0]
			return run(cmd.Context(), opts)
		},
	}
}

func runBarcodeAdd(ctx context.Context, opts *barcodeOptions) error {
	t, err := opts.barcodeEditor(ctx)
	if err != nil {
		return err
	}
	entry, item, err := t.entry(ctx, opts.code, opts.item)
	if err != nil {
		return err
	}
	if err := t.barcodes.Save(t.store, entry); err != nil {
		return err
	}
	opts.app.Note("added %s for %s", opts.code, item.Label())
	return nil
}

func runBarcodeRemove(ctx context.Context, opts *barcodeOptions) error {
	t, err := opts.barcodeEditor(ctx)
	if err != nil {
		return err
	}
	gone, err := t.barcodes.Forget(t.store, opts.code)
	if err != nil {
		return err
	}
	if !gone {
		return failure.New(failure.NotFound, "no such barcode: %q", opts.code).Hint("see `stockctl product barcode list`")
	}
	item, still, err := t.barcodes.Find(t.store, opts.code)
	if err == nil && still {
		opts.app.Note("removed %s; it is now a barcode of %s, as in every other store", opts.code, item)
		return nil
	}
	opts.app.Note("removed %s", opts.code)
	return err
}

func runBarcodeImport(ctx context.Context, opts *barcodeOptions) error {
	text, err := opts.read(ctx)
	if err != nil {
		return err
	}
	list, err := catalog.ParseBarcodes(opts.file, text)
	if err != nil {
		return err
	}
	t, err := opts.barcodeEditor(ctx)
	if err != nil {
		return err
	}
	problems := &failure.Problems{Source: opts.file}
	entries := make([]catalog.Barcode, 0, len(list))
	for _, one := range list {
		entry, _, err := t.entry(ctx, one.Code, one.Item)
		switch failure.KindOf(err) {
		case failure.NotFound, failure.Usage:
			problems.Add(failure.Problem{Where: opts.file, Field: one.Code, Value: one.Item, What: err.Error()})
			continue
		}
		if err != nil {
			return err
		}
		entries = append(entries, entry)
	}
	if err := problems.Err(); err != nil {
		return err
	}
	if err := t.barcodes.Save(t.store, entries...); err != nil {
		return err
	}
	opts.app.Note("added %s", failure.Count(len(entries), "barcode", "barcodes"))
	return nil
}

func (o *barcodeOptions) read(ctx context.Context) ([]byte, error) {
	if o.file == "-" {
		return io.ReadAll(o.app.Stdin(ctx))
	}
	text, err := await.ReadFile(ctx, o.file, math.MaxInt64)
	if err != nil {
		return nil, failure.Usagef("reading the barcodes: %w", err)
	}
	return text, nil
}

// barcodeEditor adds barcodes to a store.
type barcodeEditor struct {
	names    *lookup.Names
	barcodes *catalog.Barcodes
	store    string
}

func (o *barcodeOptions) barcodeEditor(ctx context.Context) (*barcodeEditor, error) {
	names, err := o.app.Names(ctx)
	if err != nil {
		return nil, err
	}
	barcodes, err := o.app.Barcodes()
	if err != nil {
		return nil, err
	}
	store, err := names.Store(ctx)
	return &barcodeEditor{names, barcodes, store}, err
}

// entry finds the item for a barcode.
func (t *barcodeEditor) entry(ctx context.Context, code, text string) (catalog.Barcode, catalog.Item, error) {
	a, err := t.names.ParseItem(ctx, text)
	if err == nil && a.Warehouse != "" {
		err = failure.Usagef("%q names a warehouse: a barcode belongs to an item", text)
	}
	if err != nil {
		return catalog.Barcode{}, catalog.Item{}, err
	}
	item, err := t.item(ctx, a)
	if err != nil {
		return catalog.Barcode{}, item, err
	}
	if item.SKUID == "" && item.Type == "VARIABLE" {
		return catalog.Barcode{}, item, failure.Usagef("%q is a product with variants: name one of its SKUs", text)
	}
	return catalog.Barcode{Code: code, Item: item.Address().String()}, item, nil
}

// item finds the item of an address. An unknown text is an error, even where it
// could be an id.
func (t *barcodeEditor) item(ctx context.Context, a stock.TypedAddress) (catalog.Item, error) {
	if a.SKU == "" {
		if item, err := t.names.Item(ctx, a.Product, lookup.Write); err != nil {
			return item, err
		}
	}
	item, err := t.names.ItemAt(ctx, a, lookup.Write)
	if err == nil {
		_, err = t.names.Item(ctx, item.ProductID, lookup.Write)
	}
	return item, err
}

// barcodeRow is a barcode and its item.
type barcodeRow struct {
	Barcode     string  `json:"barcode"`
	Item        string  `json:"item"`
	SKUCode     *string `json:"skuCode"`
	ProductName *string `json:"productName"`
}

func runBarcodeList(ctx context.Context, opts *barcodeOptions) error {
	printer, err := app.PrinterFor(opts.app, barcodeView())
	if err != nil {
		return err
	}
	t, err := opts.barcodeEditor(ctx)
	if err != nil {
		return err
	}
	list, err := t.barcodes.List(t.store)
	if err != nil {
		return err
	}
	rows := make([]barcodeRow, 0, len(list))
	for _, e := range list {
		row := barcodeRow{Barcode: e.Code, Item: e.Item}
		if a, err := stock.ParseAddress(e.Item); err == nil {
			named, err := t.names.NamesOf(ctx, a.Product, a.SKU)
			if err != nil {
				return err
			}
			row.SKUCode, row.ProductName = named.SKUCode, named.ProductName
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		opts.app.Note("no barcodes")
	}
	return output.List(printer, barcodeView(), output.Items(rows))
}

func barcodeView() output.View[barcodeRow] {
	type column = output.Column[barcodeRow]
	return output.View[barcodeRow]{
		ID: func(b barcodeRow) string { return b.Barcode },
		Columns: []column{
			{Name: "barcode", Title: "BARCODE", Keep: true, Value: func(b barcodeRow) any { return b.Barcode }},
			{Name: "item", Title: "ITEM", Keep: true, Value: func(b barcodeRow) any { return b.Item }},
			{Name: "skuCode", Title: "SKU", Keep: true, Value: func(b barcodeRow) any { return b.SKUCode }},
			{Name: "productName", Title: "PRODUCT", Value: func(b barcodeRow) any { return b.ProductName }},
		},
	}
}
