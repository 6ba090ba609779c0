// Package lookup turns what people type into the ids of the API, and ids into what
// people know: products and SKUs by the merchant's code, a barcode or a name,
// warehouses by code or name, records by their address. It uses the local copy of
// the store's names if that is good enough, and otherwise asks the API. It neither
// prompts nor prints.
package lookup

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// once keeps the first result that is not an error, so that a call that its context
// cut short is repeated by the next caller.
func once[T any](read func(context.Context) (T, error)) func(context.Context) (T, error) {
	var mu sync.Mutex
	var value T
	var known bool
	return func(ctx context.Context) (T, error) {
		mu.Lock()
		defer mu.Unlock()
		if known {
			return value, nil
		}
		got, err := read(ctx)
		if err == nil {
			value, known = got, true
		}
		return got, err
	}
}

// Warehouses returns every warehouse of the store. It reads them once per run.
func (n *Names) Warehouses(ctx context.Context) ([]api.Warehouse, error) {
	return n.warehouses(ctx)
}

// Warehouse finds a warehouse by its id, else its code in any case, else its exact
// name. If the account may not read the list (403), it looks for the id or the name in
// the records, which do not have the codes.
func (n *Names) Warehouse(ctx context.Context, text string) (api.Warehouse, error) {
	w, err := n.WarehouseOrID(ctx, text)
	if err != nil || !Unlisted(w) {
		return w, err
	}
	return inRecords(text, n.client.Records().PageSize(pageSize).All(ctx))
}

// inRecords finds a warehouse in records by its id, else its exact name.
func inRecords(text string, records iter.Seq2[api.Record, error]) (api.Warehouse, error) {
	var named []api.Warehouse
	for r, err := range records {
		w := api.Warehouse{ID: r.WarehouseID, Name: r.WarehouseName, Active: true}
		switch {
		case err != nil:
			return w, fmt.Errorf("looking up warehouse %q in the records: %w", text, err)
		case w.ID == text:
			return w, nil
		case w.Name == text && !slices.ContainsFunc(named, func(n api.Warehouse) bool { return n.ID == w.ID }):
			named = append(named, w)
		}
	}
	switch len(named) {
	case 0:
		return api.Warehouse{}, failure.New(failure.Permission, "this account is not allowed to read the warehouse list, and no record is in a warehouse with the id or name %q", text).
			Hint("give the id of a warehouse with records, or ask an administrator of the store for the permission")
	case 1:
		return named[0], nil
	}
	return api.Warehouse{}, ambiguous(text, named)
}

// WarehouseOrID is Warehouse for callers that only send the id or show the name: if the
// account may not read the list, it returns the text as the id of an otherwise unknown
// warehouse: see Unlisted.
func (n *Names) WarehouseOrID(ctx context.Context, text string) (api.Warehouse, error) {
	list, err := n.Warehouses(ctx)
	if failure.KindOf(err) == failure.Permission {
		return api.Warehouse{ID: text, Active: true}, nil
	}
	if err != nil {
		return api.Warehouse{}, fmt.Errorf("looking up warehouse %q: %w", text, err)
	}
	for _, same := range []func(api.Warehouse) bool{
		func(w api.Warehouse) bool { return w.ID == text },
		func(w api.Warehouse) bool { return w.Code != "" && strings.EqualFold(w.Code, text) },
		func(w api.Warehouse) bool { return w.Name == text },
	} {
		switch found := filter(list, same); len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return api.Warehouse{}, ambiguous(text, found)
		}
	}
	return api.Warehouse{}, unknown(text, list)
}

// ActiveWarehouse is WarehouseOrID for new stock: an inactive warehouse is an error.
func (n *Names) ActiveWarehouse(ctx context.Context, text string) (api.Warehouse, error) {
	w, err := n.WarehouseOrID(ctx, text)
	if err == nil && !w.Active {
		list, _ := n.Warehouses(ctx)
		active := filter(list, func(w api.Warehouse) bool { return w.Active })
		return api.Warehouse{}, failure.New(failure.Refused, "warehouse %s is inactive and accepts no new records", Label(w)).
			Hint("use an active one: %s", failure.OneOf(labels(active)))
	}
	return w, err
}

// Unlisted reports whether the warehouse was returned as typed, because the account
// may not read the list.
func Unlisted(w api.Warehouse) bool { return w.Code == "" && w.Name == "" }

// Explain adds a hint to the API's "Warehouse not found" for a name that could not be
// looked up.
func Explain(err error, w api.Warehouse) error {
	var e *api.Error
	if Unlisted(w) && errors.As(err, &e) && e.Reason == api.ReasonWarehouseNotFound {
		return failure.WithHint(err, "this account is not allowed to read the warehouse list, so %q was sent as an id: give the warehouse's id", w.ID)
	}
	return err
}

// Label names a warehouse in a sentence: by its code, else its name, else its id.
func Label(w api.Warehouse) string {
	for _, s := range []string{w.Code, w.Name} {
		if s != "" {
			return s
		}
	}
	return w.ID
}

func labels(list []api.Warehouse) []string {
	var out []string
	for i, w := range list {
		if i == 10 {
			return append(out, "…")
		}
		out = append(out, Label(w))
	}
	return out
}

func ambiguous(text string, found []api.Warehouse) error {
	var ids []string
	for _, w := range found {
		ids = append(ids, w.ID)
	}
	return failure.Usagef("%q names %d warehouses", text, len(found)).
		Hint("give the id: %s", failure.OneOf(ids))
}

func unknown(text string, list []api.Warehouse) error {
	var names []string
	for _, w := range list {
		names = append(names, w.Code, w.Name, w.ID)
	}
	names = slices.DeleteFunc(names, func(s string) bool { return s == "" })
	err := failure.New(failure.NotFound, "no warehouse has the id, code or name %q", text)
	if near := failure.Nearest(text, names); len(near) > 0 {
		return err.Hint("did you mean %s?", failure.OneOf(quoted(near)))
	}
	if len(list) == 0 {
		return err.Hint("this store has no warehouse yet")
	}
	return err.Hint("the warehouses are %s: see `stockctl warehouse list`", strings.Join(labels(list), ", "))
}

// quoted writes names as a shell reads them.
func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = failure.Arg(name)
	}
	return out
}

func filter[T any](list []T, keep func(T) bool) []T {
	var out []T
	for _, v := range list {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}
