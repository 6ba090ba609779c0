package ledger

import (
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// proof is whether a carrier, reference or notes, brings its token back. From
// its first applied row on the log is looked at; any token that stands there in
// the carrier's place will do, since the newest entries are read first and a
// fast run writes more of them than can be read.
type proof struct {
	token  string    // of that row; blank: none was applied yet
	at     time.Time // when it was answered
	proven bool
	broken bool
}

// The carriers of tokens, as places in unsettled.proofs.
const (
	byReference = iota
	byNotes
)

// carrier is where a row's token travels.
func carrier(row *pending) int {
	if row.Change.Reference == "" {
		return byReference
	}
	return byNotes
}

// carriedBy is where an entry of the log carries its token.
func carriedBy(entry api.Movement, token string) int {
	if entry.Reference == token {
		return byReference
	}
	return byNotes
}

// proof takes an applied row: the first of its carrier is looked for.
func (d *unsettled) proof(row *pending) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := &d.proofs[carrier(row)]; p.token == "" {
		p.token, p.at = row.Token, time.Now()
		d.nudge()
	}
}

// proven tells whether a row's carrier was seen to bring a token back.
func (d *unsettled) proven(row *pending) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.proofs[carrier(row)].proven
}

func (d *unsettled) unproven() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.proofs {
		if p.token != "" && !p.proven && !p.broken {
			return true
		}
	}
	return false
}

// prove takes an entry with a token: its carrier brought it back.
func (d *unsettled) prove(entry api.Movement, token string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.proofs[carriedBy(entry, token)].proven = true
}

// disprove notes the carriers whose first row was answered a request's time
// before a sweep began that did not find it.
func (d *unsettled) disprove(began time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.proofs {
		if p := &d.proofs[i]; p.token != "" && !p.proven && p.at.Add(d.timeout).Before(began) {
			p.broken = true
		}
	}
}

// remarks tell of carriers that did not bring their token back.
func (d *unsettled) remarks() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for i, where := range []string{"reference", "notes"} {
		if d.proofs[i].broken {
			out = append(out, "the movement log does not show the "+where+" of a movement: rows in doubt could not be settled")
		}
	}
	return out
}
