package seeing

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/history"
	"github.com/bayworks/stockctl/internal/movements"
	"github.com/bayworks/stockctl/internal/output"
)

// The values of --by.
const (
	byDay      = "day"
	byMovement = "movement"
)

// historyOptions is what `inventory history` knows when it starts.
type historyOptions struct {
	app    *app.App
	record string // an id, or ITEM[/SKU]@WAREHOUSE
	since  string
	by     string
}

// NewHistory returns `inventory history`.
func NewHistory(a *app.App) *cobra.Command { return newHistoryCmd(a, runHistory) }

func newHistoryCmd(a *app.App, run func(context.Context, *historyOptions) error) *cobra.Command {
	opts := &historyOptions{app: a}
	cmd := &cobra.Command{
		Use:   "history RECORD",
		Short: "Show the stock of a record over time",
		Long: `Show the quantity on hand of a record over time: as a chart on a terminal, and
as rows everywhere else (use -o wide for rows on a terminal).

The API keeps no history, so stockctl starts with the current quantity on hand
and works backwards through the movement log. If the log does not go back far enough
or does not match the record, a warning says since when the quantities are
certain; rows before that have "certain": false.

RECORD is ITEM@WAREHOUSE, or the record's id. Days begin at midnight in your time
zone. In a large store, reading the log for the first time takes a while. A copy
of it (without references, notes and names) is kept in your cache folder, and only
new movements are read after that.` + cli.ExitCodes(
			"0  shown, even if parts are not certain",
			"2  a flag or RECORD is wrong",
			"6  no such record",
			"8  the API cannot be reached, or a page of the log cannot be read",
		),
		Example: `  stockctl inventory history TOTE-CANVAS@LGS-01
  stockctl inventory history prod_phone_789/PHONE-RED-256@LGS-01 --since 2026-09-01
  stockctl inventory history inv_xyz789 --since 28d -o csv > history.csv
  stockctl inventory history inv_xyz789 --by movement -o jsonl`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: suggest.Records(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.record = args[0]
			if opts.by != byDay && opts.by != byMovement {
				return failure.Usagef("--by must be day or movement, not %q", opts.by)
			}
			return run(cmd.Context(), opts)
		},
	}
	cmd.Flags().StringVar(&opts.since, "since", "90d", "start at this `time`: how long ago (12h, 90d or 8w), a date (2026-09-01) or RFC 3339")
	cmd.Flags().StringVar(&opts.by, "by", byDay, "show one row per `unit`: day or movement")
	cli.CompleteValues(cmd, "by", []string{byDay, byMovement})
	return cmd
}

func runHistory(ctx context.Context, opts *historyOptions) error {
	view := historyView(opts.by)
	printer, err := app.PrinterFor(opts.app, view)
	if err != nil {
		return err
	}
	since, err := cli.ParsePast(opts.since, opts.app.Now())
	if err != nil {
		return err
	}
	record, line, err := opts.line(ctx)
	if err != nil {
		return err
	}
	rows := line.ByDay(since, time.Local)
	if opts.by == byMovement {
		rows = line.ByMovement(since)
	}
	of := opts.title(ctx, record)
	if printer.Draws() {
		chart := chartOf(line, since)
		chart.Title, of = of, "" // it is said once
		err = output.Draw(printer, chart)
	} else {
		of += ": "
		err = output.List(printer, view, output.Items(rows))
	}
	if err != nil {
		return err
	}
	opts.sum(of, line, since)
	return nil
}

// attempts is how often the log is read if the record keeps changing.
const attempts = 3

// line rebuilds the record's quantities over time. It reads the record before and
// after the log, so that a movement in between is not taken for a contradiction.
func (o *historyOptions) line(ctx context.Context) (record api.Record, l history.Line, err error) {
	if record, err = findRecord(ctx, o.app, o.record); err != nil {
		return record, l, err
	}
	for attempt := 1; ; attempt++ {
		source, err := o.source(ctx, record.ID, attempt == 1)
		if err != nil {
			return record, l, err
		}
		before := record
		if record, err = readAgain(ctx, o.app, record); err != nil {
			return record, l, err
		}
		source.Moving = !sameStock(before, record)
		if source.Moving && attempt < attempts {
			continue
		}
		source.Record = record
		return record, history.Rebuild(source), nil
	}
}

// source reads the log and keeps the movements of the record.
func (o *historyOptions) source(ctx context.Context, id string, warn bool) (s history.Source, err error) {
	log, err := readLog(ctx, o.app)
	if err != nil {
		return s, err
	}
	defer func() { err = cmp.Or(err, log.Close()) }()
	if warn {
		warnPart(o.app, log)
	}
	s = history.Source{NewestFirst: log.NewestFirst, LogFrom: log.From, Gaps: log.Never(), Now: o.app.Now()}
	err = log.Each(func(m movements.Movement) {
		if m.RecordID == id {
			s.Moves = append(s.Moves, m)
		}
	})
	return s, err
}

func sameStock(a, b api.Record) bool {
	same := func(a, b *int64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return same(a.OnHandQty, b.OnHandQty) && same(a.ReservedQty, b.ReservedQty)
}

// sum describes the line in words, and how far it can be trusted.
func (o *historyOptions) sum(of string, l history.Line, since time.Time) {
	var in, out int64
	least, most := l.Now.OnHand, l.Now.OnHand
	for _, r := range l.ByMovement(since) {
		in, out = in+r.In, out+r.Out
		least, most = min(least, r.OnHand), max(most, r.OnHand)
	}
	o.app.Note("%s%d on hand, %d reserved; since %s: %d in, %d out, min %d, max %d",
		of, l.Now.OnHand, l.Now.Reserved, since.Local().Format(time.DateOnly), in, out, least, most)
	for _, doubt := range l.Doubts {
		o.app.Note("warning: %s", doubt)
	}
	switch {
	case l.Certain.IsZero() || !l.Certain.After(since):
	case l.Certain.Before(l.Now.At):
		o.app.Note("the quantities are certain from %s on", l.Certain.Local().Format("2006-01-02 15:04"))
	default:
		o.app.Note("only the current quantities are certain")
	}
}

// chartOf samples the line at regular intervals.
func chartOf(l history.Line, since time.Time) output.Chart {
	if since.Before(l.Begin) {
		since = l.Begin
	}
	span := l.Now.At.Sub(since)
	return output.Chart{
		From: since.Local().Format(time.DateOnly), To: l.Now.At.Local().Format(time.DateOnly),
		Certain: "certain from " + l.Certain.Local().Format(time.DateOnly),
		Sample: func(n int) (values []int64, certain int) {
			state, next := l.First, 0
			for i := range n {
				at := l.Now.At
				if i < n-1 {
					at = since.Add(time.Duration(float64(span) * float64(i) / float64(n-1)))
				}
				for ; next < len(l.Steps) && (i == n-1 || !l.Steps[next].At.After(at)); next++ {
					state = l.Steps[next]
				}
				values = append(values, state.OnHand)
				if at.Before(l.Certain) {
					certain = i + 1
				}
			}
			return values, certain
		},
	}
}

func historyView(by string) output.View[history.Row] {
	type column = output.Column[history.Row]
	uncertain := func(r history.Row) output.Mark {
		if !r.Certain {
			return output.MarkDim
		}
		return output.MarkNone
	}
	columns := []column{
		{Name: "date", Title: "DATE", Keep: true, Mark: uncertain, Value: func(r history.Row) any { return r.Date }},
		{Name: "onHand", Title: "ON HAND", Keep: true, Mark: uncertain, Value: func(r history.Row) any { return r.OnHand }},
		{Name: "in", Title: "IN", Keep: true, Mark: uncertain, Value: func(r history.Row) any { return r.In }},
		{Name: "out", Title: "OUT", Keep: true, Mark: uncertain, Value: func(r history.Row) any { return r.Out }},
		{Name: "reserved", Title: "RESERVED", Keep: true, Mark: uncertain, Value: func(r history.Row) any { return r.Reserved }},
		{Name: "certain", Title: "CERTAIN", Spare: 1, Keep: true, Mark: uncertain, Value: func(r history.Row) any { return r.Certain }},
	}
	if by == byDay {
		return output.View[history.Row]{Columns: columns}
	}
	return output.View[history.Row]{
		ID: func(r history.Row) string { return r.MovementID },
		Columns: append(columns,
			column{Name: "action", Title: "ACTION", Keep: true, Value: func(r history.Row) any { return r.Action }},
			column{Name: "movementId", Title: "MOVEMENT", Spare: 2, Value: func(r history.Row) any { return r.MovementID }},
		),
	}
}

// title returns the name that a person would use for a record, or what the user typed
// if nothing else is known. It reads the product if the local copy has no name for it.
func (o *historyOptions) title(ctx context.Context, r api.Record) string {
	names, err := o.app.Names(ctx)
	if err != nil {
		return o.record
	}
	return cmp.Or(names.Title(ctx, r), o.record)
}

// recordName returns the name of a record for use in a sentence.
func recordName(r api.Record) string { return fmt.Sprintf("%s (%s)", r.Address(), r.ID) }
