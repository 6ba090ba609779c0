package inventory

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/settle"
)

// predict prints what the creates would do. For each of them it returns why the API would
// refuse it, or nil. It follows the same rules as a create and as the dry run of an
// import.
func (o *createOptions) predict(ctx context.Context, drafts []*draft.Create, targets []target) ([]error, error) {
	settler, err := o.app.Settler(ctx)
	if err != nil {
		return nil, err
	}
	refusals := make([]error, len(drafts))
	fresh := map[string]bool{} // the products of new records
	isNew := make([]bool, len(drafts))
	for i, d := range drafts {
		existing, found, err := settler.Predict(ctx, d.Request, o.ifExists)
		switch {
		case failure.KindOf(err) == failure.Permission: // the account may still create
		case err != nil:
			return nil, err
		case !found:
			isNew[i], fresh[d.Request.ProductID] = true, true
		case existing.Err != nil:
			refusals[i] = existing.Err
		default:
			o.noteExisting(d, existing)
		}
	}
	products, err := targets[0].names.Known(ctx, fresh)
	if err != nil {
		return nil, err
	}
	for i, d := range drafts {
		product, read := products[d.Request.ProductID]
		if !isNew[i] || !read {
			continue
		}
		err := lookup.Refusal(product, d.Request.ProductID, d.Request.SKUID)
		switch {
		case failure.KindOf(err) != failure.NotFound:
			refusals[i] = err
		case !targets[i].guessed: // remarkGuesses notes guesses
			o.app.Note("doubtful: %v", err)
		}
	}
	return refusals, nil
}

func (o *createOptions) noteExisting(d *draft.Create, existing settle.Creation) {
	name, onHand := d.Request.Called, show.Quantity(existing.Record.OnHandQty)
	if existing.Adjusted == 0 {
		o.app.Note("%s already exists, %s on hand", name, onHand)
		return
	}
	o.app.Note("%s already exists: on hand would be set from %s to %d by an adjustment of %+d",
		name, onHand, *d.Request.InitialQty, existing.Adjusted)
}

// dryRunOne is the dry run of one record. It fails if the create would.
func (o *createOptions) dryRunOne(ctx context.Context, d *draft.Create, where target) error {
	refusals, err := o.predict(ctx, []*draft.Create{d}, []target{where})
	if err != nil {
		return err
	}
	if why := refusals[0]; why != nil {
		return fmt.Errorf("the create would be refused: %w", where.explain(why))
	}
	return nil
}

// dryRunMany is the dry run of a file. Like the dry run of an import, it counts the
// records that would be refused.
func (o *createOptions) dryRunMany(ctx context.Context, drafts []*draft.Create, targets []target) error {
	refusals, err := o.predict(ctx, drafts, targets)
	if err != nil {
		return err
	}
	refused := 0
	for i, why := range refusals {
		if why != nil {
			refused++
			o.app.Note("%s: would be refused: %s", drafts[i].Source, failure.Sentence(targets[i].explain(why)))
		}
	}
	if refused > 0 {
		o.app.Note("dry run: %d of %d records would be refused", refused, len(drafts))
	}
	return nil
}
