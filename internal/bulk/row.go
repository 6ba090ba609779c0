package bulk

import (
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// Row is one row of a table on its way: what it says, and what has been done
// about it so far.
type Row struct {
	N     int64 // the number of the row, from 1
	Line  int   // the physical line where it begins
	Cells []string

	Key Key // decides lane, duplicate and shard

	Create api.CreateRecord // create mode
	Change api.Adjustment   // adjust mode; in set mode, the difference that is sent
	Want   int64            // set mode: the wanted on hand
	Record string           // adjust and set: the record's id, once it is known

	Occurrence int    // adjust: this is the n-th such row of the file
	Token      string // adjust and set

	prior   int       // how often earlier sessions of the run sent it
	sends   int       // how often this one did, without a trustworthy answer
	unread  int       // how often the record that stands could not be read
	first   time.Time // when it was sent first
	doubtAt time.Time // when the last answer to it was lost
	doubted bool      // an answer to it was lost
	swept   bool      // the log was searched for it since
	last    error     // the last answer to it that was not good
	washeld bool      // an earlier session of the run left it held
}

// attempt is the number of the next sending.
func (r *Row) attempt() int { return r.prior + r.sends + 1 }
