package sandbox

import (
	"net/http"

	"github.com/bayworks/stockctl/internal/failure"
)

// Dialect is a format of responses.
type Dialect string

// The two dialects of the API.
const (
	Published Dialect = "published" // as documented
	Dashboard Dialect = "dashboard" // as used by the vendor's own dashboard
)

// view formats the parts of responses that differ between dialects.
type view interface {
	// stamp formats a time that is stored as RFC 3339.
	stamp(at string) string
	// page wraps the rows of a page; key is contentKey or logsKey.
	page(key string, rows any, at slice) any
	// stock wraps the records of one product.
	stock(records []recordJSON) any
	warehouse(w *warehouse) any
	movement(m *movement) any
	// defaultKeys are the request's fields that make a warehouse the default.
	defaultKeys() []string
	// duplicate is the status of "already exists".
	duplicate() int
}

// slice is the position of a page in its list.
type slice struct{ page, limit, total int }

// The names of the field that contains the rows of a page.
const (
	contentKey = "content"
	logsKey    = "logs"
)

// view returns the view of a dialect; blank means Published.
func (d Dialect) view() (view, error) {
	switch d {
	case "", Published:
		return published{}, nil
	case Dashboard:
		return dashboard{}, nil
	}
	return nil, failure.Usagef("unknown dialect %q: choose %s or %s", string(d), Published, Dashboard)
}

// published implements the documented dialect.
type published struct{}

// pageJSON is a page of any list.
type pageJSON struct {
	Content       any `json:"content"`
	Page          int `json:"page"`
	Limit         int `json:"limit"`
	TotalElements int `json:"totalElements"`
}

func (published) stamp(at string) string { return at }

func (published) page(_ string, rows any, at slice) any {
	return pageJSON{Content: rows, Page: at.page, Limit: at.limit, TotalElements: at.total}
}

func (published) stock(records []recordJSON) any { return records }

func (published) warehouse(w *warehouse) any {
	return warehouseJSON{
		ID: w.id, TenantID: tenantID, Name: w.name, Code: w.code, Address: w.address, IsDefault: w.isDefault,
		Active: w.active, Type: w.kind, CreatedAt: w.createdAt, UpdatedAt: w.updatedAt,
	}
}

func (published) movement(m *movement) any {
	return movementJSON{
		ID: m.id, InventoryID: m.recordID, ProductID: m.productID, TenantID: tenantID, Action: m.action,
		QtyChange: m.change, Reference: m.reference, Notes: m.notes, AdjustedBy: m.actor,
		LogDate: m.at, Timestamp: m.at,
	}
}

func (published) defaultKeys() []string { return []string{"isDefault"} }

func (published) duplicate() int { return http.StatusConflict }
