package ledger

import (
	"time"

	"github.com/bayworks/stockctl/internal/settle"
)

// pending is a write on its way: what has been done about it so far.
type pending struct {
	Write // Change is what is sent: in set mode, the difference

	prior   int       // how often earlier sessions of the run sent it
	sends   int       // how often this one did, without a trustworthy answer
	unread  int       // how often the record that stands could not be read
	first   time.Time // when it was sent first
	doubtAt time.Time // when the last answer to it was lost
	doubted bool      // an answer to it was lost
	last    error     // the last answer to it that was not good
	wasHeld bool      // an earlier session of the run left it held
}

// attempt is the number of the next sending.
func (r *pending) attempt() int { return r.prior + r.sends + 1 }

// sent is what settling a create needs to know of earlier sendings.
func (r *pending) sent() settle.Sent { return settle.Sent{First: r.first, Doubted: r.doubted} }
