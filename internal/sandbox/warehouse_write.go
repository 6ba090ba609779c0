package sandbox

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths that the vendor's dashboard allows, in characters.
const (
	maxWarehouseName    = 100
	maxWarehouseCode    = 20
	minWarehouseAddress = 5
	maxWarehouseAddress = 255
)

// createWarehouse adds a warehouse and makes up a code if none was sent.
func (s *Server) createWarehouse(c *call) (*response, error) {
	body, err := c.fields()
	if err != nil {
		return nil, err
	}
	now := s.timestamp()
	w := &warehouse{id: newID("wh"), kind: owned, active: true, createdAt: now, updatedAt: now}
	if !body.has("name") {
		body.wrong("name is required")
	}
	if kind := body.text("type"); kind != nil {
		w.kind = *kind
		if !slices.Contains(warehouseTypes(), *kind) {
			body.wrong("type must be one of %s", strings.Join(warehouseTypes(), ", "))
		}
	}
	s.takeWarehouse(body, w)
	if err := body.err(); err != nil {
		return nil, err
	}
	ctx := c.Context()
	err = s.store.inWrite(ctx, func(tx *sql.Tx) error {
		if w.code == "" {
			if w.code, err = freeCode(ctx, tx, w.name); err != nil {
				return err
			}
		}
		return s.putWarehouse(ctx, tx, w)
	})
	if err != nil {
		return nil, err
	}
	return done(http.StatusCreated, "Warehouse created successfully.", s.view.warehouse(w)), nil
}

// updateWarehouse changes the fields that were sent.
func (s *Server) updateWarehouse(c *call) (*response, error) {
	body, err := c.fields()
	if err != nil {
		return nil, err
	}
	ctx := c.Context()
	w := &warehouse{}
	err = s.store.inWrite(ctx, func(tx *sql.Tx) error {
		if err := w.load(ctx, tx.StmtContext(ctx, s.store.prepared.warehouse), c.ids[0]); err != nil {
			return err
		}
		s.takeWarehouse(body, w)
		if active := body.boolean("active"); active != nil {
			w.active = *active
		}
		if err := body.err(); err != nil {
			return err
		}
		w.updatedAt = s.timestamp()
		return s.putWarehouse(ctx, tx, w)
	})
	if err != nil {
		return nil, err
	}
	return done(http.StatusOK, "Warehouse updated successfully.", s.view.warehouse(w)), nil
}

// takeWarehouse sets the fields of w that were sent and that creates and updates
// have in common.
func (s *Server) takeWarehouse(body *fields, w *warehouse) {
	for _, field := range []struct {
		name     string
		low, top int
		set      func(string)
	}{
		{"name", 1, maxWarehouseName, func(v string) { w.name = v }},
		{"code", 1, maxWarehouseCode, func(v string) { w.code = v }},
		{"address", minWarehouseAddress, maxWarehouseAddress, func(v string) { w.address = &v }},
	} {
		value := body.text(field.name)
		if value == nil {
			continue
		}
		if n := utf8.RuneCountInString(strings.TrimSpace(*value)); n < field.low || n > field.top {
			body.wrong("%s must have %d to %d characters", field.name, field.low, field.top)
		}
		field.set(*value)
	}
	for _, name := range s.view.defaultKeys() {
		if isDefault := body.boolean(name); isDefault != nil {
			w.isDefault = *isDefault
			break
		}
	}
}

// putWarehouse writes a new or changed warehouse. If it is the default, no other
// warehouse remains so.
func (s *Server) putWarehouse(ctx context.Context, tx *sql.Tx, w *warehouse) error {
	var taken bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM warehouses WHERE code = ? AND id <> ?)", w.code, w.id).Scan(&taken)
	if err != nil {
		return fmt.Errorf("looking for a warehouse's code: %w", err)
	}
	if taken {
		return refuse(s.view.duplicate(), "A warehouse with code '%s' already exists for this store.", w.code)
	}
	return w.put(ctx, tx)
}

// freeCode makes up a code from a name: three letters and the first number
// that is free, such as LAG-01.
func freeCode(ctx context.Context, tx *sql.Tx, name string) (string, error) {
	letters := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && unicode.IsLetter(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, name)
	if len(letters) < 3 {
		letters = "WHS"
	}
	for n := 1; ; n++ {
		code := fmt.Sprintf("%s-%02d", letters[:3], n)
		var taken bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM warehouses WHERE code = ?)", code).Scan(&taken); err != nil {
			return "", fmt.Errorf("making up a code: %w", err)
		}
		if !taken {
			return code, nil
		}
	}
}
