package count

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

// StockLevel is how much of an item the store has.
type StockLevel struct {
	Item
	Record   string `json:"record"`
	OnHand   int64  `json:"onHand"`
	Baseline *int64 `json:"baseline,omitempty"` // on hand when the count's file was created, if it says so
}

// State is the state of a line in the variance.
type State = string

// The states of a line in the variance.
const (
	Right        State = "right"        // the count equals the store's stock
	Differs      State = "differs"      // to be adjusted
	Missing      State = "no record"    // counted, but the store has no record
	Unknown      State = "unknown code" // the item of the code is unknown
	Stale        State = "moved since"  // stock moved after the file was created, so the count may be out of date
	Adjusted     State = "adjusted"
	Refused      State = "refused"
	InDoubt      State = "in doubt" // sent, but it is unknown whether it was applied
	NotAttempted State = "not sent"
)

// Line is an item in the variance.
type Line struct {
	Record     string `json:"inventoryId"` // blank if there is no record
	Product    string `json:"productId"`
	SKU        string `json:"skuId"`
	Warehouse  string `json:"warehouseId"`
	Code       string `json:"code,omitempty"` // what was scanned, if its item is unknown
	System     *int64 `json:"system"`         // on hand when counting began; null: unknown
	Counted    *int64 `json:"counted"`
	Difference *int64 `json:"difference"`
	Moved      int64  `json:"moved"` // change on hand by others since counting began
	State      State  `json:"state"`
	Reason     string `json:"reason,omitempty"` // of a refusal, from the API
}

// Item returns the item of the line.
func (l Line) Item() Item { return Item{l.Product, l.SKU, l.Warehouse, l.Code} }

// Snapshot reads the stock in one warehouse, or in all if it is blank. It passes records
// in other warehouses to other, unless that is nil.
func Snapshot(ctx context.Context, client *api.Client, warehouse string, other func(api.Record)) ([]StockLevel, error) {
	var out []StockLevel
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
		if r, err = EnsureOnHand(ctx, client, r); err != nil {
			return nil, err
		}
		out = append(out, StockLevel{Item: Item{Product: r.ProductID, SKU: r.SKUID, Warehouse: r.WarehouseID}, Record: r.ID, OnHand: *r.OnHandQty})
	}
	return out, nil
}

// EnsureOnHand reads a record again if a list omitted its quantity.
func EnsureOnHand(ctx context.Context, client *api.Client, r api.Record) (api.Record, error) {
	if r.OnHandQty != nil {
		return r, nil
	}
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
	return r, failure.New(failure.Unexpected, "the API does not report the quantity on hand of record %s, so it cannot be counted", r.ID)
}

// Base returns the stock at the beginning of the count.
func (s *Session) Base() []StockLevel { return s.base }

// Variance compares the counts with the stock at the beginning of the count; now is the
// current stock. uncounted is the number of records in the counted warehouses that were
// not counted.
func (s *Session) Variance(counts, unknown []Counted, now []StockLevel) (lines []Line, uncounted int) {
	had, has := map[Item]StockLevel{}, map[string]int64{}
	var ids stock.IDs[Item]
	for _, f := range s.base {
		ids.Add(f.Item, f.Record)
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
	for i := range lines {
		if why := ids.Several(lines[i].Item()); why != "" {
			lines[i].State, lines[i].Reason, lines[i].System, lines[i].Difference = Refused, "the item "+why+" in this warehouse", nil, nil
		}
	}
	return lines, uncounted
}

// line compares a count with the stock at the beginning of the count or, if the file has
// it, at the time the file was created.
func (s *Session) line(c Counted, f StockLevel, known bool, has map[string]int64) Line {
	l := Line{Record: f.Record, Product: c.Product, SKU: c.SKU, Warehouse: c.Warehouse, Counted: &c.Qty, State: Missing}
	if !known {
		return l
	}
	if f.Baseline != nil {
		w := ledger.Write{Want: c.Qty, Baseline: *f.Baseline, HasBaseline: true}
		qty, decided := w.Difference(f.OnHand, s.Head.IfMoved)
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
