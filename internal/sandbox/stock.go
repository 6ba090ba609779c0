package sandbox

import (
	"context"
	"database/sql"
	"math"
	"net/http"
	"slices"
	"strings"
)

// adjust changes the quantity on hand.
func (s *Server) adjust(c *call) (*response, error) {
	body, err := c.fields()
	if err != nil {
		return nil, err
	}
	qty := body.requiredInteger("qty", math.MinInt32)
	if qty == 0 && len(body.problems) == 0 {
		body.wrong("qty must not be 0")
	}
	action := body.required("action")
	if actions := adjustActions(s.strict); action != "" && !slices.Contains(actions, action) {
		body.wrong("action must be one of %s", strings.Join(actions, ", "))
	}
	m := s.movement(body, action)
	m.change = qty
	if err := body.err(); err != nil {
		return nil, err
	}
	r, err := s.move(c.Context(), c.ids[0], m, func(r *record) error {
		after := r.onHand + m.change
		switch {
		case after < 0:
			return refuse(http.StatusUnprocessableEntity,
				"Adjustment would result in negative stock. Current on-hand: %d, requested change: %d.", r.onHand, m.change)
		case after > math.MaxInt32:
			return refuse(http.StatusUnprocessableEntity,
				"Adjustment would exceed the largest quantity. Current on-hand: %d, requested change: %d.", r.onHand, m.change)
		}
		r.onHand = after
		r.lastAdjusted, r.lastActor = &m.at, &m.actor
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done(http.StatusOK, "Inventory adjusted successfully.", r.adjustedJSON(s.view)), nil
}

// reserve reserves available stock.
func (s *Server) reserve(c *call) (*response, error) {
	return s.shift(c, reserved, "Inventory reserved successfully.", func(r *record, qty int64) (int64, error) {
		if qty > r.available() {
			return 0, refuse(http.StatusUnprocessableEntity,
				"Cannot reserve %d units. Only %d units are currently available.", qty, r.available())
		}
		r.reserved += qty
		return -qty, nil
	})
}

// release releases reserved stock.
func (s *Server) release(c *call) (*response, error) {
	return s.shift(c, released, "Inventory released successfully.", func(r *record, qty int64) (int64, error) {
		if qty > r.reserved {
			return 0, refuse(http.StatusUnprocessableEntity,
				"Cannot release %d units. Only %d units are currently reserved.", qty, r.reserved)
		}
		r.reserved -= qty
		return qty, nil
	})
}

// shift implements reserve and release: apply changes the record and returns the
// quantity for the movement.
func (s *Server) shift(c *call, action, message string, apply func(*record, int64) (int64, error)) (*response, error) {
	body, err := c.fields()
	if err != nil {
		return nil, err
	}
	qty := body.requiredInteger("qty", 1)
	m := s.movement(body, action)
	if err := body.err(); err != nil {
		return nil, err
	}
	r, err := s.move(c.Context(), c.ids[0], m, func(r *record) (err error) {
		m.change, err = apply(r, qty)
		return err
	})
	if err != nil {
		return nil, err
	}
	return done(http.StatusOK, message, quantitiesJSON{r.id, r.onHand, r.reserved, r.available()}), nil
}

// movement returns a movement with the fields that every request can have.
func (s *Server) movement(body *fields, action string) *movement {
	return &movement{
		id:        newID("log"),
		action:    action,
		reference: body.text("reference"),
		notes:     body.text("notes"),
		actor:     s.account.signature(),
		at:        s.timestamp(),
	}
}

// move changes one record and writes the movement in the same transaction.
func (s *Server) move(ctx context.Context, id string, m *movement, apply func(*record) error) (*record, error) {
	p := s.store.prepared
	r := &record{}
	err := s.store.inWrite(ctx, func(tx *sql.Tx) error {
		if err := r.load(ctx, tx.StmtContext(ctx, p.record), id); err != nil {
			return err
		}
		if err := apply(r); err != nil {
			return err
		}
		r.updatedAt = m.at
		m.recordID, m.productID = r.id, r.productID
		if err := r.update(ctx, tx.StmtContext(ctx, p.updateRecord)); err != nil {
			return err
		}
		return m.insert(ctx, tx.StmtContext(ctx, p.insertMovement))
	})
	return r, err
}
