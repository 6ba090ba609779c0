package bulk

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
)

// Check reads a file and asks the API what must be known before the first
// write. The caller closes the plan, or runs it.
func Check(ctx context.Context, env Env, o Options) (*Plan, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	if o.Duplicates == "" {
		o.Duplicates = DuplicatesFail
	}
	id := journal.NewID(env.Now())
	p := newPlan(env, o, id)
	err := p.prepare(ctx, o.File)
	if err == nil {
		err = p.recognise(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func newPlan(env Env, o Options, id string) *Plan {
	return &Plan{env: env, options: o, id: id, dir: filepath.Join(env.Store.Dir, id), names: newNames(env.Names, o.Mode)}
}

// prepare reads and checks the file at a path, and asks the API.
func (p *Plan) prepare(ctx context.Context, path string) error {
	var err error
	if p.source, err = openSource(path, p.options.File, p.env.In, p.dir, p.options.Table); err != nil {
		return err
	}
	p.Verdict = p.source.verdict
	p.wrong = &mistakes{source: p.source.name}
	p.products = map[string]bool{}
	if err := p.checkRows(ctx); err != nil {
		return err
	}
	if err := p.verdictOnRows(); err != nil {
		return err
	}
	if err := p.who(ctx); err != nil {
		return err
	}
	if p.options.Mode != Create {
		if err := p.askRecords(ctx); err != nil {
			return err
		}
		if err := p.matchRecords(ctx); err != nil {
			return err
		}
	}
	return p.verdictOnRows()
}

// verdictOnRows is the error of a file with mistakes that are not accepted.
func (p *Plan) verdictOnRows() error {
	if p.options.SkipInvalid {
		return nil
	}
	err, good := p.wrong.err(), p.Rows-p.invalid.Len()
	if good == 0 {
		return err
	}
	return failure.WithHint(err, "mend the file, or send the other %s with `--skip-invalid`", Counted(good, "row"))
}

// who asks the API whose store this is. An account that may not ask is let
// through: the writes will tell.
func (p *Plan) who(ctx context.Context) error {
	profile, err := p.env.Reader.Profile(ctx)
	switch failure.KindOf(err) {
	case failure.Permission, failure.NotFound, failure.Refused:
		return nil
	}
	if err != nil {
		return fmt.Errorf("asking who is signed in: %w", err)
	}
	p.Tenant = profile.TenantID
	return nil
}

// maxProducts is how many products are kept apart: beyond it reading the pages
// of all records is cheaper than asking for each product.
const maxProducts = 20_000

// checkRows is the first reading: every row is checked, counted, and held
// against those before it.
func (p *Plan) checkRows(ctx context.Context) error {
	named, alike := newMarks[Key](), newMarks[content]()
	err := p.each(ctx, func(v *visit) error {
		p.Rows++
		if len(v.problems) > 0 {
			p.invalid.Add(v.row.N)
			p.wrong.add(v.problems...)
			return nil
		}
		if p.options.Mode != Create {
			p.named(v.parser.get(draft.ProductID))
		}
		if p.options.Mode == Adjust {
			alike.add(contentOf(v.row))
		} else {
			named.add(v.row.Key)
		}
		return nil
	})
	p.checked = true
	if err != nil {
		return err
	}
	if p.options.Mode == Adjust { // several rows a record are its ledger
		alike.keepTwice()
		p.alike = alike
		return nil
	}
	return p.decide(ctx, named)
}

// named notes a product of the file, unless there are too many.
func (p *Plan) named(product string) {
	if p.products == nil {
		return
	}
	p.products[product] = true
	if len(p.products) > maxProducts {
		p.products = nil
	}
}
