package importer

import (
	"context"
	"errors"
	"os"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

// Check reads a file, and asks the API for everything that must be known before the first
// write. The caller closes the plan or runs it.
func Check(ctx context.Context, env Env, o Options) (*Plan, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	if o.Duplicates == "" {
		o.Duplicates = columns.DuplicatesFail
	}
	id := journal.NewID(env.Now())
	p := newPlan(env, o, id)
	err := p.prepare(ctx)
	if err == nil {
		err = p.recognise(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func newPlan(env Env, o Options, id string) *Plan {
	return &Plan{env: env, options: o, id: id, names: columns.NewNames(env.Names, env.Barcodes, o.Mode), LeftOut: map[string]int64{}}
}

// prepare reads and checks the input, and queries the API.
func (p *Plan) prepare(ctx context.Context) error {
	var err error
	table := p.options.Table
	table.IsHeader = columns.IsHeader(ctx, &p.options.Reading, p.names)
	if p.source, err = openSource(ctx, p.options.File, p.env.In, table); err != nil {
		return err
	}
	p.Dialect, p.name = p.source.dialect, p.source.name
	if p.options.ChooseMode(p.Dialect.Header) {
		p.names = columns.NewNames(p.env.Names, p.env.Barcodes, p.options.Mode)
	}
	p.wrong = &mistakes{source: p.name}
	p.products = map[string]bool{}
	if err := p.makeFolder(); err != nil {
		return err
	}
	r, err := p.read(ctx)
	if err != nil {
		return err
	}
	p.digest = p.source.digest()
	if p.options.Mode != stock.Adjust && p.options.Mode != stock.Move { // in those modes, a record may have several rows
		if err := p.repeats(r.writer.named); err != nil {
			return err
		}
	}
	if p.options.Mode == stock.Move { // Refuse adds the mistakes that only the store reveals
		return nil
	}
	if err := p.mistakesInRows(); err != nil || p.options.Mode == stock.Count { // the caller compares a count with the store
		return err
	}
	if err := p.readTenant(ctx); err != nil {
		return err
	}
	if p.options.Mode != stock.Create {
		if err := p.askRecords(ctx); err != nil {
			return err
		}
		r.writer.repeated.keepTwice()
		if err := p.matchRecords(r.writer.repeated); err != nil {
			return err
		}
	}
	return p.mistakesInRows()
}

// makeFolder creates the folder for the plan. If the state folder is not writable, it
// uses a temporary folder, so that a dry run still works. A plan that cannot be kept is
// not sent.
func (p *Plan) makeFolder() error {
	if p.folder, p.unkept = p.env.Store.Reserve(p.id); p.unkept == nil {
		p.dir = p.folder.Dir()
		return nil
	}
	var err error
	p.dir, err = os.MkdirTemp("", "stockctl-plan-")
	return err
}

// mistakesInRows returns an error if the file has mistakes and --skip-invalid is not set.
func (p *Plan) mistakesInRows() error {
	if p.options.SkipInvalid {
		return nil
	}
	err, good := p.wrong.err(), p.Rows-p.Invalid()
	if good == 0 {
		return err
	}
	verb := "send"
	switch p.options.Mode {
	case stock.Count:
		verb = "count"
	case stock.Move:
		verb = "move"
	}
	return failure.WithHint(err, "fix the file, or %s the other %s with `--skip-invalid`", verb, failure.Count(good, "row", "rows"))
}

// readTenant asks the API which store this is.
func (p *Plan) readTenant(ctx context.Context) (err error) {
	p.Tenant, err = ledger.Tenant(ctx, p.env.Reader)
	return err
}

// maxProducts is how many products are tracked individually. With more, reading the pages
// of all records is cheaper than reading each product.
const maxProducts = 20_000

// nameSendable collects the products of the rows to be sent.
func (p *Plan) nameSendable() error {
	p.products = map[string]bool{}
	return p.writes.Each(func(w *ledger.Write) error {
		if w.Decided == nil {
			p.named(w.Key.Product)
		}
		return nil
	})
}

// named adds a product of the file, unless there are too many.
func (p *Plan) named(product string) {
	if p.products == nil {
		return
	}
	p.products[product] = true
	if len(p.products) > maxProducts {
		p.products = nil
	}
}
