package transferring

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/stock"
	"github.com/bayworks/stockctl/internal/transfer"
)

const (
	// fewProducts is the maximum number of products to read one by one. With more, the
	// list of all records is read.
	fewProducts = 100
	// readers is how many of those are read concurrently.
	readers = 4
	// perPage is the page size for the list of all records.
	perPage = 100
)

// moving works out the moves of a file from the store's records.
type moving struct {
	names      *lookup.Names
	warehouses map[string]api.Warehouse
	records    map[stock.Address]api.Record
	ids        stock.IDs[stock.Address]
	available  map[string]*int64 // by record, after the moves so far; nil: not reported by the API
	before     map[string]api.Record
}

// readStore reads the warehouses, and the records of the items to be moved.
func readStore(ctx context.Context, client *api.Client, names *lookup.Names, rows []importer.MoveRow) (*moving, error) {
	m := &moving{
		names: names, warehouses: map[string]api.Warehouse{}, records: map[stock.Address]api.Record{},
		available: map[string]*int64{}, before: map[string]api.Record{},
	}
	products := map[string]bool{}
	for _, r := range rows {
		products[r.ProductID] = true
		for _, id := range []string{r.From, r.To} {
			if _, known := m.warehouses[id]; known {
				continue
			}
			w, err := names.WarehouseOrID(ctx, id)
			if err != nil {
				return nil, err
			}
			m.warehouses[id] = w
		}
	}
	if len(products) > fewProducts {
		for r, err := range client.Records().PageSize(perPage).All(ctx) {
			if err != nil {
				return nil, fmt.Errorf("reading the records: %w", err)
			}
			m.keep(r)
		}
		return m, nil
	}
	return m, m.readEach(ctx, client, products)
}

func (m *moving) readEach(ctx context.Context, client *api.Client, products map[string]bool) error {
	var mu sync.Mutex
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(readers)
	for product := range products {
		all.Go(func() error {
			list, err := client.RecordsOf(ctx, product, "")
			if err != nil && failure.KindOf(err) != failure.NotFound {
				return fmt.Errorf("reading the records of %s: %w", product, err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, r := range list {
				m.keep(r)
			}
			return nil
		})
	}
	return all.Wait()
}

func (m *moving) keep(r api.Record) {
	if api.CheckID("id", r.ID) != nil {
		return // it could not be moved
	}
	m.ids.Add(r.Address(), r.ID)
	m.records[r.Address()] = r
	have := spare(r)
	if have != nil {
		n := *have
		have = &n
	}
	m.available[r.ID] = have
}

// plan returns the moves of the rows, in their order, and the mistakes of rows that
// cannot be moved. Each row is checked against the stock that the earlier rows leave.
func (m *moving) plan(ctx context.Context, rows []importer.MoveRow) (moves []transfer.Move, wrong map[int64]importer.Mistake) {
	wrong = map[int64]importer.Mistake{}
	for _, r := range rows {
		p, mistake := m.one(ctx, r)
		if mistake != nil {
			wrong[r.N] = *mistake
			continue
		}
		moves = append(moves, transfer.Move{Line: r.Line, Plan: p})
		for id, change := range map[string]int64{p.From.RecordID: -r.Qty, p.To.RecordID: r.Qty} {
			if have := m.available[id]; have != nil {
				*have += change
			}
		}
	}
	return moves, wrong
}

func (m *moving) one(ctx context.Context, r importer.MoveRow) (p transfer.Plan, wrong *importer.Mistake) {
	p = transfer.Plan{ProductID: r.ProductID, SKUID: r.SKUID, Qty: r.Qty, Notes: r.Notes}
	p.Called = m.names.AddressOf(ctx, r.ProductID, r.SKUID, "")
	for _, end := range []struct {
		field, warehouse string
		side             *transfer.Side
	}{{"from", r.From, &p.From}, {"to", r.To, &p.To}} {
		w := m.warehouses[end.warehouse]
		at := stock.Address{Product: r.ProductID, SKU: r.SKUID, Warehouse: end.warehouse}
		record, found := m.records[at]
		switch {
		case end.field == "to" && !w.Active:
			return p, &importer.Mistake{Field: "to", What: "is inactive and cannot receive stock", Code: failure.CodeInactive}
		case !found:
			what := "has no inventory record of " + m.item(ctx, r)
			if end.field == "to" {
				what += ": create it first, with initialQty 0"
			}
			return p, &importer.Mistake{Field: end.field, What: what, Code: failure.CodeUnknownRecord}
		case m.ids.Several(at) != "":
			return p, &importer.Mistake{Field: end.field, What: m.ids.Several(at) + " of " + m.item(ctx, r), Code: failure.CodeSeveralRecords}
		}
		m.before[record.ID] = record
		*end.side = side(record, w)
	}
	if p.From.RecordID == p.To.RecordID {
		return p, &importer.Mistake{Field: "to", What: "has the same inventory record as the other warehouse, " + p.To.RecordID, Code: failure.CodeSameRecord}
	}
	if what := p.Problem(); what != "" {
		return p, &importer.Mistake{Field: "notes", What: what, Code: failure.CodeInvalid}
	}
	if have := m.available[p.From.RecordID]; have != nil && *have < r.Qty {
		return p, &importer.Mistake{
			Field: "qty",
			What:  fmt.Sprintf("is more than the %d of %s available at %s%s", max(0, *have), m.item(ctx, r), p.From.Label, m.after(p.From.RecordID)),
			Code:  failure.CodeNotEnough,
		}
	}
	return p, nil
}

// after says that earlier rows changed the stock of a record.
func (m *moving) after(record string) string {
	was := spare(m.before[record])
	if was == nil || *was == *m.available[record] {
		return ""
	}
	return " after the rows before"
}

// item returns the name of a row's item: its code, if that is known.
func (m *moving) item(ctx context.Context, r importer.MoveRow) string {
	return m.names.AddressOf(ctx, r.ProductID, r.SKUID, "")
}
