package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/transfer"
)

// many returns three moves of one item. The last needs what the others bring.
func (s *shop) many() (moves []transfer.Move) {
	for i, qty := range []int64{12, 3, 65} {
		p := s.plan(qty)
		if i == 2 {
			p.From, p.To = p.To, p.From
		}
		moves = append(moves, transfer.Move{Line: i + 2, Plan: p})
	}
	return moves
}

func (s *shop) batches(dir string) transfer.Batches {
	return transfer.Batches{Dir: filepath.Join(dir, "files")}
}

// moveAll begins a batch in a folder and runs it.
func (s *shop) moveAll(ctx context.Context, dir string) (id, states string, err error) {
	s.t.Helper()
	w, err := s.env(dir).BeginBatch(s.batches(dir), transfer.Batch{File: "moves.csv", Digest: "d1", Moves: s.many()})
	must(s.t, err)
	err = w.Run(ctx, context.WithoutCancel(ctx), 1, func(int, int) {})
	states = statesOf(w)
	must(s.t, w.Close())
	return w.Head().ID, states, err
}

// goOn opens a batch to continue it.
func (s *shop) goOn(dir, id string, undo bool) (states string, head transfer.Batch, err error) {
	s.t.Helper()
	w, err := s.env(dir).OpenBatch(s.batches(dir), id)
	must(s.t, err)
	step := w.Run
	if undo {
		step = w.Undo
	}
	err = step(s.t.Context(), s.t.Context(), 1, func(int, int) {})
	states = statesOf(w)
	must(s.t, w.Close())
	return states, w.Head(), err
}

func statesOf(w *transfer.BatchWork) string {
	var out []string
	for _, e := range w.Endings() {
		out = append(out, string(e.State))
	}
	return strings.Join(out, ", ")
}

func TestBatchIsMovedOnceAndUndone(t *testing.T) {
	s, dir := openShop(t, sandbox.Options{}), t.TempDir()
	id, states, err := s.moveAll(t.Context(), dir)
	if err != nil || states != "moved, moved, moved" {
		t.Fatal(states, err)
	}
	s.expect(170, 0)
	sent := len(s.writes)
	if states, head, err := s.goOn(dir, id, false); err != nil || states != "moved, moved, moved" || head.Finished == nil || len(s.writes) != sent {
		t.Errorf("%s, %v, %d writes more", states, err, len(s.writes)-sent)
	}
	if same, err := s.batches(dir).Same("https://shop.test", "d1"); err != nil || same.ID != id {
		t.Error(same, err)
	}
	for range 2 {
		if states, head, err := s.goOn(dir, id, true); err != nil || states != "undone, undone, undone" || !head.Undone {
			t.Error(states, err)
		}
		s.expect(120, 50)
	}
	if len(s.writes) != sent+6 {
		t.Errorf("undoing six writes twice took %d writes", len(s.writes)-sent)
	}
	if same, err := s.batches(dir).Same("https://shop.test", "d1"); err != nil || same.ID != "" {
		t.Errorf("an undone batch is found as the same: %v, %v", same, err)
	}
}

// Faults leave a batch unfinished, and resuming completes it.
func TestBatchUnderFaults(t *testing.T) {
	for name, test := range map[string]struct {
		faults []fault
		states string
		from   int64
		resume string
		after  int64
	}{
		"left and not arrived":       {[]fault{none, refuse, refuse}, "halfway, not moved, not moved", 108, "moved, moved, moved", 170},
		"refused":                    {[]fault{refuse, refuse}, "refused, moved, refused", 117, "refused, moved, refused", 117},
		"failed, and not in the log": {[]fault{failBefore}, "not moved, not moved, not moved", 120, "moved, moved, moved", 170},
		"a response was lost":        {[]fault{cutAfter, late, none, page}, "moved, moved, moved", 170, "moved, moved, moved", 170},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := openShop(t, sandbox.Options{}), t.TempDir()
			s.onWrites(test.faults...)
			id, states, err := s.moveAll(t.Context(), dir)
			if from, _ := s.stock(); (err != nil) != (name == "failed, and not in the log") || states != test.states || from != test.from {
				t.Errorf("%s, %d on hand, %v; want %s, %d", states, from, err, test.states, test.from)
			}
			s.calm()
			states, head, err := s.goOn(dir, id, false)
			if from, _ := s.stock(); err != nil || states != test.resume || from != test.after || head.Finished == nil {
				t.Errorf("resumed: %s, %d on hand, %v; want %s, %d", states, from, err, test.resume, test.after)
			}
		})
	}
}

// A move that depends on a refused one is refused with that reason.
func TestBatchRefusesMovesThatDependOnARefusedOne(t *testing.T) {
	s, dir := openShop(t, sandbox.Options{}), t.TempDir()
	s.onWrites(refuse, refuse)
	w, err := s.env(dir).BeginBatch(s.batches(dir), transfer.Batch{Moves: s.many()})
	must(t, err)
	must(t, w.Run(t.Context(), t.Context(), 1, func(int, int) {}))
	if got := w.Endings()[2].Why; got != "it needs the stock from line 2, which was not moved" {
		t.Error(got)
	}
	must(t, w.Close())
}

// While the log cannot be read, the state of a move is unknown, and nothing of its item
// is sent. Later the log is searched for it.
func TestBatchIsOnHold(t *testing.T) {
	s, dir := openShop(t, sandbox.Options{}), t.TempDir()
	n := 0
	s.meet = func(r *http.Request) fault {
		if r.Method != http.MethodGet {
			n++
		}
		switch {
		case n != 1:
		case r.Method == http.MethodGet:
			return failBefore
		default:
			return cutAfter
		}
		return none
	}
	id, states, err := s.moveAll(t.Context(), dir)
	if err != nil || states != "unknown, not moved, not moved" || n != 1 {
		t.Fatal(states, err, n)
	}
	s.calm()
	if states, _, err := s.goOn(dir, id, false); err != nil || states != "moved, moved, moved" {
		t.Error(states, err)
	}
	s.expect(170, 0)
}

// An unavailable API or a signal ends the batch. Moves that did not begin are not sent,
// and resuming makes them.
func TestBatchStops(t *testing.T) {
	for name, begin := range map[string]func(*shop, context.CancelFunc){
		"the API is down": func(s *shop, _ context.CancelFunc) {
			n := 0
			s.meet = func(r *http.Request) fault {
				if r.Method != http.MethodGet {
					n++
				}
				if n > 2 {
					return cutBefore
				}
				return none
			}
		},
		"a signal": func(s *shop, stop context.CancelFunc) {
			s.meet = func(r *http.Request) fault {
				if r.Method != http.MethodGet {
					stop()
				}
				return none
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := openShop(t, sandbox.Options{}), t.TempDir()
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			begin(s, stop)
			id, states, err := s.moveAll(ctx, dir)
			if err == nil && !strings.Contains(states, "unknown") || !strings.HasPrefix(states, "moved, ") || !strings.HasSuffix(states, ", not moved") {
				t.Errorf("got the states %s and the error %v", states, err)
			}
			s.calm()
			if states, _, err := s.goOn(dir, id, false); err != nil || states != "moved, moved, moved" {
				t.Error(states, err)
			}
			s.expect(170, 0)
		})
	}
}

// The recorded ending of a move may be lost with the machine. Its own plan still shows
// that it was made.
func TestBatchForgetsNothingThatWasSent(t *testing.T) {
	s, dir := openShop(t, sandbox.Options{}), t.TempDir()
	id, _, err := s.moveAll(t.Context(), dir)
	must(t, err)
	sent := len(s.writes)
	file := filepath.Join(dir, "files", id, "endings")
	text, err := os.ReadFile(file)
	must(t, err)
	first := slices.Index(text, '\n') + 1
	must(t, os.WriteFile(file, text[:first+10], 0o600)) // the second line is torn
	if states, _, err := s.goOn(dir, id, false); err != nil || states != "moved, moved, moved" || len(s.writes) != sent {
		t.Errorf("%s, %v, %d writes more", states, err, len(s.writes)-sent)
	}
	s.expect(170, 0)
	must(t, os.WriteFile(file, append([]byte("00000000 {}\n"), text...), 0o600))
	if _, err := s.env(dir).OpenBatch(s.batches(dir), id); err == nil || !strings.Contains(err.Error(), "endings is damaged: its checksum does not match") {
		t.Error(err)
	}
}

// Stock that was sold in the meantime cannot be moved back; the rest is.
func TestBatchIsUndoneAsFarAsPossible(t *testing.T) {
	s, dir := openShop(t, sandbox.Options{}), t.TempDir()
	w, err := s.env(dir).BeginBatch(s.batches(dir), transfer.Batch{Moves: s.many()[:2]})
	must(t, err)
	must(t, w.Run(t.Context(), t.Context(), 1, func(int, int) {}))
	must(t, w.Close())
	_, err = s.client().Adjust(t.Context(), s.to.ID, api.Adjustment{Qty: -60, Action: api.ActionSold}) // 5 are left of 65
	must(t, err)
	states, head, err := s.goOn(dir, w.Head().ID, true)
	if err != nil || states != "moved, undone" || head.Undone {
		t.Errorf("got the states %s and the error %v, want moved, undone", states, err)
	}
	_, err = s.client().Adjust(t.Context(), s.to.ID, api.Adjustment{Qty: 10, Action: api.ActionReceived})
	must(t, err)
	if states, head, err := s.goOn(dir, w.Head().ID, true); err != nil || states != "undone, undone" || !head.Undone {
		t.Errorf("got the states %s and the error %v, want undone, undone", states, err)
	}
}

func TestOldBatchesAreNotResumed(t *testing.T) {
	s, dir := openShop(t, sandbox.Options{}), t.TempDir()
	s.onWrites(none, refuse, refuse)
	id, _, err := s.moveAll(t.Context(), dir)
	must(t, err)
	s.calm()
	s.now = s.now.Add(30 * 24 * time.Hour)
	states, _, err := s.goOn(dir, id, false)
	if want := fmt.Sprintf("the transfers %s were started on 2026-11-02, too long ago to continue", id); err == nil || err.Error() != want || failure.KindOf(err) != failure.Refused {
		t.Errorf("%s, %v, want %s", states, err, want)
	}
	if states, _, err := s.goOn(dir, id, true); err != nil || !strings.HasPrefix(states, "undone") {
		t.Error(states, err)
	}
	s.expect(120, 50)
}

func TestBatchOfAnotherStore(t *testing.T) {
	s, dir := openShop(t, sandbox.Options{}), t.TempDir()
	id, _, err := s.moveAll(t.Context(), dir)
	must(t, err)
	env := s.env(dir)
	env.BaseURL = "https://other.test"
	if _, err := env.OpenBatch(s.batches(dir), id); failure.KindOf(err) != failure.Usage {
		t.Error(err)
	}
	if _, err := s.env(dir).OpenBatch(s.batches(dir), "mv_aaaaaaaaaaaa"); failure.KindOf(err) != failure.NotFound {
		t.Error(err)
	}
	if open, err := s.batches(dir).Unfinished("https://shop.test"); len(open) != 0 || err != nil {
		t.Error(open, errors.Unwrap(err))
	}
}

// Undoing a batch reads the movement log once, however many moves it has.
func TestBatchReadsTheLogOnce(t *testing.T) {
	s, dir := openShop(t, sandbox.Options{}), t.TempDir()
	id, _, err := s.moveAll(t.Context(), dir)
	must(t, err)
	reads := 0
	s.meet = func(r *http.Request) fault {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "logs") {
			reads++
		}
		return none
	}
	if states, _, err := s.goOn(dir, id, true); err != nil || states != "undone, undone, undone" || reads != 1 {
		t.Errorf("%s, %v, %d readings of the log", states, err, reads)
	}
	s.expect(120, 50)
}
