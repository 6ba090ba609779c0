package count

import (
	"context"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// outcomes sets the outcomes of lines from the journal. Movements with an intent but
// without an outcome were sent only if something is in doubt.
func (s *Session) outcomes(store journal.Store, run string, lines []Line, doubt bool) error {
	states, reasons := map[int64]string{}, map[int64]string{}
	replay, err := store.Visit(run, func(_ journal.Intent, o journal.Outcome) {
		switch o.State {
		case journal.Applied, journal.Confirmed, journal.Already:
			states[o.Row] = Adjusted
		case journal.Held:
			states[o.Row] = InDoubt
		default:
			states[o.Row], reasons[o.Row] = Refused, o.Message
		}
	})
	if err != nil {
		return err
	}
	for row := range replay.Open {
		if states[row] = NotAttempted; doubt || replay.Held[row] {
			states[row] = InDoubt
		}
	}
	row := int64(0)
	for i := range lines {
		if lines[i].State != Differs {
			continue
		}
		row++
		state, sent := states[row]
		switch {
		case sent:
		case replay.Done.Has(row): // found in the log, and not sent
			state = Adjusted
		default:
			state = NotAttempted
		}
		lines[i].State, lines[i].Reason = state, reasons[row]
	}
	return nil
}

// lookbackMargin allows for different clocks on different machines.
const lookbackMargin = 24 * time.Hour

// applied returns the row tags of the session's movements that were applied before its
// run begins: by a run of the previous version, which had no plan, or by one whose
// folder was lost.
func (s *Session) applied(ctx context.Context, env ledger.Env, runs []journal.Info) (map[string]bool, error) {
	known := map[string]bool{}
	own, from := settle.Tag(s.importID()), s.Head.Started.Add(-lookbackMargin)
	log := settle.NewLog(env.Reader)
	for _, run := range runs {
		if err := s.settleOld(ctx, env, run, known); err != nil {
			return nil, err
		}
	}
	err := log.Since(ctx, from, func(entry api.Movement) bool {
		if tag, row, ok := settle.SplitToken(settle.TokenOf(entry)); ok && tag == own {
			known[row] = true
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("comparing the count with the movement log: %w", err)
	}
	return known, nil
}

// settleOld finishes a run of the previous version: movements it applied are known, and
// those it sent without a response are looked up in the log.
func (s *Session) settleOld(ctx context.Context, env ledger.Env, run journal.Info, known map[string]bool) error {
	if run.Plan != nil {
		return nil
	}
	if run.Finished == nil {
		if _, err := ledger.CloseOld(ctx, env, run.ID); err != nil {
			return err
		}
	}
	replay, err := env.Store.Visit(run.ID, func(i journal.Intent, o journal.Outcome) {
		if _, row, ok := settle.SplitToken(i.Token); ok && (o.State == journal.Applied || o.State == journal.Confirmed) {
			known[row] = true
		}
	})
	if err != nil {
		return err
	}
	if held := int(replay.Stats[journal.Held]); held > 0 {
		return failure.New(failure.OutcomeUnknown, "it is unknown whether %s applied: nothing was sent",
			failure.Count(held, "movement of an earlier session was", "movements of an earlier session were")).
			Hint("see them with `stockctl inventory logs --action adjusted`, and count these items again")
	}
	return nil
}
