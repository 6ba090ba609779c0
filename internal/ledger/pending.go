package ledger

import (
	"time"

	"github.com/bayworks/stockctl/internal/settle"
)

// pending is a write in progress.
type pending struct {
	Write // Change is what is sent: in set mode, the difference

	prior   int       // how often earlier sessions of the run sent it
	sends   int       // how often this session sent it without a conclusive response
	unread  int       // how often reading the existing record failed
	first   time.Time // when it was first sent
	doubtAt time.Time // when its last response was lost
	doubted bool      // a response was lost
	last    error     // the last error response
	wasHeld bool      // an earlier session left it on hold
}

// attempt returns the number of the next attempt.
func (r *pending) attempt() int { return r.prior + r.sends + 1 }

// sent returns what settling a create needs to know about earlier attempts.
func (r *pending) sent() settle.Sent { return settle.Sent{First: r.first, Doubted: r.doubted} }
