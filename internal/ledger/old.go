package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// Closed is the result of closing a run that an older version started.
type Closed struct {
	Head   journal.Head
	Counts Counts // of all its rows; those that were not applied are not attempted
	Found  int64  // of the applied rows, those just found in the movement log
}

// CloseOld closes a run that an older version started. That version numbered rows
// differently, so its rows cannot be sent by number any more. CloseOld searches the
// movement log for the tokens of rows that were in flight, then closes the run.
// Importing the file again under the same import id sends the rest.
func CloseOld(ctx context.Context, env Env, id string) (_ *Closed, err error) {
	kept, replay, err := env.Store.Open(id)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	head := kept.Head()
	if head.Plan != nil || head.BaseURL != env.BaseURL {
		return nil, failure.Usagef("run %s was not started by an older version against %s", id, env.BaseURL)
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

// findSent records an outcome for the rows in flight that the log decides, and returns
// how many it confirmed. Rows that the log does not contain get no outcome.
func findSent(ctx context.Context, env Env, kept *journal.Run, replay *journal.Replay) (found int64, err error) {
	open := map[string]journal.Intent{}
	for _, sent := range replay.Open {
		if sent.Token != "" { // a create has none: importing it again checks its record
			open[sent.Token] = sent
		}
	}
	if len(open) == 0 {
		return 0, nil
	}
	var mark settle.Watermark
	if err := json.Unmarshal(kept.Head().Mark, &mark); err != nil {
		return 0, fmt.Errorf("run %s: %w", kept.ID(), err)
	}
	if err := WaitForInFlight(ctx, env, kept.Head().Timeout, replay.Open); err != nil {
		return 0, err
	}
	sightings, err := sightOld(ctx, env, mark, settle.Tag(kept.Head().ImportID), open, replay.Applied.Len() > 0)
	if err != nil {
		return 0, fmt.Errorf("the movement log must be read before run %s can be closed: %w", kept.ID(), err)
	}
	for token, sent := range open {
		o := journal.Outcome{Row: sent.Row}
		switch conclusion, reason := sightings[token].Conclude(); conclusion {
		case settle.Confirmed:
			found++
			o.State, o.Message = journal.Confirmed, "found in the movement log"
		case settle.Held:
			o.State, o.Code, o.Message = journal.Held, string(failure.OutcomeUnknown), reason.Error()
		default:
			continue
		}
		if err := kept.End(o, false); err != nil {
			return found, err
		}
	}
	return found, nil
}

// sightOld searches the log for the rows in flight of an old run. Only their tokens are
// known, not whether those travelled as references or in notes.
func sightOld(ctx context.Context, env Env, mark settle.Watermark, tag string, open map[string]journal.Intent, anyApplied bool) (map[string]settle.Sighting, error) {
	out, shown := make(map[string]settle.Sighting, len(open)), false
	log := settle.NewLog(env.Reader)
	err := log.After(ctx, mark, func(entry api.Movement) bool {
		token := settle.TokenOf(entry)
		if of, _, ok := settle.SplitToken(token); ok {
			shown = shown || of == tag
			if sent, wanted := open[token]; wanted {
				s := out[token]
				s.Found, s.Entry = true, entry
				s.Other = s.Other || !settle.Lost{Record: sent.Record, Qty: sent.Qty}.Same(entry)
				out[token] = s
			}
			return true
		}
		for token, sent := range open {
			if couldBe(log, entry, sent) {
				s := out[token]
				s.Lookalike = true
				out[token] = s
			}
		}
		return true
	})
	for token := range open {
		s := out[token]
		s.Final = true // the log was read after the longest time that a request may take
		switch {
		case shown:
			s.Place = settle.Proven
		case anyApplied:
			s.Place = settle.Hidden
		}
		out[token] = s
	}
	return out, err
}
