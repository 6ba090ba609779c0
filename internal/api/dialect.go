package api

import (
	"bytes"
	"context"
	"encoding/json"
)

// Dialect is the form in which the API returns the pages of a list. All readers in
// this package accept all of them.
type Dialect string

// The dialects.
const (
	DialectPublished Dialect = "published" // {content, page, limit, totalElements}
	DialectDashboard Dialect = "dashboard" // {items, currentPage, total}
	DialectBare      Dialect = "bare list" // an array without a page around it
)

// Dialect reads at most one inventory record and returns the form of the page around
// it: GET /v1/inventory?page=0&limit=1.
func (c *Client) Dialect(ctx context.Context) (Dialect, error) {
	k := call{method: "GET", path: "/v1/inventory", query: "limit=1&page=0", safe: true}
	a, err := c.send(ctx, k)
	if err != nil {
		return "", err
	}
	if _, err := decode[Record](a); err != nil {
		return "", k.fault(a.status, err)
	}
	if payload := bytes.TrimSpace(a.payload); len(payload) > 0 && payload[0] == '[' {
		return DialectBare, nil
	}
	var published struct{ Content json.RawMessage }
	if json.Unmarshal(a.payload, &published) == nil && len(published.Content) > 0 {
		return DialectPublished, nil
	}
	return DialectDashboard, nil
}
