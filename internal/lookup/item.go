package lookup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
)

// maxAnswers bounds what is remembered of texts that were looked up.
const maxAnswers = 10_000

// UnknownError tells that nothing in the store has the name.
type UnknownError struct {
	Text string
	Kind Kind
	Near []string // what may be meant
	// Mistyped tells that what may be meant are codes.
	Mistyped bool
	// Unlisted tells that the product list may not be read, so that only ids
	// could be tried.
	Unlisted bool
	// Absent tells that the API was asked, and has no product of this id.
	Absent bool
}

func (e *UnknownError) Error() string {
	things := map[Kind]string{Any: "id, code, barcode or name", Code: "code", Barcode: "barcode", ProductName: "name"}
	return fmt.Sprintf("no product or SKU has the %s %q", things[e.Kind], e.Text)
}

// advice is the hint that goes with it; blank for none.
func (e *UnknownError) advice() string {
	switch {
	case e.Unlisted:
		return "this account cannot read the product list, so codes and names cannot be looked up: give the id"
	case len(e.Near) > 0:
		near := make([]string, len(e.Near))
		for i, one := range e.Near {
			near[i] = failure.Arg(one)
		}
		return "did you mean " + failure.OneOf(near) + "?"
	}
	return "see `stockctl product list --search TEXT`; `stockctl product sync` reads all names again"
}

// Item finds the product or SKU that a text names: by its id, else by the
// merchant's code (in any case where that is unique), else by a barcode that was
// taught, else by the product's exact name. Nothing with the name is an
// *UnknownError of the kind NotFound; several things with it, a Usage error that
// lists them.
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
	if err := n.ready(ctx); err != nil {
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
		return catalog.Item{}, failure.Usagef("%q begins or ends with a blank, which no id or code does", text)
	}
	if len(found) == 0 && q.kind == Any && n.few() {
		if item, there, err := n.byID(ctx, text); there || err != nil {
			return item, err
		}
	}
	switch err := n.refill(ctx); {
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

// local asks the copy what a text names, as an id or otherwise.
func (n *Names) local(ctx context.Context, text string) (found []catalog.Item, fresh bool, err error) {
	return n.localOf(ctx, Any, text)
}

// localOf asks the copy. fresh tells that the answer may decide a write: ids do not
// change, and all else must have been read a short while ago. A copy that is not
// complete knows ids only, because another product may have the same code.
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
	for i, ask := range []func(context.Context, string) ([]catalog.Item, error){n.copy.ByCode, n.taught, n.copy.ByName} {
		if is := []Kind{Code, Barcode, ProductName}[i]; kind != Any && kind != is {
			continue
		}
		if found, err = ask(ctx, text); err != nil || len(found) > 0 {
			break
		}
	}
	return found, fresh, err
}

// taught returns the item of a barcode.
func (n *Names) taught(ctx context.Context, code string) ([]catalog.Item, error) {
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
	a, err := ParseAddress(text)
	if err != nil {
		return nil, fmt.Errorf("the barcode %s: %w", code, err)
	}
	item := catalog.Item{ProductID: a.ProductID, SKUID: a.SKU}
	found, err := n.copy.ByID(ctx, a.ProductID)
	if a.SKU != "" && err == nil {
		found, err = n.copy.SKUs(ctx, a.ProductID)
	}
	for _, f := range found {
		if f.Same(item) {
			return []catalog.Item{f}, err
		}
	}
	return nil, err // of another store
}

// confirm reads the product of an old answer again. Where it no longer has the
// name, the list is read.
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

// manyIDs is how many texts are tried as ids before the list is read: it tells of
// a hundred at once.
const manyIDs = 100

// few tells whether a text that the copy does not know is tried as an id by
// itself.
func (n *Names) few() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.tried++
	return n.tried <= manyIDs || n.filled || n.forbidden
}

// byID asks the API whether a text that the copy does not know is a product's
// id: it may be new, or archived.
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

// canBeID tells whether a text may be an id at all: blanks tell a name.
func canBeID(text string) bool { return api.CheckID("", text) == nil }

// ItemOrID is Item for those who leave it to the API to know an id: a text that
// names nothing and may be an id is taken for a product's; see Guessed. It is not
// for a write when it looks like a mistyped code: the API may take what is no id,
// too, and keep it for good.
func (n *Names) ItemOrID(ctx context.Context, text string, use Use) (catalog.Item, error) {
	item, err := n.Item(ctx, text, use)
	var unknown *UnknownError
	if !errors.As(err, &unknown) || !canBeID(text) || use == Write && unknown.Absent && (unknown.Unlisted || unknown.Mistyped) {
		return item, err
	}
	if what := api.Debris(text); what != "" && use == Write {
		return item, failure.Usagef("%q %s", text, what)
	}
	return catalog.Item{ProductID: text}, nil
}

// Guessed tells whether ItemOrID took a text for an id that nothing is known of.
func (n *Names) Guessed(text string) bool { return n.guessed(text, Write) }

// ExplainItem adds to an API's "not found" what is known of a product that was
// sent as it was typed.
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

// nearest returns the codes, or else the names and ids, that may be meant.
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
