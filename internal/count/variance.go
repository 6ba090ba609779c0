package count

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// Figure is what the store has of an item.
type Figure struct {
	Item
	Record   string `json:"record"`
	OnHand   int64  `json:"onHand"`
	Baseline *int64 `json:"baseline,omitempty"` // what it was when the file of the count was made, where that says
}

// The states of a line of the variance.
const (
	Right        = "right"        // counted as the store has it
	Differs      = "differs"      // to be adjusted
	Missing      = "no record"    // counted, and the store keeps no stock of it there
	Unknown      = "unknown code" // nobody said what the code stands for
	Stale        = "moved since"  // the file is older than what has moved: nobody knows which of the two counts
	Adjusted     = "adjusted"
	Refused      = "refused"
	InDoubt      = "in doubt" // sent, and not known whether it was applied
	NotAttempted = "not sent"
)

// Line is an item of the variance.
type Line struct {
	Record     string `json:"inventoryId"`
	Product    string `json:"productId"`
	SKU        string `json:"skuId"`
	Warehouse  string `json:"warehouseId"`
	Code       string `json:"code,omitempty"`
	System     *int64 `json:"system"` // when counting began
	Counted    *int64 `json:"counted"`
	Difference *int64 `json:"difference"`
	Moved      int64  `json:"moved"` // on hand since counting began, by others
	State      string `json:"state"`
	Reason     string `json:"reason,omitempty"` // of a refusal, as the API gave it
}

// Item is what the line is about.
func (l Line) Item() Item { return Item{l.Product, l.SKU, l.Warehouse, l.Code} }

// Snapshot reads what the store has in one warehouse, or in all when it is blank.
// Records of other warehouses are given to other, unless it is nil.
func Snapshot(ctx context.Context, client *api.Client, warehouse string, other func(api.Record)) ([]Figure, error) {
	var out []Figure
	for r, err := range client.Records().All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading what the store has: %w", err)
		}
		if warehouse != "" && r.WarehouseID != warehouse {
			if other != nil {
				other(r)
			}
			continue
		}
		if r.OnHandQty == nil {
			if r, err = whole(ctx, client, r); err != nil {
				return nil, err
			}
		}
		out = append(out, Figure{Item: Item{Product: r.ProductID, SKU: r.SKUID, Warehouse: r.WarehouseID}, Record: r.ID, OnHand: *r.OnHandQty})
	}
	return out, nil
}

// whole reads a record of which a list left the quantity out.
func whole(ctx context.Context, client *api.Client, r api.Record) (api.Record, error) {
	list, err := client.RecordsOf(ctx, r.ProductID, r.SKUID)
	if err != nil {
		return r, fmt.Errorf("reading the record %s: %w", r.ID, err)
	}
	for _, one := range list {
		if one.ID == r.ID && one.OnHandQty != nil {
			r.OnHandQty = one.OnHandQty
			return r, nil
		}
	}
	return r, failure.New(failure.Unexpected, "the API does not tell what is on hand of record %s: it cannot be counted", r.ID)
}

// Base is what the store had when counting began.
func (s *Session) Base() []Figure { return s.base }

// Variance holds the counts against what the store had when counting began; now
// is what it has since. Uncounted is how many records of the counted warehouses
// nobody counted.
func (s *Session) Variance(counts, unknown []Counted, now []Figure) (lines []Line, uncounted int) {
	had, has := map[Item]Figure{}, map[string]int64{}
	for _, f := range s.base {
		had[f.Item] = f
	}
	for _, f := range now {
		has[f.Record] = f.OnHand
	}
	seen, places := map[Item]bool{}, map[string]bool{}
	for _, c := range counts {
		seen[c.Item], places[c.Warehouse] = true, true
		f, known := had[c.Item]
		lines = append(lines, s.line(c, f, known, has))
	}
	for _, c := range unknown {
		qty := c.Qty
		lines = append(lines, Line{Code: c.Code, Warehouse: s.Head.Warehouse, Counted: &qty, State: Unknown})
	}
	places[s.Head.Warehouse] = true
	for _, f := range s.base {
		if seen[f.Item] || !places[f.Warehouse] {
			continue
		}
		uncounted++
		if s.Head.Complete {
			lines = append(lines, s.line(Counted{f.Item, 0}, f, true, has))
		}
	}
	return lines, uncounted
}

// line compares a count with what the store had when counting began: for a file that
// says so, when the file was made.
func (s *Session) line(c Counted, f Figure, known bool, has map[string]int64) Line {
	l := Line{Record: f.Record, Product: c.Product, SKU: c.SKU, Warehouse: c.Warehouse, Counted: &c.Qty, State: Missing}
	if !known {
		return l
	}
	if f.Baseline != nil {
		w := ledger.Write{Want: c.Qty, Baseline: *f.Baseline, HasBaseline: true}
		qty, decided := w.Figure(f.OnHand, s.Head.IfMoved)
		if decided != nil && decided.State == journal.Conflict {
			l.System, l.State, l.Reason = &f.OnHand, Stale, decided.Message
			return l
		}
		f.OnHand = c.Qty - qty
	}
	difference := c.Qty - f.OnHand
	l.System, l.Difference, l.State = &f.OnHand, &difference, Right
	if difference != 0 {
		l.State = Differs
	}
	if onHand, there := has[f.Record]; there {
		l.Moved = onHand - f.OnHand
	}
	return l
}
