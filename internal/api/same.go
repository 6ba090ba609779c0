package api

import (
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/failure"
)

// Subject is what is known about the record of a write besides its id. A blank field
// is unknown.
type Subject struct{ ProductID, SKUID, WarehouseID string }

// Subject returns the product, the SKU and the warehouse of the record.
func (r Record) Subject() Subject { return Subject{r.ProductID, r.SKUID, r.WarehouseID} }

// pair is a field of a response and its value in the request.
type pair struct{ field, asked, shown string }

// differs returns an error if a response shows another object than the request, and
// otherwise nil. A 200 alone is not trusted: a gateway, a cache or a broken server may
// return something else. A field that either side leaves out does not count.
func differs(pairs ...pair) error {
	for _, p := range pairs {
		if p.asked != "" && p.shown != "" && p.asked != p.shown {
			return shows(p)
		}
	}
	return nil
}

func shows(p pair) error {
	return lenient.Wrong(fmt.Sprintf("shows %s %s, not %s", p.field, failure.Clip(plain.Clean(p.shown), 80), failure.Clip(p.asked, 80)))
}

// differs compares a record in a response with the one that was asked for.
func (s Subject) differs(id string, r Record) error {
	return differs(pair{"record", id, r.ID}, pair{"product", s.ProductID, r.ProductID},
		pair{"SKU", s.SKUID, r.SKUID}, pair{"warehouse", s.WarehouseID, r.WarehouseID})
}

// differs compares the response to a create with what was sent. If no SKU was sent, a
// response with a SKU is about another record.
func (r CreateRecord) differs(response Record) error {
	if r.SKUID == "" && response.SKUID != "" {
		return lenient.Wrong(fmt.Sprintf("shows SKU %s, but none was requested", failure.Clip(plain.Clean(response.SKUID), 80)))
	}
	return Subject{r.ProductID, r.SKUID, r.WarehouseID}.differs("", response)
}

// differs compares the response to a create with what was sent. The API may change the
// case of a code.
func (w CreateWarehouse) differs(response Warehouse) error {
	return named(w.Name, w.Code, response)
}

// differs compares the response to a change with what was sent.
func (w UpdateWarehouse) differs(id string, response changedWarehouse) error {
	if err := differs(pair{"warehouse", id, response.ID}); err != nil {
		return err
	}
	for _, p := range []struct {
		field        string
		asked, shown *bool
	}{{"isDefault", w.IsDefault, response.isDefault}, {"active", w.Active, response.active}} {
		if p.asked != nil && p.shown != nil && *p.asked != *p.shown {
			return lenient.Wrong(fmt.Sprintf("shows %s %t, not %t", p.field, *p.shown, *p.asked))
		}
	}
	return named(deref(w.Name), deref(w.Code), response.Warehouse)
}

func named(name, code string, response Warehouse) error {
	fold := func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
	for _, p := range []pair{{"the warehouse name", name, response.Name}, {"the warehouse code", code, response.Code}} {
		if p.asked != "" && p.shown != "" && fold(p.asked) != fold(p.shown) {
			return shows(p)
		}
	}
	return nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
