package bulk

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/settle"
)

// Doubled is a movement that stands twice in the log.
type Doubled struct {
	Line   int    `json:"line"`
	Record string `json:"inventoryId"`
	Token  string `json:"token"`
	Undo   string `json:"undo"` // the command that takes the second one back
}

// audit counts the tokens of the rows that were sent more than once.
func (d *doubts) audit(ctx context.Context) ([]Doubled, error) {
	d.mu.Lock()
	resent, since := d.resent, d.marks[0]
	d.mu.Unlock()
	if len(resent) == 0 {
		return nil, nil
	}
	counts := map[string]int{}
	err := d.log.Sweep(ctx, since, func(entry api.Movement) bool {
		token := settle.TokenOf(entry)
		if _, wanted := resent[token]; wanted && token != "" {
			counts[token]++
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("checking in the movement log that nothing was applied twice: %w", err)
	}
	var out []Doubled
	for token, n := range counts {
		if sent := resent[token]; n > 1 {
			out = append(out, Doubled{sent.Line, sent.Record, token, fmt.Sprintf(
				"stockctl inventory adjust %s --qty=%d --action adjusted --notes 'takes back %s'", sent.Record, -sent.Qty*int64(n-1), token)})
		}
	}
	return out, nil
}
