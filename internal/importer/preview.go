package importer

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Would is what would happen to a row.
type Would = string

// The values of Would.
const (
	WouldCreate  Would = "create"
	WouldAdjust  Would = "adjust"
	WouldSet     Would = "set"
	WouldRefuse  Would = "refused"  // the API would refuse it
	WouldDiffer  Would = "conflict" // a different record exists, or stock has moved
	WouldKeep    Would = "already"  // nothing to do
	WouldDoubt   Would = "doubtful" // the store does not have what it names
	WouldSkip    Would = "skipped"  // --duplicates leaves the row out
	WouldInvalid Would = "invalid"  // the row cannot be sent
)

// Change is what a row would do if it were sent now.
type Change struct {
	Line   int    `json:"line"`
	Record string `json:"record"` // PRODUCT[/SKU]@WAREHOUSE, or an id
	Would  Would  `json:"would"`
	From   *int64 `json:"from"` // on hand before; null: unknown, or no record
	To     *int64 `json:"to"`   // on hand after; null: unknown, or unchanged
	Why    string `json:"why,omitempty"`
	Key    Key    `json:"-"` // of the record; zero if the row names none
}

// Preview yields what each row of the plan would do. It only reads from the API.
// Concurrent changes by others may change the result.
func (p *Plan) Preview(ctx context.Context) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		f := &predictor{plan: p, balance: map[Key]int64{}}
		var err error
		switch {
		case p.options.Mode == stock.Create:
			if err = f.readExisting(ctx); err == nil {
				err = f.readProducts(ctx)
			}
		case p.options.Mode == stock.Adjust && p.needsNoRecords(): // the rows alone do not show what will be refused
			err = p.askPages(ctx, p.records.put)
			p.records.sort()
		}
		if err == nil {
			err = p.writes.Each(func(w *ledger.Write) error {
				if w.N%1024 == 0 && ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if !yield(f.change(ctx, w), nil) {
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

// predictor has the existing records, and what the rows so far would change about them.
type predictor struct {
	plan     *Plan
	existing map[Key]api.Record // create
	balance  map[Key]int64      // adjust: quantity on hand after the rows so far
	// products are those of the new records; nil for a product that the store does not
	// have.
	products map[string]*api.Product
}

// readExisting reads the records of the plan's products, product by product or page by
// page, whichever takes fewer requests.
func (f *predictor) readExisting(ctx context.Context) error {
	p := f.plan
	f.existing = map[Key]api.Record{}
	err := p.nameSendable()
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
		f.existing[keyOf(r)] = r
	}
	if few {
		return p.askProducts(ctx, put)
	}
	return p.askPages(ctx, put)
}

func (f *predictor) change(ctx context.Context, w *ledger.Write) Change {
	c := Change{Line: w.Line}
	if w.Decided != nil {
		c.Would, c.Why = wouldBe(w.Decided.State), w.Decided.Message
		if w.Decided.State == journal.Invalid {
			return c
		}
	}
	c.Record, c.Key = f.addressOf(ctx, w), w.Key
	switch {
	case w.Decided != nil:
	case f.plan.options.Mode == stock.Create:
		f.create(w, &c)
	case f.plan.options.Mode == stock.Set:
		f.set(w, &c)
	default:
		f.adjust(w, &c)
	}
	return c
}

// wouldBe returns the word for a row that was decided when the plan was made.
func wouldBe(s journal.State) string {
	switch s {
	case journal.Skipped:
		return WouldSkip
	case journal.Already:
		return WouldKeep
	}
	return WouldInvalid
}

// addressOf returns the address of a row's record for display. It is blank if the row
// names none.
func (f *predictor) addressOf(ctx context.Context, w *ledger.Write) string {
	key := w.Key
	if key.Record != "" || key.Product == "" { // a row that was left out may not name its record
		return key.Record
	}
	if w, err := f.plan.env.Names.WarehouseOrID(ctx, key.Warehouse); err == nil && w.Code != "" {
		key.Warehouse = w.Code
	}
	return key.String()
}

func (f *predictor) create(w *ledger.Write, c *Change) {
	found, exists := f.existing[w.Key]
	if !exists {
		if c.Would, c.Why = f.refusal(w.Key); c.Would == WouldCreate {
			c.To = w.Create.InitialQty
		}
		return
	}
	c.Would, c.From, c.To = WouldKeep, found.OnHandQty, nil
	switch f.plan.options.IfExists.Decide(w.Create, found) {
	case settle.Exists:
		c.Would, c.Why = WouldRefuse, "the record exists"
	case settle.Differs:
		c.Would, c.Why = WouldDiffer, settle.Describe(settle.Compare(w.Create, found))
	case settle.Unknowable:
		c.Would, c.Why = WouldRefuse, "the API does not report its quantity on hand"
	case settle.ToSet:
		c.Would, c.To = WouldSet, w.Create.InitialQty
	}
}

func (f *predictor) set(w *ledger.Write, c *Change) {
	seen := w.Seen // a copy: w is reused for the next row
	if f.plan.options.Reviewed {
		var gone error
		if seen, gone = f.plan.onHand(w); gone != nil {
			c.Would, c.Why = WouldRefuse, gone.Error()
			return
		}
	}
	qty, decided := f.plan.options.Difference(w, seen)
	to := seen + qty
	switch c.From = &seen; {
	case decided == nil:
		c.Would, c.To = WouldSet, &to
	case decided.State == journal.Conflict:
		c.Would, c.Why = WouldDiffer, decided.Message
	default:
		c.Would, c.Why = WouldKeep, decided.Message
	}
}

// adjust follows the quantity on hand of a record through the rows. The API refuses a row
// that would leave less than 0.
func (f *predictor) adjust(w *ledger.Write, c *Change) {
	c.Would = WouldAdjust
	now, exists := f.plan.records.get(w.Key)
	if !exists {
		c.Would, c.Why = WouldDoubt, "the store has no such inventory record"
		return
	}
	if !now.known {
		c.Why = fmt.Sprintf("%+d", w.Change.Qty)
		return
	}
	before, moved := f.balance[w.Key]
	if !moved {
		before = now.onHand
	}
	after := before + w.Change.Qty
	c.From = &before
	if after < 0 {
		c.Would, c.Why = WouldRefuse, fmt.Sprintf("%+d would leave %d on hand", w.Change.Qty, after)
		return
	}
	c.To, f.balance[w.Key] = &after, after
}
