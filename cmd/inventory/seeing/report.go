package seeing

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/forecast"
	"github.com/bayworks/stockctl/internal/movements"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/report"
)

// reportOptions is what `inventory report` knows when it starts.
type reportOptions struct {
	app        *app.App
	file       string
	since      string
	cover      string
	window     string
	coverDays  int
	windowDays int
}

// written is the page that was written.
type written struct {
	File      string `json:"file"`
	Bytes     int64  `json:"bytes"`
	Records   int64  `json:"records"`
	Movements int64  `json:"movements"`
}

// NewReport returns `inventory report`.
func NewReport(a *app.App) *cobra.Command { return newReportCmd(a, runReport) }

func newReportCmd(a *app.App, run func(context.Context, *reportOptions) error) *cobra.Command {
	opts := &reportOptions{app: a}
	cmd := &cobra.Command{
		Use:   "report FILE.html",
		Short: "Write an HTML report about the store's stock",
		Long: `Write an HTML page about the stock of the whole store, to open in a browser, print
or send: stock by warehouse, what is low or will run out, movements by day and
action, top and slow movers, and shrinkage (damaged, and adjusted down).

The page is a single file and works offline. Click a heading to sort its table, or
type a word to filter. An existing file is never overwritten.` + cli.ExitCodes(
			"0  written",
			"2  a flag is wrong, or the file already exists",
			"8  the API cannot be reached, or a page of the log cannot be read:\n     nothing is written",
		),
		Example: `  stockctl inventory report stock.html
  stockctl inventory report stock.html --since 28d --cover 3w
  stockctl inventory report "stock-$(date +%F).html" -q`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			opts.file = args[0]
			if opts.coverDays, err = cli.ParseDays("cover", opts.cover); err != nil {
				return err
			}
			if opts.windowDays, err = cli.ParseDays("window", opts.window); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.since, "since", "90d", "start at this `time`: how long ago (90d or 8w), a date (2026-09-01) or RFC 3339")
	flags.StringVar(&opts.cover, "cover", "14d", "list what will not last for this many `days`")
	flags.StringVar(&opts.window, "window", "28d", "base the forecast on the sales of this many past `days`")
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"html"}, cobra.ShellCompDirectiveFilterFileExt
	}
	return cmd
}

func runReport(ctx context.Context, opts *reportOptions) error {
	printer, err := app.PrinterFor(opts.app, writtenView())
	if err != nil {
		return err
	}
	since, err := cli.ParsePast(opts.since, opts.app.Now())
	if err != nil {
		return err
	}
	if err := cli.CheckNewFile("the file "+opts.file, opts.file); err != nil {
		return err
	}
	page, done, err := opts.make(ctx, since)
	if err != nil {
		return err
	}
	if err := cli.WriteNewFile(opts.file, func(f io.Writer) error { _, err := page.WriteTo(f); return err }); err != nil {
		return failure.New(failure.Usage, "writing the report: %w", err)
	}
	return output.One(printer, writtenView(), done)
}

// make reads the store and writes the page.
func (o *reportOptions) make(ctx context.Context, since time.Time) (page *bytes.Buffer, done written, err error) {
	log, err := readLog(ctx, o.app)
	if err != nil {
		return nil, done, err
	}
	defer func() { err = cmp.Or(err, log.Close()) }()
	records, err := allRecords(ctx, o.app)
	if err != nil {
		return nil, done, err
	}
	store, err := o.store(log, since)
	if err != nil {
		return nil, done, err
	}
	if err := log.Each(store.Sales.Add); err != nil {
		return nil, done, err
	}
	for _, r := range records {
		store.AddRecord(r)
	}
	if err := log.Each(store.AddMovement); err != nil {
		return nil, done, err
	}
	page = &bytes.Buffer{}
	if err := store.Write(page); err != nil {
		return nil, done, fmt.Errorf("making the page: %w", err)
	}
	done = written{File: o.file, Bytes: int64(page.Len()), Records: int64(len(records)), Movements: int64(log.Count)}
	return page, done, nil
}

// store returns an empty report, with the notes about the log.
func (o *reportOptions) store(log *movements.Log, since time.Time) (*report.Store, error) {
	c, err := o.app.Config()
	if err != nil {
		return nil, err
	}
	f := forecast.Options{Now: o.app.Now(), Window: o.windowDays, Cover: o.coverDays}
	if !log.Never() {
		f.LogFrom = log.From
	}
	ro := report.Options{
		Store: storeName(c.IsSandbox(), c.BaseURL().Value), Now: f.Now, Since: since, Zone: time.Local,
		Cover: o.coverDays, Window: o.windowDays, LogFrom: f.LogFrom, Gaps: log.Never(), Sales: forecast.New(f),
		Name: func(r api.Record) report.Names {
			return report.Names{
				Product: show.Known(r.ProductName, r.ProductID), SKU: show.Known(r.SKUCode, r.SKUID),
				Warehouse: show.Known(r.WarehouseCode, cmp.Or(r.WarehouseName, r.WarehouseID)),
			}
		},
	}
	if log.Missing > 0 {
		ro.Warnings = append(ro.Warnings, fmt.Sprintf("the API counts %s more than it returns", failure.Count(log.Missing, "movement", "movements")))
	}
	if log.Never() {
		ro.Warnings = append(ro.Warnings, "the movement log has gaps, so no past quantity is certain")
	} else if log.From.After(since) {
		ro.Warnings = append(ro.Warnings, "the movement log begins on "+log.From.Local().Format(time.DateOnly))
	}
	for _, warning := range ro.Warnings {
		o.app.Note("warning: %s", warning)
	}
	return report.New(ro), nil
}

func storeName(sandbox bool, address string) string {
	if sandbox {
		return "the sandbox"
	}
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}

// allRecords reads all records and their names.
func allRecords(ctx context.Context, a *app.App) ([]api.Record, error) {
	client, err := a.API(ctx)
	if err != nil {
		return nil, err
	}
	names, err := a.Names(ctx)
	if err != nil {
		return nil, err
	}
	var out []api.Record
	for r, err := range client.Records().PageSize(recordsPerPage).All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading the records: %w", err)
		}
		out = append(out, r)
	}
	return out, names.NameList(ctx, out)
}

func writtenView() output.View[written] {
	type column = output.Column[written]
	return output.View[written]{Columns: []column{
		{Name: "file", Title: "FILE", Keep: true, Value: func(w written) any { return w.File }},
		{Name: "bytes", Title: "BYTES", Value: func(w written) any { return w.Bytes }},
		{Name: "records", Title: "RECORDS", Value: func(w written) any { return w.Records }},
		{Name: "movements", Title: "MOVEMENTS", Value: func(w written) any { return w.Movements }},
	}}
}
