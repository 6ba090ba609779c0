package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// Closed is what became of a run that an older version began.
type Closed struct {
	Head   journal.Head
	Counts Counts // of all its rows; those that were not applied are not attempted
	Found  int64  // of the applied ones, those that were found in the movement log just now
}

// CloseOld ends a run that an older version began. It counted rows in another way, so
// they are not sent by number any more: the tokens of rows that were under way are
// looked for in the movement log, and the run is closed. Importing the file again
// under the same import id sends what is left.
func CloseOld(ctx context.Context, env Env, id string) (_ *Closed, err error) {
	kept, replay, err := env.Store.Open(id)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	head := kept.Head()
	if head.Plan != nil || head.BaseURL != env.BaseURL {
		return nil, failure.Usagef("run %s is not one of an older version against %s", id, env.BaseURL)
	}
	out := &Closed{Head: head}
	out.Found, err = findSent(ctx, env, kept, replay)
	if err != nil {
		return nil, err
	}
	err = kept.Change(func(h *journal.Head) {
		now := env.Now()
		h.Finished = &now
	})
	if err != nil {
		return nil, err
	}
	now, err := kept.Reread()
	if err != nil {
		return nil, err
	}
	stats := now.Stats
	stats[journal.NotAttempted] = max(0, head.Rows-stats.Sum())
	out.Counts = CountsOf(stats)
	return out, nil
}

// findSent gives an outcome to the rows under way whose token is in the log, and says
// how many there were.
func findSent(ctx context.Context, env Env, kept *journal.Run, replay *journal.Replay) (found int64, err error) {
	open, newest := map[string]journal.Intent{}, time.Time{}
	for _, sent := range replay.Open {
		if sent.Token == "" { // a create: the record that exists tells when it is imported again
			continue
		}
		open[sent.Token] = sent
		if sent.At.After(newest) {
			newest = sent.At
		}
	}
	if len(open) == 0 {
		return 0, nil
	}
	var mark settle.Watermark
	if err := json.Unmarshal(kept.Head().Mark, &mark); err != nil {
		return 0, fmt.Errorf("run %s: %w", kept.ID(), err)
	}
	wait := time.Until(newest.Add(settle.Arrives(env.Reader.Timeout(), kept.Head().Timeout)))
	if wait > 0 && env.Note != nil {
		env.Note(settle.WaitNote(wait, "row"))
	}
	if err := settle.Sleep(ctx, wait); err != nil {
		return 0, err
	}
	var failed error
	err = settle.NewLog(env.Reader).After(ctx, mark, func(entry api.Movement) bool {
		sent, wanted := open[settle.TokenOf(entry)]
		if !wanted || entry.InventoryID != "" && entry.InventoryID != sent.Record {
			return true
		}
		delete(open, sent.Token)
		found++
		failed = kept.End(journal.Outcome{Row: sent.Row, State: journal.Confirmed, Message: "found in the movement log"}, false)
		return failed == nil && len(open) > 0
	})
	if err = errors.Join(err, failed); err != nil {
		return 0, fmt.Errorf("the movement log must be read before run %s can be closed: %w", kept.ID(), err)
	}
	return found, nil
}
