package forecast

import "slices"

// Move is stock that one warehouse could give to another.
type Move struct {
	From, To Outlook
	Qty      int64
}

// Moves finds what other warehouses can spare for each of the lacking records, in
// their order, beginning with the warehouse that can spare most. found is the total
// found for each record, by id.
func Moves(lacking, all []Outlook) (moves []Move, found map[string]int64) {
	type item struct{ product, sku string }
	spare := map[string]int64{}
	holders := map[item][]Outlook{}
	for _, o := range all {
		if n := o.Spare(); n > 0 {
			spare[o.Record.ID] = n
			key := item{o.Record.ProductID, o.Record.SKUID}
			holders[key] = append(holders[key], o)
		}
	}
	found = map[string]int64{}
	for _, to := range lacking {
		from := holders[item{to.Record.ProductID, to.Record.SKUID}]
		slices.SortStableFunc(from, func(a, b Outlook) int { return compare(spare[b.Record.ID], spare[a.Record.ID]) })
		for _, holder := range from {
			qty := min(spare[holder.Record.ID], to.Lacks-found[to.Record.ID])
			if qty <= 0 || holder.Record.WarehouseID == to.Record.WarehouseID {
				continue
			}
			spare[holder.Record.ID] -= qty
			found[to.Record.ID] += qty
			moves = append(moves, Move{From: holder, To: to, Qty: qty})
		}
	}
	return moves, found
}
