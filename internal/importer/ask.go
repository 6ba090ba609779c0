package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// pageSize is the assumed number of records per page. readers is how many products are
// requested concurrently.
const (
	pageSize = 50
	readers  = 4
)

// askRecords reads the records that the rows of an adjust or set file name. It reads
// either all pages of records or each product's records, whichever takes fewer requests.
// An adjust file that names its records only by id needs neither: the API knows the ids.
func (p *Plan) askRecords(ctx context.Context) error {
	byID := p.namesByID()
	p.records = newRecords(byID)
	p.records.both = p.twoNames
	defer p.records.sort()
	if byID {
		p.products = nil
	}
	if p.options.Mode == stock.Adjust && p.needsNoRecords() || p.Rows == p.Invalid() {
		return nil
	}
	if p.products != nil {
		few, err := p.fewerByProduct(ctx)
		if err != nil {
			return err
		}
		if few {
			return p.askProducts(ctx, p.records.put)
		}
	}
	return p.askPages(ctx, p.records.put)
}

// askPages reads all pages of records, and calls put for those of the file's products.
func (p *Plan) askPages(ctx context.Context, put func(api.Record)) error {
	for record, err := range p.env.Reader.Records().All(ctx) {
		if err != nil {
			return fmt.Errorf("reading the records: %w", err)
		}
		if p.products == nil || p.products[record.ProductID] {
			put(record)
		}
	}
	return nil
}

// namesByID reports whether the file names its records by inventoryId.
func (p *Plan) namesByID() bool { return p.columns.Has(columns.FieldRecord) }

// needsNoRecords reports whether an adjust file can be sent without reading the records.
func (p *Plan) needsNoRecords() bool { return p.namesByID() && !p.twoNames }

// fewerByProduct reports whether reading product by product takes fewer requests than
// reading all pages. It reads the first page for the total.
func (p *Plan) fewerByProduct(ctx context.Context) (bool, error) {
	if len(p.products) <= 2 {
		return true, nil
	}
	list := p.env.Reader.Records()
	var failed error
	list.All(ctx)(func(_ api.Record, err error) bool {
		failed = err
		return false
	})
	total, stated := list.Total()
	return stated && len(p.products) <= total/pageSize, failed
}

// askProducts requests the records of each product, several products concurrently. put
// must be safe for concurrent use.
func (p *Plan) askProducts(ctx context.Context, put func(api.Record)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work := make(chan string)
	errs := make([]error, readers)
	var wg sync.WaitGroup
	for i := range readers {
		wg.Go(func() {
			for product := range work {
				if errs[i] = p.askProduct(ctx, product, put); errs[i] != nil {
					cancel()
					return
				}
			}
		})
	}
feed:
	for product := range p.products {
		select {
		case work <- product:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	wg.Wait()
	// The first failure cancels the other requests; their errors add nothing.
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil && !errors.Is(err, context.Canceled) }); i >= 0 {
		return errs[i]
	}
	return errors.Join(errs...)
}

func (p *Plan) askProduct(ctx context.Context, product string, put func(api.Record)) error {
	list, err := p.env.Reader.RecordsOf(ctx, product, "")
	if failure.KindOf(err) == failure.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the records of %s: %w", product, err)
	}
	for _, record := range list {
		if record.ProductID == "" {
			record.ProductID = product
		}
		put(record)
	}
	return nil
}
