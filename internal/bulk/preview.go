package bulk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/settle"
)

// The words of Change.Would.
const (
	WouldCreate  = "create"
	WouldAdjust  = "adjust"
	WouldSet     = "set"
	WouldRefuse  = "refused"  // the API would say no
	WouldDiffer  = "conflict" // it stands, and differs
	WouldKeep    = "already"  // there is nothing to do
	WouldSkip    = "skipped"  // --duplicates leaves the row out
	WouldInvalid = "invalid"  // the row cannot be sent
)

// Change is what a row would do were it sent now. From and To are on hand, nil
// where it is not known or does not change.
type Change struct {
	Line   int    `json:"line"`
	Record string `json:"record"` // PRODUCT[/SKU]@WAREHOUSE, or an id
	Would  string `json:"would"`
	From   *int64 `json:"from"`
	To     *int64 `json:"to"`
	Why    string `json:"why,omitempty"`
}

// Preview reads the file once more and tells what each row would do. It asks
// the API to read only, and what others do meanwhile may change the result.
func (p *Plan) Preview(ctx context.Context) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		f := &foresight{plan: p, balance: map[Key]int64{}}
		var err error
		if p.options.Mode == Create {
			err = f.standing(ctx)
		}
		if err == nil {
			err = p.each(ctx, func(v *visit) error {
				if !yield(f.change(ctx, v), nil) {
					return errEnough
				}
				return nil
			})
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(Change{}, err)
		}
	}
}

var errEnough = errors.New("the reader has seen enough")

// foresight knows what stands, and what the rows seen so far would make of it.
type foresight struct {
	plan    *Plan
	stands  map[Key]api.Record // create
	balance map[Key]int64      // adjust: on hand after the rows so far
}

// standing reads the records of the file's products: product by product or page
// by page, whichever is fewer requests.
func (f *foresight) standing(ctx context.Context) error {
	p := f.plan
	f.stands = map[Key]api.Record{}
	p.products = map[string]bool{}
	err := p.each(ctx, func(v *visit) error {
		p.named(v.row.Create.ProductID)
		return nil
	})
	if err != nil {
		return err
	}
	few := false
	if p.products != nil {
		if few, err = p.fewerByProduct(ctx); err != nil {
			return err
		}
	}
	var mu sync.Mutex
	put := func(r api.Record) {
		mu.Lock()
		defer mu.Unlock()
		f.stands[keyOf(r)] = r
	}
	if few {
		return p.askProducts(ctx, put)
	}
	return p.askPages(ctx, put)
}

func (f *foresight) change(ctx context.Context, v *visit) Change {
	p, row := f.plan, v.row
	c := Change{Line: row.Line}
	if len(v.problems) > 0 || p.invalid.Has(row.N) {
		c.Would, c.Why = WouldInvalid, invalidVerdict(v).message
		return c
	}
	c.Record = f.addressOf(ctx, row)
	switch {
	case p.skip.Has(row.N):
		c.Would, c.Why = WouldSkip, "another row of the file is the same record"
	case p.known.Has(row.N):
		c.Would, c.Why = WouldKeep, "it was applied by an earlier import"
	case p.options.Mode == Create:
		f.create(row, &c)
	case p.options.Mode == Set:
		f.set(row, &c)
	default:
		f.adjust(row, &c)
	}
	return c
}

// addressOf is a row's record as people name it.
func (f *foresight) addressOf(ctx context.Context, row *Row) string {
	key := row.Key
	if key.Record != "" {
		return key.Record
	}
	if w, err := f.plan.env.Names.Warehouse(ctx, key.Warehouse); err == nil && w.Code != "" {
		key.Warehouse = w.Code
	}
	return api.Record{ProductID: key.Product, SKUID: key.SKU, WarehouseID: key.Warehouse}.Address()
}

func (f *foresight) create(row *Row, c *Change) {
	c.Would, c.To = WouldCreate, row.Create.InitialQty
	found, stands := f.stands[row.Key]
	if !stands {
		return
	}
	c.Would, c.From, c.To = WouldKeep, found.OnHandQty, nil
	diffs := settle.Compare(row.Create, found)
	switch policy := f.plan.options.IfExists; {
	case policy == settle.Fail:
		c.Would, c.Why = WouldRefuse, "the record exists"
	case policy == settle.Same && len(diffs) > 0:
		c.Would, c.Why = WouldDiffer, settle.Describe(diffs)
	case policy == settle.Set && found.OnHandQty == nil:
		c.Would, c.Why = WouldRefuse, "the API does not tell its on hand"
	case policy == settle.Set && *found.OnHandQty != *row.Create.InitialQty:
		c.Would, c.To = WouldSet, row.Create.InitialQty
	}
}

func (f *foresight) set(row *Row, c *Change) {
	now, _ := f.plan.records.get(row.Key)
	c.Would, c.From = WouldKeep, &now.onHand
	if now.onHand != row.Want {
		c.Would, c.To = WouldSet, &row.Want
	}
}

// adjust follows the stock of a record through the rows: the API refuses what
// would leave less than nothing.
func (f *foresight) adjust(row *Row, c *Change) {
	c.Would = WouldAdjust
	now, _ := f.plan.records.get(row.Key)
	if !now.known {
		c.Why = fmt.Sprintf("%+d", row.Change.Qty)
		return
	}
	before, moved := f.balance[row.Key]
	if !moved {
		before = now.onHand
	}
	after := before + row.Change.Qty
	c.From = &before
	if after < 0 {
		c.Would, c.Why = WouldRefuse, fmt.Sprintf("%+d would leave %d on hand", row.Change.Qty, after)
		return
	}
	c.To, f.balance[row.Key] = &after, after
}
