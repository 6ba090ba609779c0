package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Row is a row of a run with its outcome.
type Row struct {
	N       int64     `json:"row"`
	Line    int       `json:"line"`   // in the input file
	Record  string    `json:"record"` // PRODUCT[/SKU]@WAREHOUSE, or an id
	ID      string    `json:"inventoryId,omitempty"`
	State   string    `json:"state"`
	Code    string    `json:"code,omitempty"`
	Message string    `json:"message,omitempty"`
	Qty     *int64    `json:"qty"`             // of the movement, or the initial quantity; null: nothing was sent
	Token   string    `json:"token,omitempty"` // identifies its movement in the log
	Key     stock.Key `json:"-"`
	Tag     string    `json:"-"` // the part of the token that comes from the file
}

// Rows lists the rows of a run in file order, from its plan and its journal. The run
// may still be in progress. A row that was about to be sent when the run stopped is
// reported as in doubt here, even if that session knew that it was not sent.
func Rows(store journal.Store, id string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		err := eachRow(store, id, func(r Row) bool { return yield(r, nil) })
		if err != nil {
			yield(Row{}, err)
		}
	}
}

// rowStates holds what a journal recorded about the rows.
type rowStates struct {
	outcomes map[int64]journal.Outcome // of rows that are not simply applied
	qty      map[int64]int64           // set mode: the difference that was sent
	tokens   map[int64]string          // of rows that were sent
	replay   *journal.Replay
}

func eachRow(store journal.Store, id string, visit func(Row) bool) error {
	head, err := store.Head(id)
	if err != nil {
		return err
	}
	if head.Plan == nil {
		return failure.Usagef("run %s was started by an older version of stockctl, which kept no plan: its rows cannot be shown", id)
	}
	plan := Plan{Path: filepath.Join(store.Dir, id, PlanName)}
	if err := json.Unmarshal(head.Plan, &plan.Sealed); err != nil {
		return fmt.Errorf("run %s: %w", id, err)
	}
	if err := plan.Check(); err != nil {
		return fmt.Errorf("run %s: %w", id, err)
	}
	states, err := readStates(store, head)
	if err != nil {
		return err
	}
	enough := errors.New("enough")
	err = plan.Each(func(w *Write) error {
		if !visit(states.row(w, stock.Mode(head.Mode))) {
			return enough
		}
		return nil
	})
	if errors.Is(err, enough) {
		return nil
	}
	return err
}

func readStates(store journal.Store, head journal.Head) (s rowStates, err error) {
	s = rowStates{outcomes: map[int64]journal.Outcome{}, qty: map[int64]int64{}, tokens: map[int64]string{}}
	sent := func(i journal.Intent) {
		if i.Token == "" {
			return
		}
		s.tokens[i.Row] = i.Token
		if head.Mode != string(stock.Adjust) {
			s.qty[i.Row] = i.Qty
		}
	}
	s.replay, err = store.Visit(head.ID, func(i journal.Intent, o journal.Outcome) {
		sent(i)
		if o.State != journal.Applied || o.Code != "" || o.Message != "" {
			s.outcomes[o.Row] = o
		}
	})
	if err != nil {
		return s, err
	}
	for _, i := range s.replay.Open {
		sent(i)
	}
	return s, nil
}

// row combines what the plan and the journal hold about a row.
func (s *rowStates) row(w *Write, mode stock.Mode) Row {
	o := s.outcome(w)
	return Row{
		N: w.N, Line: w.Line, ID: w.Record, Key: w.Key, Tag: w.Tag,
		Record: w.Key.String(),
		State:  o.State.String(), Code: o.Code, Message: o.Message,
		Qty: s.sent(w, mode, o.State), Token: s.tokens[w.N],
	}
}

// outcome returns the current state of a row.
func (s *rowStates) outcome(w *Write) Outcome {
	if o, known := s.outcomes[w.N]; known && (o.State.Final() || s.replay.Held[w.N]) {
		return Outcome{o.State, o.Code, o.Message}
	}
	if s.replay.Applied.Has(w.N) {
		return Outcome{State: journal.Applied}
	}
	if w.Decided != nil {
		return *w.Decided
	}
	if _, open := s.replay.Open[w.N]; open {
		return Outcome{State: journal.InDoubt}
	}
	return Outcome{State: journal.NotAttempted}
}

// sent returns the quantity that was sent for a row, or nil if nothing was sent.
func (s *rowStates) sent(w *Write, mode stock.Mode, state journal.State) *int64 {
	if qty, moved := s.qty[w.N]; moved {
		return &qty
	}
	if mode == stock.Adjust && (s.tokens[w.N] != "" || state == journal.Confirmed) {
		qty := w.Change.Qty
		return &qty
	}
	if mode == stock.Create && (state == journal.Applied || state == journal.Confirmed) && w.Create.InitialQty != nil {
		qty := *w.Create.InitialQty
		return &qty
	}
	return nil
}

// Tokens returns the tokens of the movements that a run sent or may have sent.
func Tokens(store journal.Store, id string) (map[string]bool, error) {
	head, err := store.Head(id)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for r, err := range Rows(store, id) {
		if err != nil {
			return nil, err
		}
		token := r.Token
		if token == "" && r.State == journal.Confirmed.String() && r.Tag != "" { // found in the log; the journal no longer has its token
			token = settle.Token(settle.Tag(head.ImportID), r.Tag)
		}
		if token != "" {
			out[token] = true
		}
	}
	return out, nil
}
