package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/durable"
)

// ErrNoStore means that the account's store is not known yet. Any list of its
// warehouses or records shows it.
var ErrNoStore = errors.New("the account's store is not known yet")

// Limits to what one run keeps of what it reads, and to the size of the copy.
const (
	maxLearned = 10_000  // products, and records, of one run
	maxItems   = 500_000 // products and SKUs
	maxRecords = 200_000
)

// Copy is the local copy of one store's names. It opens its file on first use, and
// is safe for concurrent use.
type Copy struct {
	place Place
	now   func() time.Time

	mu      sync.Mutex
	db      *sql.DB
	opened  string // the tenant of db
	tenant  string // from responses of this run, or assumed
	learned learned
	kept    []string // digests of what this run learned and the file has
	filling int      // complete readings that are being written
	unkept  error    // why the copy is in memory only
	lost    error    // why what was learned last is not in the file
}

// learned is what a run has read but not written yet.
type learned struct {
	warehouses []api.Warehouse // nil: none were read
	changed    []api.Warehouse // read one by one
	products   []api.Product
	records    []Record
}

// New returns the copy of an account's store, without opening it.
func New(place Place, now func() time.Time) *Copy {
	if now == nil {
		now = time.Now
	}
	return &Copy{place: place, now: now}
}

// LearnWarehouses records the whole list of the store's warehouses.
func (c *Copy) LearnWarehouses(list []api.Warehouse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.learned.warehouses, c.learned.changed = append([]api.Warehouse{}, list...), nil
	for _, w := range list {
		c.belongs(w.TenantID)
	}
}

// LearnWarehouse records a warehouse that was created or changed.
func (c *Copy) LearnWarehouse(w api.Warehouse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.belongs(w.TenantID)
	if w.ID != "" && w.Name != "" { // a response may say no more than that it worked
		c.learned.changed = append(c.learned.changed, w)
	}
}

// LearnProducts records the products of a response.
func (c *Copy) LearnProducts(list []api.Product) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range list {
		if p.ID != "" && c.filling == 0 && len(c.learned.products) < maxLearned {
			c.learned.products = append(c.learned.products, p)
		}
	}
}

// LearnRecords records the product, SKU and warehouse of records.
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

// Assume ties the copy to the account if the API does not name the tenant.
func (c *Copy) Assume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tenant == "" {
		c.tenant = "account " + digest(c.place.Account)
	}
}

// Known reports whether the tenant is known.
func (c *Copy) Known() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, known := c.currentTenant()
	return known
}

// currentTenant returns the tenant of the copy, or blank.
func (c *Copy) currentTenant() (tenant string, known bool) {
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

// Store returns a key for the store, for data that is kept outside the copy.
func (c *Copy) Store() (key string, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	tenant, known := c.currentTenant()
	return storeKey(c.place.BaseURL, tenant), known
}

// database opens the file on first use, and writes what was learned. The caller
// holds the lock.
func (c *Copy) database(ctx context.Context) (*sql.DB, error) {
	tenant, known := c.currentTenant()
	if !known {
		return nil, ErrNoStore
	}
	if c.db != nil && c.place.Dir != "" && c.opened != tenant {
		err := c.db.Close() // the account has moved to another store
		c.db, c.kept = nil, nil
		if err != nil {
			return nil, err
		}
	}
	if c.db == nil {
		if err := c.open(ctx, tenant); err != nil {
			return nil, err
		}
	}
	if c.lost = c.flush(ctx); damaged(c.lost) {
		return nil, c.lost
	}
	return c.db, nil // losing what was learned costs only time
}

// use runs fn on the database. If the file is damaged, it is replaced by an empty
// one, and fn runs again.
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
	c.db, c.kept = nil, nil
	if removed := removeDatabase(c.place.file(c.opened)); removed != nil || closed != nil {
		c.place.Dir = "" // no file for the rest of the run
	}
	if db, err = c.database(ctx); err != nil {
		return err
	}
	return fn(db)
}

// Unkept returns why the copy is lost at the end of the run, or nil if its file could
// be written.
func (c *Copy) Unkept() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unkept
}

// Forsake gives up a file that cannot be written, and continues with an empty copy
// in memory.
func (c *Copy) Forsake(why error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.place.Dir != "" {
		c.unkept = durable.DatabaseError(c.place.file(c.opened), why)
	}
	c.place.Dir = ""
	if c.db == nil {
		return nil
	}
	err := c.db.Close()
	c.db = nil
	return err
}

// open opens the tenant's file or, if that fails, a database in memory.
func (c *Copy) open(ctx context.Context, tenant string) (err error) {
	if c.place.Dir != "" {
		if before, known := c.place.Tenant(); !known || before != tenant {
			err = c.place.keepTenant(tenant)
		}
		if err == nil {
			c.db, err = openDatabase(ctx, c.place.file(tenant))
		}
	}
	if c.db == nil && ctx.Err() == nil {
		if err != nil {
			c.unkept = durable.DatabaseError(c.place.file(tenant), err)
		}
		c.db, err = openDatabase(ctx, "")
	}
	c.opened = tenant
	return err
}

// Close writes what was learned and closes the file. It gives up if that takes
// long: the copy only saves time. A run that learned no more than the one before does
// not open the file, which takes longer than the rest of a short command.
func (c *Copy) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	tenant, known := c.currentTenant()
	if known && c.place.Dir != "" && !c.learned.empty() {
		if c.db == nil && c.place.has(tenant, c.learned.digest()) {
			return nil
		}
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		if _, err := c.database(ctx); err != nil {
			c.kept = nil
		}
	}
	if c.db == nil {
		return nil
	}
	err := c.db.Close()
	c.db = nil
	if err == nil && c.lost == nil && c.unkept == nil {
		c.place.note(tenant, c.kept)
	}
	return err
}

func (l learned) empty() bool {
	return l.warehouses == nil && len(l.changed) == 0 && len(l.products) == 0 && len(l.records) == 0
}

// digest identifies what was learned, or is blank.
func (l learned) digest() string {
	text, err := json.Marshal([]any{l.warehouses, l.changed, l.products, l.records})
	if err != nil {
		return ""
	}
	return digest(string(text))
}
