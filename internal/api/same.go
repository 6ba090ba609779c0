package api

import (
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/failure"
)

// Subject is what is known of the record that a write is about, next to its id.
// A blank field is not known.
type Subject struct{ ProductID, SKUID, WarehouseID string }

// Subject returns what an answer says that the record is about.
func (r Record) Subject() Subject { return Subject{r.ProductID, r.SKUID, r.WarehouseID} }

// pair is one field of an answer, next to what was asked.
type pair struct{ field, asked, shown string }

// differs returns what is wrong with an answer that shows another thing than the
// one it was asked about, or nil. A 200 is believed only for what it shows: a
// gateway, a cache or a broken server may answer about somebody else. A field
// that either side leaves out says nothing.
func differs(pairs ...pair) error {
	for _, p := range pairs {
		if p.asked != "" && p.shown != "" && p.asked != p.shown {
			return shows(p)
		}
	}
	return nil
}

func shows(p pair) error {
	return wrongAnswer(fmt.Sprintf("shows %s %s, not %s", p.field, failure.Clip(plain.Clean(p.shown), 80), failure.Clip(p.asked, 80)))
}

// differs compares a record in an answer with the one that was named.
func (s Subject) differs(id string, r Record) error {
	return differs(pair{"record", id, r.ID}, pair{"product", s.ProductID, r.ProductID},
		pair{"SKU", s.SKUID, r.SKUID}, pair{"warehouse", s.WarehouseID, r.WarehouseID})
}

// differs compares the answer to a create with what was sent. No SKU was sent
// for a product of its own, so an answer that shows one is about another record.
func (r CreateRecord) differs(answer Record) error {
	if r.SKUID == "" && answer.SKUID != "" {
		return wrongAnswer(fmt.Sprintf("shows SKU %s, and none was asked for", failure.Clip(plain.Clean(answer.SKUID), 80)))
	}
	return Subject{r.ProductID, r.SKUID, r.WarehouseID}.differs("", answer)
}

// differs compares the answer to a create with what was sent. The API may write
// a code in its own case.
func (w CreateWarehouse) differs(answer Warehouse) error {
	return named(w.Name, w.Code, answer)
}

// differs compares the answer to a change with what was sent.
func (w UpdateWarehouse) differs(id string, answer changedWarehouse) error {
	if err := differs(pair{"warehouse", id, answer.ID}); err != nil {
		return err
	}
	for _, p := range []struct {
		field        string
		asked, shown *bool
	}{{"isDefault", w.IsDefault, answer.isDefault}, {"active", w.Active, answer.active}} {
		if p.asked != nil && p.shown != nil && *p.asked != *p.shown {
			return wrongAnswer(fmt.Sprintf("shows %s %t, not %t", p.field, *p.shown, *p.asked))
		}
	}
	return named(deref(w.Name), deref(w.Code), answer.Warehouse)
}

func named(name, code string, answer Warehouse) error {
	fold := func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
	for _, p := range []pair{{"the warehouse name", name, answer.Name}, {"the warehouse code", code, answer.Code}} {
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
