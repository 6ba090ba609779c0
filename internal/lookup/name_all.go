package lookup

import (
	"cmp"
	"context"
	"iter"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// NameAll is NameRecord for all records of a store, for output that leaves this
// terminal. If the copy does not have the names of all of them, it reads the product
// list, which costs no more than the list of records did. If the list cannot be read,
// ids are shown, with a note.
func (n *Names) NameAll(ctx context.Context, records iter.Seq[*api.Record]) error {
	if err := n.prepare(ctx); err != nil {
		return err
	}
	named, err := n.namesAll(ctx, records)
	if err == nil && !named {
		err = n.refill(ctx, bounds{})
		if ctx.Err() != nil || failure.KindOf(err) == failure.Auth {
			return err
		}
		if err != nil {
			n.note("products are shown by their ids: %v", err)
		}
		err = n.prepare(ctx) // drops what was remembered of the old copy
	}
	for r := range records {
		if err == nil {
			err = n.NameRecord(ctx, r)
		}
	}
	return err
}

// NameList is NameAll for a list, of which it changes the records.
func (n *Names) NameList(ctx context.Context, list []api.Record) error {
	return n.NameAll(ctx, func(yield func(*api.Record) bool) {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	})
}

// namesAll reports whether the copy has the whole product list, and either the
// products of all records or a recent answer about them.
func (n *Names) namesAll(ctx context.Context, records iter.Seq[*api.Record]) (bool, error) {
	at, complete, err := n.copy.Complete(ctx)
	if err != nil || !complete {
		return false, err
	}
	if age := n.now().Sub(at); age >= 0 && age < freshness {
		return true, nil
	}
	for r := range records {
		if _, known := n.named(ctx, r.ProductID, r.SKUID); !known && r.ProductID != "" {
			return false, nil
		}
	}
	return true, nil
}

// Title names a record for a person: product, code and warehouse. It reads a product
// that is not in the copy, and returns blank if it cannot.
func (n *Names) Title(ctx context.Context, r api.Record) string {
	if n.NameRecord(ctx, &r) != nil {
		return ""
	}
	if r.ProductName == nil {
		p, err := n.client.Product(ctx, r.ProductID)
		if err != nil || p.ID != r.ProductID {
			return ""
		}
		for _, i := range itemsOf(p) {
			if i.SKUID == r.SKUID {
				r.SKUCode = textOf(i.Code)
			}
		}
		r.ProductName = textOf(p.Name)
	}
	what := deref(r.ProductName)
	switch code := cmp.Or(deref(r.SKUCode), r.SKUID); {
	case what == "":
		what = code
	case code != "":
		what += " (" + code + ")"
	}
	if what == "" {
		return ""
	}
	return what + " at " + cmp.Or(deref(r.WarehouseCode), r.WarehouseName, r.WarehouseID)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
