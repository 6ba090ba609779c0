package sandbox

import (
	"net/http"
	"strings"
)

// dashboard is the dialect of the vendor's own dashboard. It names the fields of
// pages, warehouses and movements differently, writes times without a zone, and
// responds to duplicates with a plain 400. Requests still count pages from zero.
type dashboard struct{}

// dashboardPageJSON counts its pages from one.
type dashboardPageJSON struct {
	Items       any `json:"items,omitempty"`
	Logs        any `json:"logs,omitempty"`
	CurrentPage int `json:"currentPage"`
	Total       int `json:"total"`
}

type dashboardStockJSON struct {
	Items []recordJSON `json:"items"`
}

type dashboardWarehouseJSON struct {
	ID        string  `json:"id"`
	TenantID  string  `json:"tenantId"`
	Name      string  `json:"name"`
	Code      string  `json:"code"`
	Address   *string `json:"address"`
	Default   bool    `json:"default"`
	Active    bool    `json:"active"`
	Type      string  `json:"type"`
	CreatedAt string  `json:"createdAt"`
	UpdatedAt string  `json:"updatedAt"`
}

type dashboardMovementJSON struct {
	ID          string  `json:"id"`
	InventoryID string  `json:"inventoryId"`
	ProductID   string  `json:"productId"`
	TenantID    string  `json:"tenantId"`
	Action      string  `json:"action"`
	Qty         int64   `json:"qty"`
	Reference   *string `json:"reference"`
	Notes       *string `json:"notes"`
	AdjustedBy  string  `json:"adjustedBy"`
	LogDate     string  `json:"logDate"`
	CreatedAt   string  `json:"createdAt"`
}

func (dashboard) stamp(at string) string { return strings.TrimSuffix(at, "Z") }

func (dashboard) page(key string, rows any, at slice) any {
	out := dashboardPageJSON{CurrentPage: at.page + 1, Total: at.total}
	if key == logsKey {
		out.Logs = rows
	} else {
		out.Items = rows
	}
	return out
}

func (dashboard) stock(records []recordJSON) any { return dashboardStockJSON{Items: records} }

func (d dashboard) warehouse(w *warehouse) any {
	return dashboardWarehouseJSON{
		ID: w.id, TenantID: tenantID, Name: w.name, Code: w.code, Address: w.address, Default: w.isDefault,
		Active: w.active, Type: w.kind, CreatedAt: d.stamp(w.createdAt), UpdatedAt: d.stamp(w.updatedAt),
	}
}

func (d dashboard) movement(m *movement) any {
	return dashboardMovementJSON{
		ID: m.id, InventoryID: m.recordID, ProductID: m.productID, TenantID: tenantID, Action: m.action,
		Qty: m.change, Reference: m.reference, Notes: m.notes, AdjustedBy: m.actor,
		LogDate: d.stamp(m.at), CreatedAt: d.stamp(m.at),
	}
}

func (dashboard) defaultKeys() []string { return []string{"default", "isDefault"} }

func (dashboard) duplicate() int { return http.StatusBadRequest }
