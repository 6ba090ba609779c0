package counting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/prompt"
	"github.com/bayworks/stockctl/internal/stock"
)

// askCodes asks which items the unknown codes belong to, and saves the answers. Without a
// terminal, unknown codes stop the count before anything is sent.
func (c *counting) askCodes(ctx context.Context) error {
	_, unknown := c.session.Counts(c.known)
	if len(unknown) == 0 {
		return nil
	}
	if !c.ask {
		var codes []string
		for _, u := range unknown {
			codes = append(codes, fmt.Sprintf("%s (counted %d)", u.Code, u.Qty))
		}
		if c.dryRun {
			return nil // the variance shows them
		}
		return failure.Usagef("unknown codes: %s", strings.Join(codes, ", ")).
			Hint("add lines such as %s,PRODUCT/SKU to %s", unknown[0].Code, c.aliases)
	}
	prompter, err := c.app.Prompt()
	if err != nil {
		return err
	}
	for _, u := range unknown {
		if err := c.askCode(ctx, prompter, u); err != nil {
			return err
		}
	}
	return nil
}

// askCode asks for the item of a code and confirms the answer: a scanner that keeps
// typing may answer the first question, but not the second.
func (c *counting) askCode(ctx context.Context, prompter prompt.Prompter, u count.Counted) error {
	for {
		answer, err := prompter.Input(ctx, prompt.Question{
			Title: fmt.Sprintf("What is %s (counted %d)?", u.Code, u.Qty),
			Help:  "PRODUCT[/SKU] or your SKU code; leave it blank to skip the code",
			Validate: func(text string) error {
				if text == "" {
					return nil
				}
				if _, why := c.codes.Parse(text); why != "" {
					return errors.New(why)
				}
				return nil
			},
		})
		if err != nil || answer == "" {
			return err
		}
		item, _ := c.codes.Parse(answer)
		sure, err := typedYes(ctx, prompter, fmt.Sprintf("Save %s as a barcode of %s?", u.Code, item), "type yes to save it")
		switch {
		case err != nil:
			return err
		case sure:
			return c.codes.Remember(u.Code, item)
		}
	}
}

// typedYes asks for the entire word yes. A scanner types keys: a stray code is neither a
// yes nor a no.
func typedYes(ctx context.Context, prompter prompt.Prompter, title, help string) (bool, error) {
	answer, err := prompter.Input(ctx, prompt.Question{Title: title, Help: help, Validate: func(text string) error {
		if !slices.Contains([]string{"yes", "no", "n", ""}, strings.ToLower(text)) {
			return errors.New("answer yes or no")
		}
		return nil
	}})
	return strings.EqualFold(answer, "yes"), err
}

// describe prints on stderr what the table does not show.
func (c *counting) describe(ctx context.Context, lines []count.Line, uncounted int) {
	for _, l := range lines {
		at := c.called(ctx, l)
		switch {
		case l.State == count.Missing:
			named := api.Record{ProductID: l.Product, SKUID: l.SKU, WarehouseID: l.Warehouse}
			_ = c.names.NameRecord(ctx, &named)
			create := "stockctl inventory create --product " + failure.Arg(l.Product)
			if l.SKU != "" {
				create += " --sku " + failure.Arg(l.SKU)
			}
			if code := c.names.AddressOf(ctx, l.Product, l.SKU, ""); named.SKUCode != nil && code == (stock.Address{Product: *named.SKUCode}).String() {
				create = "stockctl inventory create --sku " + failure.Arg(*named.SKUCode)
			}
			c.app.Note("%s has no record: `%s --warehouse %s --initial-qty %d`", at, create, failure.Arg(show.Known(named.WarehouseCode, l.Warehouse)), *l.Counted)
		case l.Moved != 0:
			c.app.Note("%s moved by %+d since counting began: the movement is kept", at, l.Moved)
		}
	}
	switch {
	case uncounted > 0 && c.session.Head.Complete:
		c.app.Note("%s not counted and will be set to 0", failure.Count(uncounted, "record was", "records were"))
	case uncounted > 0:
		c.app.Note("%s left unchanged", failure.Count(uncounted, "record of the warehouse was not counted and is", "records of the warehouse were not counted and are"))
	}
}

// called returns the name of a line's record for display.
func (c *counting) called(ctx context.Context, l count.Line) string {
	if l.Product == "" {
		return l.Item().String() + "@" + l.Warehouse
	}
	return c.names.Label(ctx, api.Record{ProductID: l.Product, SKUID: l.SKU, WarehouseID: l.Warehouse})
}

// line is one line of the variance, with names.
type line struct {
	count.Line
	api.Named
}

// named fills in the names. It does not fail if names cannot be read.
func (c *counting) named(ctx context.Context, lines []count.Line) []line {
	out := make([]line, len(lines))
	for i, l := range lines {
		r := api.Record{ProductID: l.Product, SKUID: l.SKU, WarehouseID: l.Warehouse}
		if c.names != nil {
			_ = c.names.NameRecord(ctx, &r)
		}
		out[i] = line{l, r.Named}
	}
	return out
}

func differing(lines []count.Line) int { return inState(lines, count.Differs) }

// inState returns how many lines have a state.
func inState(lines []count.Line, state count.State) (n int) {
	for _, l := range lines {
		if l.State == state {
			n++
		}
	}
	return n
}

// confirm shows the variance and asks for consent. Without a terminal, a live key needs
// --yes, which was checked before the count began.
func (c *counting) confirm(ctx context.Context, lines []count.Line) error {
	if c.app.Yes || !c.ask {
		return nil
	}
	table, err := output.New(output.Options{Out: c.app.IO.Err, Terminal: true, Width: c.app.IO.Width()})
	if err == nil {
		err = output.List(table, varianceView(), output.Items(c.named(ctx, lines)))
	}
	if err != nil {
		return err
	}
	prompter, err := c.app.Prompt()
	if err != nil {
		return err
	}
	title := fmt.Sprintf("Adjust %s of %s?", failure.Count(differing(lines), "record", "records"), c.app.Target())
	var yes bool
	if c.session.Head.Source == "scan" {
		yes, err = typedYes(ctx, prompter, title, "type yes to send them")
	} else {
		yes, err = prompter.Confirm(ctx, title, false)
	}
	if err == nil && !yes {
		return failure.ErrCancelled
	}
	return err
}

// show prints the lines, and on stderr why some were refused.
func (c *counting) show(ctx context.Context, lines []count.Line) error {
	err := output.List(c.printer, varianceView(), output.Items(c.named(ctx, lines)))
	for _, l := range lines {
		if l.Reason != "" {
			c.app.Note("%s: %s", c.called(ctx, l), l.Reason)
		}
	}
	return err
}

// countError returns the failure of a count, whose kind decides the exit code.
func (c *counting) countError(lines []count.Line, err, shown error) error {
	by := map[string]int{}
	for _, l := range lines {
		by[l.State]++
	}
	kind := failure.KindOf(err)
	switch {
	case by[count.InDoubt] > 0 && (kind == failure.OutcomeUnknown || err == nil):
		return failure.New(failure.OutcomeUnknown, "the outcome of %s is unknown", failure.Count(by[count.InDoubt], "movement", "movements"))
	case err != nil && kind != failure.Partial:
		return fmt.Errorf("posting the count: %w", err)
	}
	var parts []string
	for _, state := range []string{count.Refused, count.Missing, count.Unknown, count.Stale, count.NotAttempted} {
		if by[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", by[state], state))
		}
	}
	if len(parts) > 0 {
		return failure.New(
			failure.Partial, "%d of %d items were not corrected: %s",
			by[count.Refused]+by[count.Missing]+by[count.Unknown]+by[count.Stale]+by[count.NotAttempted], len(lines),
			strings.Join(parts, ", "),
		).Hint("fix the cause and count these items again")
	}
	if err != nil {
		return err
	}
	return shown
}

func varianceView() output.View[line] {
	type column = output.Column[line]
	figures := []column{
		{Name: "system", Title: "SYSTEM", Keep: true, Value: func(l line) any { return l.System }},
		{Name: "counted", Title: "COUNTED", Keep: true, Value: func(l line) any { return l.Counted }},
		{Name: "difference", Title: "DIFFERENCE", Keep: true, Value: func(l line) any { return l.Difference }},
		{Name: "moved", Title: "MOVED", Wide: true, Value: func(l line) any { return l.Moved }},
		{Name: "state", Title: "STATE", Keep: true, Mark: varianceMark, Value: func(l line) any { return l.State }},
	}
	product := func(l line) string {
		if l.Code != "" {
			return l.Code
		}
		return l.Product
	}
	return output.View[line]{
		ID: func(l line) string { return l.Record },
		People: slices.Concat([]column{
			{Name: "product", Title: "PRODUCT", Value: func(l line) any { return show.Known(l.ProductName, product(l)) }},
			{Name: "sku", Title: "SKU", Keep: true, Value: func(l line) any { return show.Known(l.SKUCode, l.SKU) }},
		}, slices.DeleteFunc(slices.Clone(figures), func(c column) bool { return c.Wide })),
		Columns: slices.Concat([]column{
			{Name: "inventoryId", Title: "RECORD", Keep: true, Wide: true, Value: func(l line) any { return l.Record }},
			{Name: "productId", Title: "PRODUCT", Value: func(l line) any { return product(l) }},
			{Name: "skuId", Title: "SKU", Value: func(l line) any { return l.SKU }},
			{Name: "warehouseId", Title: "WAREHOUSE ID", Wide: true, Value: func(l line) any { return l.Warehouse }},
		}, figures, show.Names(func(l line) api.Named { return l.Named })),
	}
}

func varianceMark(l line) output.Mark {
	switch l.State {
	case count.Adjusted:
		return output.MarkOK
	case count.Right:
		return output.MarkDim
	case count.Differs:
		return output.MarkNone
	}
	return output.MarkLow
}
