package ledger

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/seen"
	"github.com/bayworks/stockctl/internal/settle"
)

// Doubled is a movement that stands twice in the log.
type Doubled struct {
	Line   int    `json:"line"`
	Record string `json:"inventoryId"`
	Token  string `json:"token"`
	Undo   string `json:"undo"` // the command that takes the second one back, or shows both
}

// audit counts the tokens of the rows that were sent more than once. An import
// with a name of its own may be under way on another machine, too, by mistake:
// of that all tokens are counted.
func (d *unsettled) audit(ctx context.Context) ([]Doubled, error) {
	d.mu.Lock()
	resent, since := d.resent, d.marks[0]
	d.mu.Unlock()
	named := d.run.options.Named
	if len(resent) == 0 && !named {
		return nil, nil
	}
	counts, tokens := map[string]int{}, seen.New[string]()
	own := d.tag
	err := d.log.Sweep(ctx, since, func(entry api.Movement) bool {
		token := settle.TokenOf(entry)
		tag, _, ok := settle.SplitToken(token)
		if !ok || tag != own {
			return true
		}
		if _, again := tokens.Find(token); again {
			counts[token]++
			if _, known := resent[token]; !known {
				resent[token] = journal.Intent{Token: token, Record: entry.InventoryID, Qty: entry.QtyChange}
			}
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("checking in the movement log that nothing was applied twice: %w", err)
	}
	var out []Doubled
	for token, more := range counts {
		sent := resent[token]
		if sent.Line == 0 { // another process sent it, too: which way it went is for a person to see
			out = append(out, Doubled{Record: sent.Record, Token: token, Undo: "stockctl inventory logs --reference " + token})
			continue
		}
		out = append(out, Doubled{sent.Line, sent.Record, token, fmt.Sprintf(
			"stockctl inventory adjust %s --qty=%d --action adjusted --notes 'takes back %s'", sent.Record, -sent.Qty*int64(more), token)})
	}
	return out, nil
}
