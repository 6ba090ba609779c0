package ledger

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// Doubled is a movement that is in the log more than once.
type Doubled struct {
	Line   int    `json:"line"`
	Record string `json:"inventoryId"`
	Token  string `json:"token"`
	Undo   string `json:"undo"` // the command that reverses the duplicate, or shows both
}

// audit counts the tokens of the rows that were sent more than once. If the user named
// the import, another machine may be running it by mistake, so all its tokens are
// counted.
func (a *adjuster) audit(ctx context.Context, tag string, named bool) ([]Doubled, error) {
	if len(a.resent) == 0 && !named {
		return nil, nil
	}
	repeats, err := settle.NewLog(a.reader).Repeats(ctx, a.unsettled.Since(), tag)
	var out []Doubled
	for _, r := range repeats {
		sent, ours := a.resent[r.Token]
		if !ours { // another process sent it as well: a person must decide what to do
			out = append(out, Doubled{Record: r.Record, Token: r.Token, Undo: "stockctl inventory logs --reference " + r.Token})
			continue
		}
		out = append(out, Doubled{sent.Line, sent.Record, r.Token, fmt.Sprintf(
			"stockctl inventory adjust %s --qty=%d --action adjusted --notes 'takes back %s'", failure.Arg(sent.Record), -sent.Qty*r.More, r.Token)})
	}
	return out, err
}
