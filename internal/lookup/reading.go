package lookup

import (
	"context"
	"errors"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
)

const (
	pageSize  = 100 // the maximum of the API
	batchSize = 500 // products written in one transaction
)

// storeError is a failure of the copy, not of the API.
type storeError struct{ error }

func (e *storeError) Unwrap() error { return e.error }

// bounds end a reading of the product list after its first page if the store has too
// many products. The zero value has none.
type bounds struct {
	most   int  // 0: any number of products
	stated bool // the API must state how many there are
	live   bool // leave archived products out
}

// reading is one reading of the whole product list.
type reading struct {
	names    *Names
	bounds   bounds
	progress func(done, total int)
	filling  *catalog.Filling
	seen     map[string]bool
	batch    []api.Product
}

func (r *reading) run(ctx context.Context) error {
	r.filling = r.names.copy.Fill()
	defer r.filling.End()
	if err := r.list(ctx, false); err != nil {
		return fmt.Errorf("reading the product list: %w", err)
	}
	live := len(r.seen)
	var err error
	if !r.bounds.live {
		err = r.list(ctx, true)
	}
	var refused *api.Error
	if errors.As(err, &refused) && refused.Status >= 400 && refused.Status < 500 && failure.KindOf(err) != failure.Auth && failure.KindOf(err) != failure.Unavailable {
		err = nil // without the archived ones
	}
	if err != nil {
		return fmt.Errorf("reading the archived products: %w", err)
	}
	if err := r.names.copy.KeepTotal(ctx, live); err != nil {
		return &storeError{err}
	}
	complete, err := r.filling.Done(ctx, !r.bounds.live)
	if err != nil {
		return &storeError{err}
	}
	if !complete {
		return errTooMany
	}
	return nil
}

// list reads the products on sale, or the archived ones. An API without that filter
// returns the same products twice.
func (r *reading) list(ctx context.Context, archived bool) error {
	pages := r.names.client.Products(api.ProductFilter{Archived: archived}).PageSize(pageSize)
	count := 0
	for p, err := range pages.All(ctx) {
		if err != nil {
			return err
		}
		total, stated := pages.Total()
		if r.bounds.stated && !stated {
			return errLarge
		}
		if count++; r.bounds.most > 0 && (count > r.bounds.most || stated && total > r.bounds.most) {
			if err := r.names.copy.KeepTotal(ctx, max(total, count)); err != nil {
				return &storeError{err}
			}
			return errLarge
		}
		if r.progress != nil && count%pageSize == 0 {
			r.progress(count, max(total, count))
		}
		if p.ID == "" || r.seen[p.ID] {
			continue
		}
		r.seen[p.ID] = true
		if r.batch = append(r.batch, p); len(r.batch) == batchSize {
			if err := r.flush(ctx, archived); err != nil {
				return err
			}
		}
	}
	return r.flush(ctx, archived)
}

func (r *reading) flush(ctx context.Context, archived bool) error {
	err := r.filling.Add(ctx, r.batch, archived)
	r.batch = r.batch[:0]
	if err != nil {
		return &storeError{err}
	}
	return nil
}

// caughtUp updates a copy that is not old: it reads the newest products, up to one
// that is in the copy. It returns false if the number of products in the API shows
// that there are other changes.
func (n *Names) caughtUp(ctx context.Context) bool {
	at, complete, err := n.copy.Complete(ctx)
	had, counted, failed := n.copy.Total(ctx)
	if err != nil || failed != nil || !complete || !counted || !n.recent(at) {
		return false
	}
	filling := n.copy.Fill() // the copy must not learn these products, because it shows which are new
	defer filling.End()
	newest := n.client.Products(api.ProductFilter{Sort: "CREATED_AT", Direction: "DESC"}).PageSize(pageSize)
	var added []api.Product
	for p, err := range newest.All(ctx) {
		if err != nil || len(added) == pageSize {
			return false
		}
		found, err := n.copy.ByID(ctx, p.ID)
		if err != nil {
			return false
		}
		if len(found) > 0 {
			break
		}
		added = append(added, p)
	}
	total, stated := newest.Total()
	return stated && total == had+len(added) && filling.Add(ctx, added, false) == nil && n.copy.KeepTotal(ctx, total) == nil
}
