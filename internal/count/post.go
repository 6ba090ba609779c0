package count

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// linesFile holds the variance as it was agreed to.
const linesFile = "variance.json"

// Agree writes the variance and its movements down. From here on the session is
// one to be posted: its movements never change, and each has a token made of
// the session and the record.
func (s *Session) Agree(lines []Line) error {
	var table bytes.Buffer
	out := csv.NewWriter(&table)
	rows := [][]string{{"inventoryId", "qty", "action", "notes"}}
	for _, l := range lines {
		if l.State == Differs {
			rows = append(rows, []string{l.Record, strconv.FormatInt(*l.Difference, 10), api.ActionAdjusted, "cycle count " + s.Head.ID})
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	text, err := json.Marshal(lines)
	if err == nil {
		err = durable.Replace(s.path(linesFile), text, 0o600)
	}
	if err != nil {
		return err
	}
	// Last: its presence is what Agreed asks for.
	return durable.Replace(s.path(movementsFile), table.Bytes(), 0o600)
}

// Agreed returns the variance that was agreed to, if one was.
func (s *Session) Agreed() (lines []Line, agreed bool, err error) {
	if _, err := os.Stat(s.path(movementsFile)); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		return nil, false, err
	}
	text, err := os.ReadFile(s.path(linesFile))
	if err == nil {
		err = json.Unmarshal(text, &lines)
	}
	return lines, err == nil, err
}

// lookbackMargin covers clocks of machines that differ.
const lookbackMargin = 24 * time.Hour

// Post sends the movements that were agreed to, or goes on with it, and puts
// into the lines what became of each. A movement is never applied twice: what
// was sent without an answer is looked for in the movement log.
func (s *Session) Post(ctx context.Context, env importer.Env, lines []Line) (*importer.Summary, error) {
	env.Store = journal.Store{Dir: filepath.Join(s.dir, "runs")}
	runs, err := ledger.Runs(env.Store)
	if err != nil {
		return nil, err
	}
	var summary *importer.Summary
	if n := len(runs); n == 0 || runs[n-1].Finished == nil {
		var plan *importer.Plan
		if n > 0 {
			plan, err = importer.Reopen(ctx, env, runs[n-1].ID)
		} else {
			plan, err = importer.Check(ctx, env, importer.Options{
				File: s.path(movementsFile), Mode: stock.Adjust, ImportID: "count-" + s.Head.ID, Options: ledger.Options{IfExists: settle.Same},
				Lookback: env.Now().Sub(s.Head.Started) + lookbackMargin,
			})
		}
		if err != nil {
			return nil, err
		}
		summary, err = plan.Run(ctx)
	}
	runs, failed := ledger.Runs(env.Store)
	err = errors.Join(err, failed)
	if len(runs) > 0 {
		info := runs[len(runs)-1]
		err = errors.Join(err, s.outcomes(env.Store, info.ID, lines, summary == nil || summary.Counts.InDoubt > 0))
		if summary == nil && err == nil {
			summary = &importer.Summary{Run: info.ID, Rows: info.Rows, Counts: ledger.CountsOf(info.Stats), Finished: info.Finished != nil}
		}
	}
	return summary, err
}

// outcomes tells the lines what the journal knows of their movements. Those that
// have an intent and no outcome were sent only where something is in doubt.
func (s *Session) outcomes(store journal.Store, run string, lines []Line, doubt bool) error {
	states, reasons := map[string]string{}, map[string]string{}
	replay, err := store.Visit(run, func(i journal.Intent, o journal.Outcome) {
		switch o.State {
		case journal.Applied, journal.Confirmed, journal.Already:
			states[i.Record] = Adjusted
		case journal.Held:
			states[i.Record] = InDoubt
		default:
			states[i.Record], reasons[i.Record] = Refused, o.Message
		}
	})
	if err != nil {
		return err
	}
	for _, i := range replay.Open {
		if states[i.Record] = NotAttempted; doubt || replay.Held[i.Row] {
			states[i.Record] = InDoubt
		}
	}
	row := int64(0)
	for i := range lines {
		if lines[i].State != Differs {
			continue
		}
		row++
		state, sent := states[lines[i].Record]
		switch {
		case sent:
		case replay.Done.Has(row): // found in the log, and not sent
			state = Adjusted
		default:
			state = NotAttempted
		}
		lines[i].State, lines[i].Reason = state, reasons[lines[i].Record]
	}
	return nil
}
