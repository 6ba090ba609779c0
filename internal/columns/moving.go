package columns

import (
	"context"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/stock"
)

// move parses a row of a file of transfers.
func (p *Parser) move(ctx context.Context, w *ledger.Write) (wrong []failure.Problem, err error) {
	for _, field := range []string{stock.ProductID, stock.SKUID} {
		if id := p.Get(field); id != "" {
			wrong = join(wrong, api.CheckID(field, id))
		}
	}
	taking := p.Get(FieldTo)
	for _, field := range []string{FieldFrom, FieldTo} {
		text := p.Get(field)
		if strings.TrimSpace(text) == "" {
			wrong = append(wrong, failure.Problem{Field: field, What: "is required"})
			continue
		}
		id, what, err := p.names.warehouse(ctx, field, text)
		if err != nil {
			return nil, err
		}
		if what != "" {
			wrong = append(wrong, failure.Problem{Field: field, Value: text, What: what})
			continue
		}
		p.put(field, id)
	}
	if len(wrong) == 0 && p.Get(FieldFrom) == p.Get(FieldTo) {
		wrong = append(wrong, failure.Problem{Field: FieldTo, Value: taking, What: "is the same warehouse as from"})
	}
	qty, bad := p.quantity(fieldQty)
	if bad == nil && qty < 1 {
		bad = &failure.Problem{Field: fieldQty, Value: p.Get(fieldQty), What: "must be 1 or more"}
	}
	w.Change = api.Adjustment{Qty: qty, Notes: p.Get(fieldNotes)}
	return join(wrong, bad), nil
}
