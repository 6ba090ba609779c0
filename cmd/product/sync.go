package product

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
)

// syncOptions is what `product sync` knows when it starts.
type syncOptions struct{ app *app.App }

func newSyncCmd(a *app.App, run func(context.Context, *syncOptions) error) *cobra.Command {
	opts := &syncOptions{app: a}
	return &cobra.Command{
		Use:   "sync",
		Short: "Update the local copy of product names",
		Long: `Read all of the store's products, including archived ones, into the local copy
that names are looked up in: see ` + "`stockctl help names`" + `.

Other commands read the products that they need. In a large store, they do not
read the whole list just to show names: run this command first to see names.` + cli.ExitCodes(
			"0  the copy is up to date",
			"3  the copy cannot be written",
			"5  the account is not allowed to read products",
			"8  the API cannot be reached, or a page of the list cannot be read:\n     the copy is unchanged",
		),
		Example: "  stockctl product sync",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
}

func runSync(ctx context.Context, opts *syncOptions) error {
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	bar := &bar{app: opts.app}
	err = names.Sync(ctx, bar.show)
	bar.clear()
	if err != nil {
		return err
	}
	copied, err := opts.app.Copy()
	if err != nil {
		return err
	}
	if err := copied.Unkept(); err != nil {
		return fmt.Errorf("the products were read but could not be saved: %w", err)
	}
	products, skus, err := copied.Size(ctx)
	if err != nil {
		return err
	}
	opts.app.Note("the local copy has %s and %s", failure.Count(products, "product", "products"), failure.Count(skus, "SKU", "SKUs"))
	return nil
}

// bar shows progress: one line that is redrawn on a terminal, and a new line every
// barEvery elsewhere.
type bar struct {
	app   *app.App
	last  time.Time
	drawn bool
}

const barEvery = 10 * time.Second

func (b *bar) show(done, total int) {
	c, err := b.app.Config()
	if err != nil || c.Quiet() {
		return
	}
	line := fmt.Sprintf("reading products: %s of %s", humanize.Comma(int64(done)), humanize.Comma(int64(total)))
	now := b.app.Now()
	switch {
	case b.app.IO.ErrTTY:
		b.drawn = true
		const cells = 24
		filled := cells * done / max(total, 1)
		fmt.Fprintf(b.app.IO.Err, "\r\x1b[K[%-*s] %s", cells, strings.Repeat("#", min(filled, cells)), line)
	case b.last.IsZero():
		b.last = now
	case now.Sub(b.last) >= barEvery:
		b.last = now
		b.app.Note("%s", line)
	}
}

func (b *bar) clear() {
	if b.drawn {
		fmt.Fprint(b.app.IO.Err, "\r\x1b[K")
	}
}
