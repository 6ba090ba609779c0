package catalog

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// ErrNoStore means that it is not known which store the account has: nothing of
// it was read yet. Any list of its warehouses or records says it.
var ErrNoStore = errors.New("the account's store is not known yet")

// What a run keeps of what it reads along the way, and what the copy holds.
const (
	maxLearned = 10_000  // products, and records, of one run
	maxItems   = 500_000 // products and SKUs
	maxRecords = 200_000
)

// Copy is the local copy of one store's names. It opens its file when it is
// first asked, and may be used from several goroutines.
type Copy struct {
	place Place
	now   func() time.Time

	mu      sync.Mutex
	db      *sql.DB
	opened  string // the tenant of db
	tenant  string // what the answers of this run said, or was assumed
	learned learned
	filling int // whole readings that are being written
}

// learned is what a run has read and not written yet.
type learned struct {
	warehouses []api.Warehouse // nil: none were read
	changed    []api.Warehouse // single ones
	products   []api.Product
	records    []Record
}

// New returns the copy of an account's store. Nothing is opened yet.
func New(place Place, now func() time.Time) *Copy {
	if now == nil {
		now = time.Now
	}
	return &Copy{place: place, now: now}
}

// LearnWarehouses notes the whole list of the store's warehouses.
func (c *Copy) LearnWarehouses(list []api.Warehouse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.learned.warehouses, c.learned.changed = append([]api.Warehouse{}, list...), nil
	for _, w := range list {
		c.belongs(w.TenantID)
	}
}

// LearnWarehouse notes a warehouse that was made or changed.
func (c *Copy) LearnWarehouse(w api.Warehouse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.belongs(w.TenantID)
	if w.ID != "" && w.Name != "" { // an answer may be no more than a yes
		c.learned.changed = append(c.learned.changed, w)
	}
}

// LearnProducts notes products that an answer held.
func (c *Copy) LearnProducts(list []api.Product) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range list {
		if p.ID != "" && c.filling == 0 && len(c.learned.products) < maxLearned {
			c.learned.products = append(c.learned.products, p)
		}
	}
}

// LearnRecords notes what records are for.
func (c *Copy) LearnRecords(list []api.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range list {
		c.belongs(r.TenantID)
		if r.ID != "" && r.ProductID != "" && r.WarehouseID != "" && len(c.learned.records) < maxLearned {
			c.learned.records = append(c.learned.records, Record{r.ID, r.ProductID, r.SKUID, r.WarehouseID})
		}
	}
}

func (c *Copy) belongs(tenant string) {
	if tenant != "" {
		c.tenant = tenant
	}
}

// Assume makes the copy belong to the account alone, where the API does not say
// which tenant that is.
func (c *Copy) Assume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tenant == "" {
		c.tenant = "account " + digest(c.place.Account)
	}
}

// Known tells whether it is known whose names these are.
func (c *Copy) Known() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, known := c.whose()
	return known
}

// whose returns the tenant of the copy.
func (c *Copy) whose() (tenant string, known bool) {
	switch {
	case c.tenant != "":
		return c.tenant, true
	case c.db != nil:
		return c.opened, true
	case c.place.Dir == "":
		return "", true
	}
	return c.place.Tenant()
}

// Store names the store, for what is kept outside the copy.
func (c *Copy) Store() (key string, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	tenant, known := c.whose()
	return StoreKey(c.place.BaseURL, tenant), known
}

// database opens the file when that was not done yet, and writes what was
// learned. The caller has the lock.
func (c *Copy) database(ctx context.Context) (*sql.DB, error) {
	tenant, known := c.whose()
	if !known {
		return nil, ErrNoStore
	}
	if c.db != nil && c.place.Dir != "" && c.opened != tenant {
		err := c.db.Close() // the account has moved to another store
		c.db = nil
		if err != nil {
			return nil, err
		}
	}
	if c.db == nil {
		if err := c.open(ctx, tenant); err != nil {
			return nil, err
		}
	}
	if err := c.flush(ctx); damaged(err) {
		return nil, err
	}
	return c.db, nil // what was learned along the way may be lost
}

// use runs fn on the database. Where the file turns out to be damaged it is
// begun again, and fn finds it empty.
func (c *Copy) use(ctx context.Context, fn func(*sql.DB) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	db, err := c.database(ctx)
	if err == nil {
		err = fn(db)
	}
	if !damaged(err) || c.place.Dir == "" || ctx.Err() != nil {
		return err
	}
	closed := c.db.Close()
	c.db = nil
	if removed := removeDatabase(c.place.file(c.opened)); removed != nil || closed != nil {
		c.place.Dir = "" // the rest of the run does without a file
	}
	if db, err = c.database(ctx); err != nil {
		return err
	}
	return fn(db)
}

// Forsake continues in memory, with nothing in it: the file cannot be written.
func (c *Copy) Forsake() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.place.Dir = ""
	if c.db == nil {
		return nil
	}
	err := c.db.Close()
	c.db = nil
	return err
}

// open opens the tenant's file, or where that cannot be a database in memory.
func (c *Copy) open(ctx context.Context, tenant string) (err error) {
	if c.place.Dir != "" {
		if before, told := c.place.Tenant(); !told || before != tenant {
			err = c.place.keepTenant(tenant)
		}
		if err == nil {
			c.db, err = openDatabase(ctx, c.place.file(tenant))
		}
	}
	if c.db == nil && ctx.Err() == nil {
		c.db, err = openDatabase(ctx, "")
	}
	c.opened = tenant
	return err
}

// Close writes what was learned and closes the file. What cannot be written
// quickly is given up: it only saves time.
func (c *Copy) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.whose(); known && c.place.Dir != "" && !c.learned.empty() {
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		_, _ = c.database(ctx)
	}
	if c.db == nil {
		return nil
	}
	err := c.db.Close()
	c.db = nil
	return err
}

func (l learned) empty() bool {
	return l.warehouses == nil && len(l.changed) == 0 && len(l.products) == 0 && len(l.records) == 0
}
