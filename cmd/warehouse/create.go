package warehouse

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/prompt"
)

// createOptions contains the app and the parsed flags of `warehouse create`.
type createOptions struct {
	app     *app.App
	request api.CreateWarehouse

	confirmed bool // a person has said yes
}

func newCreateCmd(a *app.App, run func(context.Context, *createOptions) error) *cobra.Command {
	opts := &createOptions{app: a}
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Create a warehouse",
		Long: `Create a warehouse. Without --code, the API chooses a code. A store has one
default warehouse: with --default, the new one replaces it.` + cli.ExitCodes(
			"0  created",
			"2  a flag is missing or wrong: nothing was sent",
			"7  refused by the API: the code is taken, for example",
			"9  outcome unknown: check with `stockctl warehouse list`",
		),
		Example: `  stockctl warehouse create --name "Kano Depot" --code KAN-01
  stockctl warehouse create --name Partner --type third_party_logistics --address "12 Dock Road, Apapa"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts.request.Type = strings.ToUpper(opts.request.Type)
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.request.Name, "name", "", "the `name`, at most 100 characters")
	flags.StringVar(&opts.request.Code, "code", "", "the `code`, at most 20 characters, unique in the store")
	flags.StringVar(&opts.request.Address, "address", "", "the `address`, 5 to 255 characters")
	flags.BoolVar(&opts.request.IsDefault, "default", false, "make it the default warehouse")
	flags.StringVar(&opts.request.Type, "type", "", "the `type`, in upper or lower case: "+failure.OneOf(api.WarehouseTypes()))
	cli.CompleteValues(cmd, "type", api.WarehouseTypes())
	return cmd
}

func runCreate(ctx context.Context, opts *createOptions) error {
	if err := opts.complete(ctx); err != nil {
		return err
	}
	if err := problems(opts.request.Validate()); err != nil {
		return err
	}
	printer, err := app.PrinterFor(opts.app, view())
	if err != nil {
		return err
	}
	client, err := opts.app.API(ctx)
	if err != nil {
		return err
	}
	if !opts.confirmed {
		if err := opts.app.Consent(ctx, "Create warehouse "+opts.request.Name); err != nil {
			return err
		}
	}
	writing, done := app.Finish(ctx)
	defer done()
	w, err := client.CreateWarehouse(writing, opts.request)
	if err != nil {
		return hintToCheck(err)
	}
	opts.app.Done("created warehouse %s%s", lookup.Label(w), opts.app.Written())
	return output.One(printer, view(), w)
}

// complete prompts for what is missing if there is a terminal and no name was given, and
// for a yes.
func (o *createOptions) complete(ctx context.Context) error {
	ask, err := o.app.CanAsk()
	if err != nil || !ask || o.request.Name != "" {
		return err
	}
	p, err := o.app.Prompt()
	if err != nil {
		return err
	}
	r := &o.request
	walk := &prompt.Walk{}
	walk.Steps = []prompt.Step{
		o.text(p, "Name", "at most 100 characters", func(r *api.CreateWarehouse) *string { return &r.Name }),
		o.text(p, "Code", "at most 20 characters; leave blank for a generated code", func(r *api.CreateWarehouse) *string { return &r.Code }),
		o.text(p, "Address", "5 to 255 characters; optional", func(r *api.CreateWarehouse) *string { return &r.Address }),
		{Title: "Type", Known: r.Type != "", Answer: func() string { return r.Type }, Ask: func(ctx context.Context) error {
			choice := prompt.Choice{Title: "Type", Default: cmp.Or(r.Type, api.WarehouseTypes()[0])}
			for _, t := range api.WarehouseTypes() {
				choice.Options = append(choice.Options, prompt.Option{Label: t, Value: t})
			}
			answer, err := p.Select(ctx, choice)
			if err == nil {
				r.Type = answer
			}
			return err
		}},
		{Title: "confirm", Ask: func(ctx context.Context) error {
			if o.app.Yes {
				return nil
			}
			err := walk.Confirm(ctx, p, "Create this warehouse"+o.app.Written()+"?", "nothing was created")
			o.confirmed = err == nil
			return err
		}},
	}
	return walk.Run(ctx)
}

// text is the step of a field of text.
func (o *createOptions) text(p prompt.Prompter, title, help string, field func(*api.CreateWarehouse) *string) prompt.Step {
	into := field(&o.request)
	return prompt.Step{Title: title, Known: *into != "", Answer: func() string { return *into }, Ask: func(ctx context.Context) error {
		answer, err := p.Input(ctx, prompt.Question{Title: title, Help: help, Default: *into, Validate: o.valid(strings.ToLower(title), field)})
		if err == nil {
			*into = answer
		}
		return err
	}}
}

// valid checks the text of one field with the rules of the request.
func (o *createOptions) valid(name string, field func(*api.CreateWarehouse) *string) func(string) error {
	return func(text string) error {
		try := o.request
		*field(&try) = text
		for _, p := range try.Validate() {
			if p.Field == name {
				return errors.New(p.What)
			}
		}
		return nil
	}
}

// problems turns mistakes in a request into an error with the names of the flags.
func problems(list []failure.Problem) error {
	p := &failure.Problems{Source: "the flags"}
	for _, one := range list {
		if one.Field != "" {
			one.Where, one.Field = "--"+one.Field, ""
		}
		p.Add(one)
	}
	return p.Err()
}

// hintToCheck adds a hint on how to check the result of a write whose response was lost.
func hintToCheck(err error) error {
	if failure.KindOf(err) == failure.OutcomeUnknown {
		return failure.WithHint(err, "check with `stockctl warehouse list` before you send it again")
	}
	return err
}
