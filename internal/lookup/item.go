package lookup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// maxAnswers is how many lookups are remembered.
const maxAnswers = 10_000

// UnknownError means that nothing in the store has the name.
type UnknownError struct {
	Text string
	Kind Kind
	Near []string // what may be meant
	// Mistyped is true if Near lists codes.
	Mistyped bool
	// Unlisted is true if the account may not read the product list, so that the
	// text could only be tried as an id.
	Unlisted bool
	// Absent is true if the API said that it has no product with this id.
	Absent bool
}

func (e *UnknownError) Error() string {
	things := map[Kind]string{Any: "id, code, barcode or name", Code: "code", Barcode: "barcode", ProductName: "name"}
	return fmt.Sprintf("no product or SKU has the %s %q", things[e.Kind], e.Text)
}

// advice returns the hint for the error, or blank.
func (e *UnknownError) advice() string {
	switch {
	case e.Unlisted:
		return "this account cannot read the product list, so codes and names cannot be looked up: give the id"
	case len(e.Near) > 0:
		return "did you mean " + failure.OneOf(quoted(e.Near)) + "?"
	}
	return "see `stockctl product list --search TEXT`; `stockctl product sync` reads all names again"
}

// Item finds the product or SKU that a text names: by its id, else by the merchant's
// code (in any case, if that is unique), else by a barcode, else by the product's
// exact name. It returns an *UnknownError of kind NotFound if nothing has the name,
// and a Usage error that lists the candidates if several things have it.
func (n *Names) Item(ctx context.Context, text string, use Use) (catalog.Item, error) {
	return n.Named(ctx, Any, text, use)
}

// Named is Item for a text that is known to be a code, a barcode or a name.
func (n *Names) Named(ctx context.Context, kind Kind, text string, use Use) (catalog.Item, error) {
	asks := question{text, use, kind}
	n.mu.Lock()
	known, asked := n.answers[asks]
	n.mu.Unlock()
	if asked {
		return known.item, known.err
	}
	item, err := n.item(ctx, asks)
	switch failure.KindOf(err) {
	case failure.NotFound, failure.Usage:
	default:
		if err != nil {
			return item, err
		}
	}
	n.mu.Lock()
	if len(n.answers) < maxAnswers {
		n.answers[asks] = answer{item, err}
	}
	n.mu.Unlock()
	return item, err
}

func (n *Names) item(ctx context.Context, q question) (catalog.Item, error) {
	if err := n.identifyStore(ctx); err != nil {
		return catalog.Item{}, err
	}
	text := q.text
	found, fresh, err := n.localOf(ctx, q.kind, text)
	if err == nil && len(found) == 1 && !fresh && q.use == Write {
		found, err = n.confirm(ctx, found[0])
	}
	switch {
	case err != nil || len(found) == 1 || len(found) > 1 && fresh:
		return one(text, found, err)
	case len(found) == 0 && strings.TrimSpace(text) != text:
		return catalog.Item{}, failure.Usagef("%q begins or ends with a space, which no id or code does", text)
	}
	if len(found) == 0 && q.kind == Any && n.few() {
		if item, there, err := n.byID(ctx, text); there || err != nil {
			return item, err
		}
	}
	switch err := n.refill(ctx, bounds{}); {
	case err != nil && n.forbidden:
		return catalog.Item{}, n.unknown(ctx, q)
	case err != nil:
		return catalog.Item{}, fmt.Errorf("looking up %q: %w", text, err)
	}
	found, _, err = n.localOf(ctx, q.kind, text)
	if err == nil && len(found) == 0 {
		err = n.unknown(ctx, q)
	}
	return one(text, found, err)
}

func one(text string, found []catalog.Item, err error) (catalog.Item, error) {
	switch {
	case err != nil:
		return catalog.Item{}, err
	case len(found) == 1:
		return found[0], nil
	}
	return catalog.Item{}, severalItems(text, found)
}

// local looks a text up in the copy, as an id or a name.
func (n *Names) local(ctx context.Context, text string) (found []catalog.Item, fresh bool, err error) {
	return n.localOf(ctx, Any, text)
}

// localOf looks a text up in the copy. fresh reports whether the answer is good
// enough for a write: ids do not change, and everything else must have been read a
// short while ago. An incomplete copy is only asked for ids, because a product that
// is not in it may have the same code.
func (n *Names) localOf(ctx context.Context, kind Kind, text string) (found []catalog.Item, fresh bool, err error) {
	if kind == Any {
		if found, err = n.copy.ByID(ctx, text); err != nil || len(found) > 0 {
			return found, true, err
		}
	}
	at, complete, err := n.copy.Complete(ctx)
	if err != nil || !complete {
		return nil, false, err
	}
	fresh = n.recent(at)
	for i, ask := range []func(context.Context, string) ([]catalog.Item, error){n.copy.ByCode, n.byBarcode, n.copy.ByName} {
		if is := []Kind{Code, Barcode, ProductName}[i]; kind != Any && kind != is {
			continue
		}
		if found, err = ask(ctx, text); err != nil || len(found) > 0 {
			break
		}
	}
	return found, fresh, err
}

// byBarcode returns the item of a barcode.
func (n *Names) byBarcode(ctx context.Context, code string) ([]catalog.Item, error) {
	if n.barcodes == nil {
		return nil, nil
	}
	store, known := n.copy.Store()
	if !known {
		return nil, nil
	}
	text, named, err := n.barcodes.Find(store, code)
	if err != nil || !named {
		return nil, err
	}
	a, err := stock.ParseAddress(text)
	if err != nil {
		return nil, fmt.Errorf("the barcode %s: %w", code, err)
	}
	item := catalog.Item{ProductID: a.Product, SKUID: a.SKU}
	found, err := n.copy.ByID(ctx, a.Product)
	if a.SKU != "" && err == nil {
		found, err = n.copy.SKUs(ctx, a.Product)
	}
	for _, f := range found {
		if f.Same(item) {
			return []catalog.Item{f}, err
		}
	}
	return nil, err // it belongs to another store
}

// confirm reads the product of an old answer again. If the product no longer has the
// name, it reads the list.
func (n *Names) confirm(ctx context.Context, item catalog.Item) ([]catalog.Item, error) {
	p, err := n.client.Product(ctx, item.ProductID)
	switch failure.KindOf(err) {
	case failure.NotFound, failure.Permission:
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking up product %s: %w", item.ProductID, err)
	}
	for _, now := range itemsOf(p) {
		if now.Same(item) && (catalog.Fold(now.Code) == catalog.Fold(item.Code) && now.Code != "" || now.Name == item.Name) {
			return []catalog.Item{now}, nil
		}
	}
	return nil, nil
}

// manyIDs is how many texts are tried as ids before reading the list, in which one page
// has a hundred products.
const manyIDs = 100

// few reports whether a text that is not in the copy is tried as a single id.
func (n *Names) few() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.tried++
	return n.tried <= manyIDs || n.filled || n.forbidden
}

// byID asks the API whether a text that is not in the copy is a product's id: the
// product may be new, or archived.
func (n *Names) byID(ctx context.Context, text string) (item catalog.Item, there bool, err error) {
	if !canBeID(text) {
		return item, false, nil
	}
	p, err := n.product(ctx, text)
	switch {
	case err == nil:
		return itemsOf(p)[0], true, nil
	case unlisted(err):
		return item, false, nil
	}
	return item, false, err
}

// itemsOf returns a product and its SKUs.
func itemsOf(p api.Product) []catalog.Item {
	out := []catalog.Item{{ProductID: p.ID, Name: p.Name, Type: p.ProductType, Code: p.Code}}
	for _, s := range p.SKUs() {
		if s.ID != "" {
			out = append(out, catalog.Item{ProductID: p.ID, SKUID: s.ID, Name: p.Name, Type: p.ProductType, Code: s.Code})
		}
	}
	return out
}

// canBeID reports whether a text may be an id. Ids have no spaces.
func canBeID(text string) bool { return api.CheckID("", text) == nil }

// ItemOrID is Item for callers that let the API judge ids: an unknown text that may
// be an id is taken for a product's id; see Guessed. For a write, a text that looks
// like a mistyped code is refused, because the API may accept anything as an id, and
// store it for good.
func (n *Names) ItemOrID(ctx context.Context, text string, use Use) (catalog.Item, error) {
	item, err := n.Item(ctx, text, use)
	var unknown *UnknownError
	if !errors.As(err, &unknown) || !canBeID(text) || use == Write && unknown.Absent && (unknown.Unlisted || unknown.Mistyped) {
		return item, err
	}
	if what := stock.Debris(text); what != "" && use == Write {
		return item, failure.Usagef("%q %s", text, what)
	}
	return catalog.Item{ProductID: text}, nil
}

// Guessed reports whether ItemOrID took an unknown text for an id.
func (n *Names) Guessed(text string) bool { return n.guessed(text, Write) }

// ExplainItem adds a hint to the API's "not found" for a product that was sent as
// typed.
func (n *Names) ExplainItem(err error, text string) error {
	n.mu.Lock()
	known := errors.Join(n.answers[question{text, Read, Any}].err, n.answers[question{text, Write, Any}].err)
	n.mu.Unlock()
	var unknown *UnknownError
	if err == nil || failure.KindOf(err) != failure.NotFound || !errors.As(known, &unknown) {
		return err
	}
	return failure.WithHint(err, "%s; %s", unknown.Error(), unknown.advice())
}

func (n *Names) unknown(ctx context.Context, q question) error {
	n.mu.Lock()
	e := &UnknownError{Text: q.text, Kind: q.kind, Unlisted: n.forbidden, Absent: n.missing[q.text] != nil}
	n.mu.Unlock()
	if !n.forbidden {
		all, err := n.copy.All(ctx)
		if err != nil {
			return err
		}
		e.Near, e.Mistyped = nearest(q.text, all)
	}
	return failure.New(failure.NotFound, "%w", e).Hint("%s", e.advice())
}

// nearest returns similar codes or, without any, similar names and ids.
func nearest(text string, all []catalog.Item) (near []string, areCodes bool) {
	var codes, names []string
	for _, i := range all {
		switch {
		case i.Archived:
			continue
		case i.Code != "":
			codes = append(codes, i.Code)
		case i.SKUID != "":
			names = append(names, i.SKUID)
		}
		if i.SKUID == "" {
			names = append(names, i.Name, i.ProductID)
		}
	}
	if near := failure.Nearest(text, codes); len(near) > 0 {
		return near, true
	}
	return failure.Nearest(text, names), false
}

func severalItems(text string, found []catalog.Item) error {
	var labels []string
	for _, i := range found[:min(len(found), 10)] {
		labels = append(labels, i.Label())
	}
	if len(found) > len(labels) {
		labels = append(labels, "…")
	}
	return failure.Usagef("%q names several products or SKUs: %s", text, strings.Join(labels, ", ")).Hint("give the id")
}
