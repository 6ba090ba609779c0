package inventory

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// preview shows what the movement will do if it was completed by prompts, and asks for
// consent if the profile requires that. A user who typed the entire command only sees the
// note afterwards. If the API is going to refuse the movement, the preview has no
// quantities; the refusal follows.
func (o *moveOptions) preview(ctx context.Context, before api.Record) error {
	if o.confirmed {
		return nil
	}
	after, _ := o.predict(before)
	sentence := o.sentence(o.movement.name, before, after)
	if o.asked {
		o.app.Note("will %s%s", sentence, o.app.Written())
	}
	return o.app.Consent(ctx, failure.Capital(sentence))
}

// showDryRun shows the record as it would be after the movement. It fails if the movement
// would.
func (o *moveOptions) showDryRun(ctx context.Context, printer *output.Printer, before api.Record) error {
	if before.OnHandQty == nil {
		names, err := o.app.Names(ctx)
		if err != nil {
			return err
		}
		if before, err = names.RecordByID(ctx, before.ID); err != nil {
			return o.unreadable(err)
		}
	}
	after, err := o.predict(before)
	if err != nil {
		return err
	}
	o.name(ctx, printer, &after)
	o.app.Note("dry run: nothing was sent; would %s%s", o.sentence(o.movement.name, before, after), o.app.Written())
	return output.One(printer, show.Records(), after)
}

// unreadable explains an error of a record that may not be read. A record that is named by
// its id need not be read, except for a dry run.
func (o *moveOptions) unreadable(err error) error {
	var apiErr *api.Error
	switch {
	case failure.KindOf(err) != failure.Permission || failure.HintOf(err) != "" || !errors.As(err, &apiErr) || apiErr.Stranger():
		return err
	case !o.dryRun || strings.Contains(o.record, "@"):
		return failure.WithHint(err, "ask an administrator of the store for can_read_inventory, or name the record by its id")
	}
	return failure.WithHint(
		fmt.Errorf("a dry run reads the record, which needs the permission can_read_inventory: %w", err),
		"ask an administrator of the store for it; without --dry-run, %s needs only can_update_inventory", o.movement.name,
	)
}

// predict returns the record after the movement, or the reason why the API would
// refuse it. Unknown fields of the record stay unknown.
func (o *moveOptions) predict(before api.Record) (api.Record, error) {
	after := before
	change := o.movement.effect(o.quantity)
	for _, part := range []struct {
		from *int64
		to   **int64
		by   int64
	}{
		{before.OnHandQty, &after.OnHandQty, change.onHand},
		{before.ReservedQty, &after.ReservedQty, change.reserved},
		{before.AvailableQty, &after.AvailableQty, change.onHand - change.reserved},
	} {
		if part.from != nil {
			sum := *part.from + part.by
			*part.to = &sum
		}
	}
	what := o.movement.name
	has := fmt.Sprintf("it has %s on hand, %s reserved and %s available",
		show.Quantity(before.OnHandQty), show.Quantity(before.ReservedQty), show.Quantity(before.AvailableQty))
	switch {
	case after.OnHandQty != nil && *after.OnHandQty < 0,
		change.reserved > 0 && after.AvailableQty != nil && *after.AvailableQty < 0,
		after.ReservedQty != nil && *after.ReservedQty < 0:
		return before, failure.New(failure.Refused, "cannot %s %d at %s: %s", what, o.quantity, o.record, has)
	case after.OnHandQty != nil && *after.OnHandQty > math.MaxInt32:
		return before, failure.New(failure.Refused, "cannot %s %d at %s: on hand would be more than %d", what, o.quantity, o.record, math.MaxInt32)
	}
	return after, nil
}

// sentence describes what the movement does to the record: "adjust KET-RED@HRB by -3
// (SOLD), on hand 10 → 7".
func (o *moveOptions) sentence(verb string, before, after api.Record) string {
	called := o.called
	if called == "" {
		called = o.record
	}
	line := fmt.Sprintf("%s %d at %s", verb, o.quantity, called)
	if o.movement.acts {
		line = fmt.Sprintf("%s %s by %+d (%s)", verb, called, o.quantity, o.action)
	}
	for _, change := range []struct {
		what     string
		from, to *int64
	}{{"on hand", before.OnHandQty, after.OnHandQty}, {"reserved", before.ReservedQty, after.ReservedQty}, {"available", before.AvailableQty, after.AvailableQty}} {
		if change.from != nil && change.to != nil && *change.from != *change.to {
			line += fmt.Sprintf(", %s %d → %d", change.what, *change.from, *change.to)
		}
	}
	return line
}
