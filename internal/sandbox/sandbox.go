// Package sandbox is the inventory API, embedded: an http.Handler over a
// SQLite database that answers as the published API does, so that every
// command can be tried, tested and taught without touching a real store.
//
// It writes its own JSON from the published contract and shares no struct with
// the client, because two sides that share a struct share its mistakes. It
// refuses to be a shop: products are only read, there is one account, and live
// API keys are turned away.
//
// Where the contract is silent, the sandbox decides as follows. Creating a
// record with stock writes a RECEIVED movement without a reference. A movement's
// qtyChange is what happened to the stock that can be sold: reserving is
// negative, releasing positive. An adjustment may not take on hand below zero,
// but may take it below what is reserved. Records are listed oldest first,
// movements newest first. A page holds at most 100 rows, whatever was asked for.
// Stock rules that refuse a call answer 422, duplicates 409. Every call but the
// login wants the token and the key, the product calls too.
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

// Options say which sandbox to open.
type Options struct {
	// Path is the database file, made with its folder when it is not there.
	// ":memory:" is a private database that ends with Close.
	Path string
	// Account is the one account; the zero value means DefaultAccount. Nil
	// Permissions are all three, an empty list is none.
	Account Account
	// Strict refuses products that are not in the catalogue, and the transfer
	// actions that only the dashboard sends.
	Strict bool
	// Now is the clock for timestamps, tokens and the Date header; it must be
	// safe for concurrent use. Nil is time.Now.
	Now func() time.Time
	// Faults are what goes wrong on purpose; the zero value is nothing.
	Faults Faults
	// Start is the shop that a new database begins with; nil is the built-in one.
	// A database that holds a shop already is not started again: that is an error.
	Start *Start
	// Dialect is how answers are shaped; blank is Published.
	Dialect Dialect
}

// Server is an open sandbox. It is safe for concurrent use, and several
// servers, in one process or in many, may have the same database file open.
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

// Open opens the database, and seeds the published shop when it is new. The
// folder is made 0700 and the file 0600. The caller closes the server. Errors
// are of the kinds Usage (options that cannot be) and Configuration (a file
// that cannot be opened or belongs to another program).
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

// Close ends the server; an in-memory database is gone then. Closing twice is
// no error.
func (s *Server) Close() error { return s.store.close() }

// Account returns the account that the server lets in.
func (s *Server) Account() Account { return s.account.clone() }

// Reset empties the database and fills it with a shop, in one step; nil is the
// built-in one. Tokens that were issued before stay good.
func (s *Server) Reset(ctx context.Context, shop *Start) error {
	err := s.store.reset(ctx, shop)
	s.products.Store(nil)
	return err
}

// ServeHTTP answers one call of the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
	unlucky := s.draw()
	if err := s.trouble(r.Context(), unlucky); err != nil {
		s.write(w, failed(err))
		return
	}
	a, err := s.serve(w, r)
	if err != nil {
		a = failed(err)
	}
	if unlucky.drop {
		// The way net/http is told to cut the connection without an answer.
		panic(http.ErrAbortHandler)
	}
	s.write(w, a)
}

// serve finds the call's route, checks who is calling and runs it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) (*answer, error) {
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

// timestamp is the present moment as the API writes it.
func (s *Server) timestamp() string { return s.now().UTC().Format(stampLayout) }

// stampLayout is RFC 3339 with milliseconds; the time must be in UTC.
const stampLayout = "2006-01-02T15:04:05.000Z07:00"
