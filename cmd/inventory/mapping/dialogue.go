package mapping

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/prompt"
	"github.com/bayworks/stockctl/internal/stock"
)

// The answers about a column other than fields.
const (
	ignore     = "_"
	ignoreRest = "the rest"
	stop       = "stop"
)

// errStop means that the user stopped the dialogue.
var errStop = errors.New("the user stopped")

// Check is importer.Check. If the file has unknown columns and there is a terminal, it
// asks what they are, and changes o accordingly.
func Check(ctx context.Context, a *app.App, env importer.Env, o *importer.Options) (*importer.Plan, error) {
	chosen := o.Mode != ""
	plan, err := importer.Check(ctx, env, *o)
	var table *columns.Unfamiliar
	if !errors.As(err, &table) || !again(o.File) {
		return plan, err
	}
	if ask, failed := a.CanAsk(); failed != nil || !ask {
		return nil, errors.Join(err, failed)
	}
	p, failed := a.Prompt()
	if failed != nil {
		return nil, failed
	}
	d := &dialogue{app: a, ask: p, env: env, options: o}
	a.Note("%s", err)
	if !chosen {
		if o.Mode, failed = d.mode(ctx, table.Mode); failed != nil {
			return nil, d.ended(failed, err)
		}
		if plan, err = importer.Check(ctx, env, *o); !errors.As(err, &table) {
			return plan, err
		}
	}
	plan, failed = d.columns(ctx, table)
	return plan, d.ended(failed, err)
}

// again reports whether a file can be read a second time.
func again(file string) bool {
	info, err := os.Stat(file)
	return file != "-" && err == nil && info.Mode().IsRegular()
}

// dialogue asks what the columns of a file mean.
type dialogue struct {
	app     *app.App
	ask     prompt.Prompter
	env     importer.Env
	options *importer.Options

	table     *columns.Unfamiliar
	walk      prompt.Walk
	open      []int    // the columns to ask about
	answers   []string // by column; blank: not answered
	rest      int      // all columns after this one are ignored; -1: none
	warehouse string   // of all rows; blank: a column names it
}

// ended returns the error of a dialogue. If the user stopped, that is the mistake that
// started it.
func (d *dialogue) ended(failed, mistake error) error {
	if errors.Is(failed, errStop) {
		return mistake
	}
	return failed
}

// mode asks what the rows of an import do.
func (d *dialogue) mode(ctx context.Context, guess stock.Mode) (stock.Mode, error) {
	mode, err := d.ask.Select(ctx, prompt.Choice{
		Title: "What is in the file?", Default: string(guess),
		Options: []prompt.Option{
			{Value: string(stock.Create), Label: "create   stock of items that have no record yet"},
			{Value: string(stock.Set), Label: "set      what is on hand now: differences are adjusted"},
			{Value: string(stock.Adjust), Label: "adjust   what came in or went out"},
			{Value: stop, Label: "stop     import nothing"},
		},
	})
	if mode == stop {
		err = errStop
	}
	return stock.Mode(mode), err
}

// columns asks about each column until the file can be read.
func (d *dialogue) columns(ctx context.Context, table *columns.Unfamiliar) (*importer.Plan, error) {
	d.table, d.answers, d.rest = table, make([]string, len(table.Columns)), -1
	for i, c := range table.Columns {
		if c.Field == "" {
			d.open = append(d.open, i)
			d.walk.Steps = append(d.walk.Steps, prompt.Step{
				Title:  c.Header,
				Ask:    func(ctx context.Context) error { return d.column(ctx, i) },
				Answer: func() string { return strings.Replace(d.answers[i], ignore, "ignored", 1) },
			})
		}
	}
	if table.Mode != stock.Move {
		d.walk.Steps = append(d.walk.Steps, prompt.Step{
			Title: "Warehouse", Ask: d.askWarehouse,
			Answer: func() string { return d.warehouse },
		})
	}
	for {
		if err := d.walk.Run(ctx); err != nil {
			return nil, err
		}
		o := d.answered()
		plan, err := importer.Check(ctx, d.env, o)
		var still *columns.Unfamiliar
		if !errors.As(err, &still) {
			*d.options = o
			d.app.Note("the same without prompts:")
			d.app.Note("  %s", o.Line())
			if failed := d.keep(ctx); failed != nil {
				return nil, errors.Join(failed, plan.Close())
			}
			return plan, err
		}
		d.app.Note("%s", still)
		if err := d.walk.Edit(ctx, d.ask, "nothing was sent"); !errors.Is(err, prompt.ErrAgain) {
			return nil, err
		}
	}
}

// column asks what one column means.
func (d *dialogue) column(ctx context.Context, at int) error {
	if d.rest >= 0 && at > d.rest {
		d.answers[at] = ignore
		return prompt.ErrSkip
	}
	c := d.table.Columns[at]
	choice := prompt.Choice{Title: fmt.Sprintf("What is %q?", c.Header), Default: d.answers[at]}
	if len(c.Values) > 0 {
		choice.Title = fmt.Sprintf("What is %q (%s)?", c.Header, strings.Join(c.Values, ", "))
	}
	if choice.Default == "" {
		choice.Default = ignore
		if c.Guess != "" && !d.isTaken(c.Guess, at) {
			choice.Default = c.Guess
		}
	}
	option := func(value, meaning string) {
		choice.Options = append(choice.Options, prompt.Option{Value: value, Label: fmt.Sprintf("%-18s %s", value, meaning)})
	}
	if g := c.Guess; g != "" && !d.isTaken(g, at) {
		option(g, columns.Meaning(g))
	}
	choice.Options = append(choice.Options, prompt.Option{Value: ignore, Label: "ignore this column"}, prompt.Option{Value: ignoreRest, Label: "ignore this and the columns after it"})
	for _, field := range columns.Fields(d.table.Mode) {
		if field != c.Guess && !d.isTaken(field, at) {
			option(field, columns.Meaning(field))
		}
	}
	choice.Options = append(choice.Options, prompt.Option{Value: stop, Label: "stop: do nothing"})
	answer, err := d.ask.Select(ctx, choice)
	switch {
	case err != nil:
		return err
	case answer == stop:
		return errStop
	}
	d.answer(at, answer)
	return nil
}

// answer records the answer for a column. Later columns that an earlier answer ignored
// are asked about again.
func (d *dialogue) answer(at int, answer string) {
	switch {
	case answer == ignoreRest:
		d.rest, answer = at, ignore
	case d.rest == at:
		d.rest = -1
		for step, column := range d.open {
			if column > at {
				d.walk.Steps[step].Known, d.answers[column] = false, ""
			}
		}
	}
	d.answers[at] = answer
}

// isTaken reports whether another column is already mapped to the field.
func (d *dialogue) isTaken(field string, but int) bool {
	for i, c := range d.table.Columns {
		if i != but && (c.Field == field || d.answers[i] == field) {
			return true
		}
	}
	return false
}

// askWarehouse asks for the warehouse of all rows if no column names it.
func (d *dialogue) askWarehouse(ctx context.Context) error {
	wide := func(text string) bool { return strings.Contains(text, "@") }
	known := d.isTaken(stock.WarehouseID, -1) || d.isTaken(columns.FieldRecord, -1) || d.options.Fill[stock.WarehouseID] != "" || d.options.Warehouse != "" ||
		slices.ContainsFunc(d.answers, wide) || slices.ContainsFunc(d.table.Columns, func(c columns.Column) bool { return wide(c.Field) })
	if known {
		d.warehouse = ""
		return prompt.ErrSkip
	}
	list, err := d.env.Names.Warehouses(ctx)
	if err != nil {
		return err
	}
	choice := prompt.Choice{Title: "No column names the warehouse. Which warehouse are the rows for?", Default: d.warehouse}
	for _, w := range list {
		choice.Options = append(choice.Options, prompt.Option{Value: w.Code, Label: fmt.Sprintf("%-18s %s", w.Code, w.Name), Names: []string{w.ID, w.Name}})
	}
	choice.Options = append(choice.Options, prompt.Option{Value: stop, Label: "stop: do nothing"})
	answer, err := d.ask.Select(ctx, choice)
	if answer == stop {
		return errStop
	}
	d.warehouse = answer
	return err
}

// answered returns the options according to the answers.
func (d *dialogue) answered() importer.Options {
	o := *d.options
	o.Map = slices.Clone(o.Map)
	for i, answer := range d.answers {
		switch answer {
		case "":
		case ignore:
			o.IgnoreUnknown = true
		default:
			o.Map = append(o.Map, columns.Rule{Header: d.table.Columns[i].Header, Field: answer})
		}
	}
	if d.warehouse != "" {
		o.Fill = map[string]string{stock.WarehouseID: d.warehouse}
		for field, value := range d.options.Fill {
			o.Fill[field] = value
		}
	}
	return o
}

// keep offers to save the answers as a layout.
func (d *dialogue) keep(ctx context.Context) error {
	save, err := d.ask.Confirm(ctx, "Save the answers as a layout, for the next file of this kind?", false)
	if err != nil || !save {
		return err
	}
	kept, err := SavedLayouts(d.app)
	if err != nil {
		return err
	}
	o := d.options.Reading
	o.Map = nil
	for i, c := range d.table.Columns {
		field := c.Field
		if d.answers[i] != "" {
			field = d.answers[i]
		}
		if field != "" && field != ignore {
			o.Map = append(o.Map, columns.Rule{Header: c.Header, Field: d.table.Quantity(field)})
		}
	}
	for {
		name, err := d.ask.Input(ctx, prompt.Question{Title: "Name of the layout", Help: "lower-case letters, digits, - and _"})
		if err != nil {
			return err
		}
		path, err := kept.Save(columns.NewLayout(name, "", o), false)
		if err == nil {
			d.app.Note("saved as %s: --layout %s uses it", path, name)
		}
		if failure.KindOf(err) != failure.Usage {
			return err
		}
		d.app.Note("%s", failure.Sentence(err))
	}
}
