package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/failure"
)

// The limits of the vendor's dashboard, in characters.
const (
	maxWarehouseName = 100
	maxWarehouseCode = 20
	minAddress       = 5
)

// Warehouse is a place that holds stock. Each store has one default warehouse. An
// inactive warehouse accepts no new records.
type Warehouse struct {
	ID        string `json:"id"`
	TenantID  string `json:"tenantId,omitempty"`
	Name      string `json:"name"`
	Code      string `json:"code"`
	Address   string `json:"address,omitempty"`
	IsDefault bool   `json:"isDefault"`
	Active    bool   `json:"active"` // true if the API does not say
	Type      string `json:"type,omitempty"`
	CreatedAt *Time  `json:"createdAt,omitempty"`
	UpdatedAt *Time  `json:"updatedAt,omitempty"`
}

// warehouseWire is a warehouse in a response, in either dialect.
type warehouseWire struct {
	ID        string        `json:"id"`
	TenantID  string        `json:"tenantId"`
	Name      string        `json:"name"`
	Code      string        `json:"code"`
	Address   lenient.Loose `json:"address"`
	IsDefault *bool         `json:"isDefault"`
	Default   *bool         `json:"default"`
	Active    *bool         `json:"active"`
	Type      string        `json:"type"`
	CreatedAt *Time         `json:"createdAt"`
	UpdatedAt *Time         `json:"updatedAt"`
}

// UnmarshalJSON reads a warehouse. If isDefault is missing, it uses `default`. A
// warehouse without `active` is active.
func (w *Warehouse) UnmarshalJSON(b []byte) error {
	var in warehouseWire
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	standard := cmp.Or(in.IsDefault, in.Default)
	*w = Warehouse{
		ID: in.ID, TenantID: in.TenantID, Name: in.Name, Code: in.Code, Address: string(in.Address),
		IsDefault: standard != nil && *standard, Active: in.Active == nil || *in.Active, Type: in.Type,
		CreatedAt: lenient.Known(in.CreatedAt), UpdatedAt: lenient.Known(in.UpdatedAt),
	}
	return nil
}

func (w Warehouse) key() string { return w.ID }

// changedWarehouse is a warehouse with the states in the response; nil if they are
// missing.
type changedWarehouse struct {
	Warehouse
	isDefault, active *bool
}

// UnmarshalJSON reads a warehouse.
func (w *changedWarehouse) UnmarshalJSON(b []byte) error {
	var in warehouseWire
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	w.isDefault, w.active = cmp.Or(in.IsDefault, in.Default), in.Active
	return json.Unmarshal(b, &w.Warehouse)
}

// WarehouseTypes returns the types of warehouses, the most common first.
func WarehouseTypes() []string {
	return []string{"OWNED", "SUPPLIER", "CONSIGNMENT", "THIRD_PARTY_LOGISTICS"}
}

// CreateWarehouse is the body of POST /v1/warehouses. Without a code, the API
// generates one.
type CreateWarehouse struct {
	Name      string `json:"name"`
	Code      string `json:"code,omitempty"`
	Address   string `json:"address,omitempty"`
	IsDefault bool   `json:"isDefault,omitempty"`
	Type      string `json:"type,omitempty"`
}

// Validate returns every mistake in the request.
func (w CreateWarehouse) Validate() []failure.Problem {
	var found problems
	found.add(checkName("name", w.Name, maxWarehouseName))
	if w.Code != "" {
		found.add(checkName("code", w.Code, maxWarehouseCode))
	}
	if w.Address != "" {
		found.add(checkAddress(w.Address))
	}
	if w.Type != "" && !slices.Contains(WarehouseTypes(), w.Type) {
		found.say("type", w.Type, "must be "+failure.OneOf(WarehouseTypes()))
	}
	return found
}

// UpdateWarehouse is the body of PATCH /v1/warehouses/{id}. Fields that are nil stay
// unchanged.
type UpdateWarehouse struct {
	Name      *string `json:"name,omitempty"`
	Code      *string `json:"code,omitempty"`
	Address   *string `json:"address,omitempty"`
	IsDefault *bool   `json:"isDefault,omitempty"`
	Active    *bool   `json:"active,omitempty"`
}

// Validate returns every mistake in the request.
func (w UpdateWarehouse) Validate() []failure.Problem {
	var found problems
	if w == (UpdateWarehouse{}) {
		found.say("", "", "no change is given")
	}
	if w.Name != nil {
		found.add(checkName("name", *w.Name, maxWarehouseName))
	}
	if w.Code != nil {
		found.add(checkName("code", *w.Code, maxWarehouseCode))
	}
	if w.Address != nil {
		found.add(checkAddress(*w.Address))
	}
	return found
}

func checkName(field, value string, most int) *failure.Problem {
	if strings.TrimSpace(value) == "" {
		return &failure.Problem{Field: field, Value: value, What: "is required"}
	}
	if utf8.RuneCountInString(value) > most {
		return &failure.Problem{Field: field, Value: value, What: fmt.Sprintf("is longer than %d characters", most)}
	}
	return checkLine(field, value)
}

func checkAddress(value string) *failure.Problem {
	if utf8.RuneCountInString(strings.TrimSpace(value)) < minAddress {
		return &failure.Problem{Field: "address", Value: value, What: fmt.Sprintf("must have at least %d characters", minAddress)}
	}
	return checkLine("address", value)
}

// Warehouses returns the store's warehouses: GET /v1/warehouses.
func (c *Client) Warehouses(ctx context.Context) ([]Warehouse, error) {
	return readAll[Warehouse](ctx, c, "/v1/warehouses", nil)
}

// CreateWarehouse adds a warehouse: POST /v1/warehouses. An *Error with the
// reason ReasonWarehouseCodeTaken means that the store already uses the code.
func (c *Client) CreateWarehouse(ctx context.Context, w CreateWarehouse) (Warehouse, error) {
	got, _, err := write(ctx, c, "POST", "/v1/warehouses", w, w.differs)
	return got, err
}

// UpdateWarehouse changes the fields that are set: PATCH /v1/warehouses/{id}.
func (c *Client) UpdateWarehouse(ctx context.Context, id string, w UpdateWarehouse) (Warehouse, error) {
	path, err := pathOf("v1", "warehouses", id)
	if err != nil {
		return Warehouse{}, err
	}
	got, _, err := write(ctx, c, "PATCH", path, w, func(got changedWarehouse) error { return w.differs(id, got) })
	return got.Warehouse, err
}
