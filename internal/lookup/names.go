package lookup

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
)

// freshness is the maximum age of an answer that a write relies on.
const freshness = 10 * time.Minute

// Use says what a name is looked up for.
type Use int

// A Write needs a recent answer of the API, and requests one if there is none. A Read
// accepts any answer.
const (
	Read Use = iota
	Write
)

// Options configure a resolver. Only Client is required.
type Options struct {
	Client   *api.Client
	Copy     *catalog.Copy     // nil: one in memory, for this run
	Barcodes *catalog.Barcodes // nil: there are none
	Now      func() time.Time
	// Note reports a reading that takes long; nil: none is reported.
	Note func(format string, args ...any)
	// People is true when names are shown to a person: reading the list of a
	// small store is worth it for that alone.
	People bool
}

// Names resolves names with a client and a local copy of the store's names. It is
// safe for concurrent use.
type Names struct {
	client     *api.Client
	copy       *catalog.Copy
	barcodes   *catalog.Barcodes
	now        func() time.Time
	note       func(format string, args ...any)
	people     bool
	warehouses func(context.Context) ([]api.Warehouse, error)

	filling   sync.Mutex
	filled    bool // the product list was read in this run
	forbidden bool // the API does not give the product list
	large     bool // the store has too many products to read them for their names alone

	mu       sync.Mutex
	answers  map[question]answer    // of this run
	products map[string]api.Product // read in this run, by id
	missing  map[string]error       // ids that no product has, with the API's errors
	tried    int                    // texts that were tried as ids
	shown    shown
}

// Kind says how to read a text.
type Kind int

// Any is an id, else a code, a barcode or a name, in this order.
const (
	Any Kind = iota
	Code
	Barcode
	ProductName
)

// question is a text that was looked up.
type question struct {
	text string
	use  Use
	kind Kind
}

// answer is the result of a question.
type answer struct {
	item catalog.Item
	err  error
}

// New returns a resolver that keeps what it reads for the run.
func New(client *api.Client) *Names { return Open(Options{Client: client}) }

// Open returns a resolver, without reading anything.
func Open(o Options) *Names {
	n := &Names{
		client: o.Client, copy: o.Copy, barcodes: o.Barcodes, now: o.Now, note: o.Note, people: o.People,
		warehouses: once(o.Client.Warehouses), answers: map[question]answer{}, products: map[string]api.Product{}, missing: map[string]error{},
	}
	if n.now == nil {
		n.now = time.Now
	}
	if n.note == nil {
		n.note = func(string, ...any) {}
	}
	if n.copy == nil {
		n.copy = catalog.New(catalog.Place{}, n.now)
	}
	return n
}

// identifyStore makes sure that the store is known. If the account may not read the warehouse
// list, the account identifies the store.
func (n *Names) identifyStore(ctx context.Context) error {
	if n.copy.Known() {
		return nil
	}
	if _, err := n.Warehouses(ctx); err != nil && failure.KindOf(err) != failure.Permission {
		return err
	}
	n.copy.Assume()
	return nil
}

// errTooMany is the error for a store with more items than the copy keeps.
var errTooMany = errors.New("the store has more products than can be looked up by code: give ids")

// Sync reads the whole product list into the copy, archived products too.
// progress, unless nil, is called after each page with the number of products
// read, and of all.
func (n *Names) Sync(ctx context.Context, progress func(done, total int)) error {
	if err := n.identifyStore(ctx); err != nil {
		return err
	}
	n.filling.Lock()
	defer n.filling.Unlock()
	return n.fill(ctx, bounds{}, progress)
}

// unlisted reports whether the API refused to return a product: it does not exist, is
// hidden from this account, or is named by what cannot be an id. An answer that cannot
// be read says none of these.
func unlisted(err error) bool {
	switch failure.KindOf(err) {
	case failure.Permission, failure.NotFound, failure.Refused:
		return err != nil
	}
	return false
}

// recent reports whether data of that time is recent enough for a write.
func (n *Names) recent(at time.Time) bool {
	age := n.now().Sub(at)
	return age >= 0 && age < freshness
}

// refill is Sync within bounds, at most once per run, with a note if it takes long. It
// only adds to a copy that was read a short while ago.
func (n *Names) refill(ctx context.Context, b bounds) error {
	n.filling.Lock()
	defer n.filling.Unlock()
	switch {
	case n.forbidden:
		return failure.New(failure.Permission, "this account cannot read the product list")
	case n.filled:
		return nil
	}
	if n.caughtUp(ctx) {
		n.filled = true
		n.mu.Lock()
		n.answers = map[question]answer{}
		n.mu.Unlock()
		return nil
	}
	began, said := time.Now(), false
	return n.fill(ctx, b, func(done, total int) {
		if !said && time.Since(began) > time.Second {
			said = true
			n.note("reading the product list to look names up: %d of %d", done, total)
		}
	})
}

// errLarge ends a reading at its bounds.
var errLarge = errors.New("the product list is too long to read just for names")

// fill reads the list within bounds. The caller holds the lock.
func (n *Names) fill(ctx context.Context, b bounds, progress func(done, total int)) error {
	r := &reading{names: n, bounds: b, progress: progress, seen: map[string]bool{}}
	err := r.run(ctx)
	var stored *storeError
	if errors.As(err, &stored) && ctx.Err() == nil {
		// The file cannot be written: the run does without it.
		if err := n.copy.Forsake(stored); err != nil {
			return err
		}
		r = &reading{names: n, bounds: b, progress: progress, seen: map[string]bool{}}
		err = r.run(ctx)
	}
	n.forbidden = unlisted(err)
	n.filled = err == nil
	n.mu.Lock()
	n.answers, n.shown = map[question]answer{}, shown{}
	n.mu.Unlock()
	return err
}
