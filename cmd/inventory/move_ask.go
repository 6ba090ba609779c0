package inventory

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/prompt"
	"github.com/bayworks/stockctl/internal/stock"
)

// ask asks for the quantity and the action. If the record was asked for, too, it ends
// with a confirmation, which offers to change each answer.
func (o *moveOptions) ask(ctx context.Context) error {
	p, err := o.app.Prompt()
	if err != nil {
		return err
	}
	o.asked = true
	unsigned, qtyTyped, whole := o.unsigned, o.qty != "", prompt.CanGoBack(ctx)
	walk := &prompt.Walk{}
	walk.Steps = []prompt.Step{
		{Title: "Record", Known: true, Answer: func() string { return o.record }, Ask: func(context.Context) error { return prompt.ErrBack }},
		{Title: "Action", Known: !o.movement.acts || o.action != "", Ask: func(ctx context.Context) error {
			action, err := p.Select(ctx, prompt.Choice{Title: "Action", Options: actionOptions(), Default: cmp.Or(o.action, o.last.action)})
			if err == nil && o.action != action && !qtyTyped {
				walk.Reopen("Quantity") // the action decides about its sign
			}
			if err == nil {
				o.action = action
			}
			return err
		}},
		{Title: "Quantity", Known: qtyTyped, Answer: func() string { return o.qty }, Ask: func(ctx context.Context) error {
			o.unsigned = unsigned || o.counted()
			qty, err := p.Input(ctx, o.question(ctx))
			if err == nil {
				o.qty = qty
			}
			return err
		}},
		{Title: "confirm", Known: !whole || o.dryRun || o.app.Yes, Ask: func(ctx context.Context) error {
			title, err := o.proposal(ctx)
			if err != nil {
				return err
			}
			err = walk.Confirm(ctx, p, title, "nothing was sent")
			o.confirmed = err == nil
			return err
		}},
	}
	if o.movement.acts {
		walk.Steps[1].Answer = func() string { return o.action }
	}
	return walk.Run(ctx)
}

// proposal is the question that confirms the movement.
func (o *moveOptions) proposal(ctx context.Context) (string, error) {
	if err := o.check(); err != nil {
		return "", err
	}
	before, err := o.find(ctx)
	if err != nil {
		return "", err
	}
	after, _ := o.predict(before)
	return failure.Capital(o.sentence(o.movement.name, before, after)) + o.app.Written() + "?", nil
}

// counted reports whether the action alone decides if the quantity is added or
// subtracted: people think of sold goods as a positive number.
func (o *moveOptions) counted() bool {
	return o.movement.acts && api.Direction(o.action) != 0 && !o.anySign
}

// question asks for the quantity.
func (o *moveOptions) question(ctx context.Context) prompt.Question {
	q := prompt.Question{Title: "Quantity", Help: o.movement.takes, Default: cmp.Or(o.qty, o.last.qty)}
	if o.counted() {
		does := map[int64]string{1: "adds them", -1: "takes them away"}[api.Direction(o.action)]
		q.Title, q.Help = "How many", fmt.Sprintf("a whole number, 1 or more; %s %s", o.action, does)
	}
	before := o.seen(ctx)
	q.Validate = func(text string) error {
		if err := cmp.Or(stock.Scanned(text), o.validQty(text)); err != nil || before == nil {
			return err
		}
		return o.enough(text, *before)
	}
	return q
}

// seen reads the record before the quantity is asked for. It returns nil if it cannot:
// the movement itself will report why.
func (o *moveOptions) seen(ctx context.Context) *api.Record {
	before, err := o.find(ctx)
	if err != nil {
		return nil
	}
	return &before
}

// enough refuses a quantity that the record does not have.
func (o *moveOptions) enough(text string, before api.Record) error {
	try := *o
	try.quantity, _ = api.ParseQuantity(text) // checked by the caller
	if o.movement.signs != nil {
		_ = o.movement.signs(&try) // the caller checked this, too
	}
	_, err := try.predict(before)
	return err
}

// sign returns the rule for the quantity's sign according to the flags.
func (o *moveOptions) sign() api.Sign {
	switch {
	case o.unsigned:
		return api.SignAbsent
	case o.anySign:
		return api.SignAny
	}
	return api.SignAgrees
}

func (o *moveOptions) validQty(text string) error {
	try := *o
	var err error
	if try.quantity, err = api.ParseQuantity(text); err != nil {
		return err
	}
	if o.movement.signs != nil {
		if p := o.movement.signs(&try); p != nil {
			return errors.New(p.What)
		}
	}
	for _, p := range o.movement.check(try) {
		if p.Field == "qty" {
			return errors.New(p.What)
		}
	}
	return nil
}

// actionOptions explain the actions.
func actionOptions() []prompt.Option {
	meaning := map[string]string{
		api.ActionReceived: "goods came in", api.ActionSold: "goods were sold", api.ActionAdjusted: "the count was corrected",
		api.ActionDamaged: "goods were damaged or lost", api.ActionReturned: "goods came back",
		api.ActionTransferredIn: "goods came from another warehouse", api.ActionTransferredOut: "goods went to another warehouse",
	}
	var out []prompt.Option
	for _, action := range api.Actions() {
		out = append(out, prompt.Option{Label: fmt.Sprintf("%-16s %s", action, meaning[action]), Value: action})
	}
	return out
}
