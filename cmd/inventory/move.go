package inventory

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/prompt"
	"github.com/bayworks/stockctl/internal/settle"
)

// effect is what a movement changes; available follows from both.
type effect struct{ onHand, reserved int64 }

// movement describes a command that changes the stock of one record.
type movement struct {
	name  string // the verb
	done  string // past tense, for the note
	takes string // what the quantity must be
	// acts is true if the movement has an action, which only adjust has.
	acts   bool
	effect func(qty int64) effect
	check  func(moveOptions) []failure.Problem
	signs  func(*moveOptions) *failure.Problem // gives the quantity its sign; nil: it has no sign
	send   func(context.Context, *settle.Settler, string, moveOptions) settle.Movement
}

func adjusting() movement {
	change := func(o moveOptions) api.Adjustment {
		return api.Adjustment{Qty: o.quantity, Action: o.action, Reference: o.reference, Notes: o.notes, Of: o.of}
	}
	return movement{
		name: "adjust", done: "adjusted", takes: "a whole number, not 0; negative to remove stock", acts: true,
		effect: func(qty int64) effect { return effect{onHand: qty} },
		check:  func(o moveOptions) []failure.Problem { return change(o).Validate() },
		signs: func(o *moveOptions) *failure.Problem {
			a := change(*o)
			p := a.Signed(o.sign())
			o.quantity = a.Qty
			return p
		},
		send: func(ctx context.Context, s *settle.Settler, id string, o moveOptions) settle.Movement {
			return s.Adjust(ctx, id, change(o))
		},
	}
}

func reserving() movement {
	return movement{
		name: "reserve", done: "reserved", takes: "a whole number, 1 or more", check: checkReservation,
		effect: func(qty int64) effect { return effect{reserved: qty} },
		send: func(ctx context.Context, s *settle.Settler, id string, o moveOptions) settle.Movement {
			return s.Reserve(ctx, id, o.reservation())
		},
	}
}

func releasing() movement {
	return movement{
		name: "release", done: "released", takes: "a whole number, 1 or more", check: checkReservation,
		effect: func(qty int64) effect { return effect{reserved: -qty} },
		send: func(ctx context.Context, s *settle.Settler, id string, o moveOptions) settle.Movement {
			return s.Release(ctx, id, o.reservation())
		},
	}
}

// moveOptions is what adjust, reserve and release know when they start.
type moveOptions struct {
	app       *app.App
	movement  movement
	record    string // an id, or ITEM[/SKU]@WAREHOUSE
	called    string // the record's name in messages
	qty       string // as typed; blank when it was not given
	quantity  int64
	action    string // upper case
	reference string
	notes     string
	of        api.Subject // what is known about the record
	unsigned  bool        // the quantity has no sign: the action decides
	dryRun    bool
	asked     bool                         // a part of it came from a prompt
	confirmed bool                         // so did the consent
	last      struct{ action, qty string } // the answers before the record was changed
	anySign   bool                         // a sign that contradicts the action is intended
}

func (o moveOptions) reservation() api.Reservation {
	return api.Reservation{Qty: o.quantity, Reference: o.reference, Notes: o.notes, Of: o.of}
}

func checkReservation(o moveOptions) []failure.Problem { return o.reservation().Validate() }

// newMoveCmd builds the command of a movement; the caller adds its help.
func newMoveCmd(a *app.App, m movement, cmd *cobra.Command, run func(context.Context, *moveOptions) error) *cobra.Command {
	opts := &moveOptions{app: a, movement: m}
	cmd.Use = m.name + " RECORD"
	cmd.Args = cobra.ExactArgs(1)
	cmd.ValidArgsFunction = suggest.Records(a)
	cmd.Long += `

RECORD is ITEM@WAREHOUSE, or the record's id; ITEM is your own code, a barcode,
an id or a product's name, or PRODUCT/SKU: see ` + "`stockctl help names`" + `.

On a terminal, you are prompted for missing values.

If the response is lost, stockctl looks the movement up in the log. To make this
possible, each movement carries a unique token: as its reference or, if you give
a reference, at the start of its notes.` + cli.ExitCodes(
		"0  done",
		"2  a flag is missing or wrong: nothing was sent",
		"6  no such record",
		"7  refused by the API: not enough stock, for example",
		"8  not done, and safe to repeat",
		"9  outcome unknown: check before you send it again",
	)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		opts.record = args[0]
		opts.action = strings.ToUpper(opts.action)
		if err := cli.Exclusive(cmd, "unsigned", "any-sign"); m.acts && err != nil {
			return err
		}
		once := *opts
		err := run(cmd.Context(), &once)
		if errors.Is(err, prompt.ErrBack) { // the record is asked again, and then all the rest
			opts.last.action, opts.last.qty = once.action, once.qty
		}
		return err
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.qty, "qty", "", "the `quantity`: "+m.takes)
	if m.acts {
		flags.StringVar(&opts.action, "action", "", "the `action`, in upper or lower case: "+failure.OneOf(api.Actions()))
		cli.CompleteValues(cmd, "action", api.Actions())
	}
	if m.acts {
		flags.BoolVar(&opts.unsigned, "unsigned", false, "the quantity has no sign: the action decides whether it adds or removes stock")
		flags.BoolVar(&opts.anySign, "any-sign", false, "accept a quantity whose sign contradicts the action, and send it unchanged")
	}
	flags.StringVar(&opts.reference, "reference", "", "your own `reference`, such as an order number")
	flags.StringVar(&opts.notes, "notes", "", "a `remark` for the movement log")
	flags.BoolVar(&opts.dryRun, "dry-run", false, "show what would change, and send nothing")
	return cmd
}

// runMove completes the movement, sends it once, and shows the record.
func runMove(ctx context.Context, opts *moveOptions) error {
	printer, err := app.PrinterFor(opts.app, show.Records())
	if err != nil {
		return err
	}
	if err := opts.complete(ctx); err != nil {
		return err
	}
	if short := strings.TrimSpace(opts.reference); short != opts.reference {
		opts.app.Note("removed the spaces around the reference")
		opts.reference = short
	}
	before, err := opts.find(ctx)
	if err != nil {
		return opts.unreadable(err)
	}
	opts.of = before.Subject()
	if opts.dryRun {
		return opts.showDryRun(ctx, printer, before)
	}
	if err := opts.preview(ctx, before); err != nil {
		return err
	}
	settler, err := opts.app.Settler(ctx)
	if err != nil {
		return err
	}
	writing, done := app.Finish(ctx)
	defer done()
	moved := opts.movement.send(writing, settler, before.ID, *opts)
	if moved.Err != nil {
		return opts.explain(ctx, moved.Err)
	}
	after := opts.after(writing, before, moved)
	opts.name(writing, printer, &after)
	opts.announce(before, after, moved)
	return output.One(printer, show.Records(), after)
}

// complete prompts for missing values on a terminal, and checks all of them.
func (o *moveOptions) complete(ctx context.Context) error {
	var missing []string
	if o.qty == "" {
		missing = append(missing, "--qty")
	}
	if o.movement.acts && o.action == "" {
		missing = append(missing, "--action")
	}
	if len(missing) > 0 {
		ask, err := o.app.CanAsk()
		if err != nil {
			return err
		}
		if !ask {
			return failure.Usagef("missing %s", failure.AllOf(missing)).
				Hint("pass the flags; on a terminal, unless --no-input or CI is set, you are prompted")
		}
		if err := o.ask(ctx); err != nil {
			return err
		}
	}
	return o.check()
}

// check parses the quantity and checks all values.
func (o *moveOptions) check() (err error) {
	if o.quantity, err = api.ParseQuantity(o.qty); err != nil {
		return failure.Usagef("--qty %q: %w", o.qty, err)
	}
	problems := &failure.Problems{Source: "the flags"}
	var wrong []failure.Problem
	if o.movement.signs != nil {
		if p := o.movement.signs(o); p != nil {
			p.What = strings.Replace(p.What, "write -", "write --qty=-", 1)
			wrong = append(wrong, *p)
		}
	}
	for _, p := range append(wrong, o.movement.check(*o)...) {
		p.Where, p.Field = "--"+p.Field, ""
		problems.Add(p)
	}
	return problems.Err()
}

// find reads the record of an address. For a record id, the quantities may be missing,
// because the API cannot read a record by id.
func (o *moveOptions) find(ctx context.Context) (api.Record, error) {
	names, err := o.app.Names(ctx)
	if err != nil {
		return api.Record{}, err
	}
	return names.Target(ctx, o.record)
}

// name fills in the names for the output. The stock has already moved, so it does not
// fail if names cannot be read.
func (o *moveOptions) name(ctx context.Context, printer *output.Printer, r *api.Record) {
	names, err := o.app.Names(ctx)
	if err != nil {
		return
	}
	if o.called = o.record; r.ProductID != "" && !strings.Contains(o.record, "@") {
		o.called = names.Label(ctx, *r)
	}
	if output.Shows(printer, show.Records(), show.NameFields()...) {
		_ = names.NameRecord(ctx, r)
	}
}

// explain adds the current stock to a refusal, if it can be read.
func (o *moveOptions) explain(ctx context.Context, err error) error {
	switch kind := failure.KindOf(err); {
	case kind == failure.NotFound && !strings.Contains(o.record, "@"):
		names, failed := o.app.Names(ctx)
		if failed != nil {
			return err
		}
		return names.ExplainTarget(ctx, err, o.record)
	case kind != failure.Refused || !strings.Contains(o.record, "@"):
		return err
	}
	now, failed := o.find(ctx)
	if failed != nil {
		return err
	}
	return failure.WithHint(err, "now %s has %s on hand, %s reserved and %s available",
		o.record, show.Quantity(now.OnHandQty), show.Quantity(now.ReservedQty), show.Quantity(now.AvailableQty))
}

// after returns the record after the movement. If the response was lost or had no
// quantities, it reads the record again; otherwise it merges the response into the record
// from before.
func (o *moveOptions) after(ctx context.Context, before api.Record, moved settle.Movement) api.Record {
	if moved.Record != nil && moved.Record.OnHandQty != nil {
		return settle.Updated(before, *moved.Record)
	}
	if now, err := o.find(ctx); err == nil && now.OnHandQty != nil {
		return now
	}
	return api.Record{ID: before.ID}
}

func (o *moveOptions) announce(before, after api.Record, moved settle.Movement) {
	if o.movement.acts && before.OnHandQty == nil && after.OnHandQty != nil {
		was := *after.OnHandQty - o.quantity
		before.OnHandQty = &was
	}
	line := o.sentence(o.movement.done, before, after)
	if moved.Confirmed {
		line += " (confirmed: the first response was lost)"
	}
	o.app.Done("%s%s", line, o.app.Written())
}

func newAdjustCmd(a *app.App, run func(context.Context, *moveOptions) error) *cobra.Command {
	return newMoveCmd(a, adjusting(), &cobra.Command{
		Short: "Add to or take from the stock on hand",
		Long: `Add to or take from the stock on hand of one record. --action is the reason.
Write a negative quantity as --qty=-3.`,
		Example: `  stockctl inventory adjust TOTE-CANVAS@LGS-01 --qty=-3 --action damaged --notes "fell off the shelf"
  stockctl inventory adjust TOTE-CANVAS@LGS-01 --qty=-3 --action damaged --dry-run
  stockctl inventory adjust inv_xyz789 --qty 40 --action received --reference PO-1042`,
	}, run)
}

func newReserveCmd(a *app.App, run func(context.Context, *moveOptions) error) *cobra.Command {
	return newMoveCmd(a, reserving(), &cobra.Command{
		Short:   "Set aside available stock",
		Long:    "Set aside available stock of one record, for example for an order. The quantity on\nhand does not change.",
		Example: "  stockctl inventory reserve TOTE-CANVAS@LGS-01 --qty 2 --reference ORDER-77",
	}, run)
}

func newReleaseCmd(a *app.App, run func(context.Context, *moveOptions) error) *cobra.Command {
	return newMoveCmd(a, releasing(), &cobra.Command{
		Short:   "Make reserved stock available again",
		Long:    "Make reserved stock of one record available again. The quantity on hand does not\nchange.",
		Example: "  stockctl inventory release TOTE-CANVAS@LGS-01 --qty 2 --reference ORDER-77",
	}, run)
}
