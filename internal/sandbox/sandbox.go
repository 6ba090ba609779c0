// Package sandbox is an embedded inventory API: an http.Handler over a SQLite
// database that responds as the published API does, so that every command can be
// tried, tested and taught without touching a real store.
//
// It follows the published contract and shares no struct with the client, because
// two sides that share a struct share its mistakes. It is not a shop: products
// are read-only, there is one account, and live API keys are rejected.
//
// Where the contract is silent, the sandbox behaves as follows. Creating a record
// with stock writes a RECEIVED movement without a reference. A movement's
// qtyChange is the change to the stock that can be sold: reserving is negative,
// releasing positive. An adjustment cannot take the quantity on hand below zero,
// but can take it below the reserved quantity. Records are listed oldest first,
// movements newest first. A page has at most 100 rows, whatever the limit. A call
// that a stock rule refuses gets a 422, a duplicate a 409. Every call except login,
// including the product calls, requires the token and the key.
package sandbox

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// Options configures a sandbox.
type Options struct {
	// Path is the database file. It is created, with its folder, if it does not
	// exist. ":memory:" is a private database that ends with Close.
	Path string
	// Account is the merchant account; the zero value means DefaultAccount. Nil
	// Permissions grant all three, an empty list none.
	Account Account
	// Strict refuses products that are not in the catalogue and the transfer
	// actions, which only the dashboard sends.
	Strict bool
	// Now is the clock for timestamps, tokens and the Date header. It must be
	// safe for concurrent use. Nil means time.Now.
	Now func() time.Time
	// Faults makes calls fail on purpose. The zero value does nothing.
	Faults Faults
	// Start is the shop that a new database begins with; nil means the built-in
	// one. It is an error to give a Start for a database that contains a shop.
	Start *Start
	// Dialect is the format of responses; blank means Published.
	Dialect Dialect
}

// Server is an open sandbox. It is safe for concurrent use. Several servers, in
// one process or in many, can have the same database file open.
type Server struct {
	store   *store
	account Account
	strict  bool
	now     func() time.Time
	view    view
	routes  []route

	products atomic.Pointer[catalogue] // as last read

	faults  Faults
	limiter *rate.Limiter
	chance  *rand.Rand
	mu      sync.Mutex // guards chance
}

// Open opens the database and seeds it if it is new. A new folder has mode 0700
// and a new file 0600. The caller closes the server. Errors are of the kinds Usage
// (invalid options) and Config (a file that cannot be opened or belongs to another
// program).
func Open(ctx context.Context, o Options) (*Server, error) {
	account, err := o.Account.orDefault()
	if err != nil {
		return nil, err
	}
	view, err := o.Dialect.view()
	if err != nil {
		return nil, err
	}
	if err := o.Faults.check(); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	store, err := openStore(ctx, o.Path, o.Start)
	if err != nil {
		return nil, err
	}
	return &Server{
		store:   store,
		account: account,
		strict:  o.Strict,
		now:     o.Now,
		view:    view,
		routes:  routes(),

		faults:  o.Faults,
		limiter: o.Faults.limiter(),
		chance:  rand.New(rand.NewPCG(o.Faults.Seed, 0)),
	}, nil
}

// Close closes the server and discards an in-memory database. Closing twice is
// not an error.
func (s *Server) Close() error { return s.store.close() }

// Account returns the account of the sandbox.
func (s *Server) Account() Account { return s.account.clone() }

// Reset replaces the contents of the database by a shop in one transaction; nil
// means the built-in one. Tokens issued before remain valid.
func (s *Server) Reset(ctx context.Context, shop *Start) error {
	err := s.store.reset(ctx, shop)
	s.products.Store(nil)
	return err
}

// ServeHTTP handles one call of the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
	unlucky := s.draw()
	if err := s.misbehave(r.Context(), unlucky); err != nil {
		s.write(w, failed(err))
		return
	}
	a, err := s.serve(w, r)
	if err != nil {
		a = failed(err)
	}
	if unlucky.drop {
		// This makes net/http cut the connection without a response.
		panic(http.ErrAbortHandler)
	}
	s.write(w, a)
}

// serve finds the route of a request, authenticates it and runs the handler.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) (*response, error) {
	route, ids, refused := s.find(r)
	if route == nil || !route.open {
		if err := s.authenticate(r); err != nil {
			return nil, err
		}
	}
	if refused != nil {
		return nil, refused
	}
	if err := s.permit(route.permission); err != nil {
		return nil, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	return route.handle(s, &call{Request: r, ids: ids})
}

// timestamp returns the current time as the API writes it.
func (s *Server) timestamp() string { return s.now().UTC().Format(stampLayout) }

// stampLayout is RFC 3339 with milliseconds; the time must be in UTC.
const stampLayout = "2006-01-02T15:04:05.000Z07:00"
