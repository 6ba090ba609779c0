package ledger

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Write is one change of stock in a plan: checked, and resolved to ids. The mode of the
// plan decides which fields are used.
type Write struct {
	N      int64 // row number, from 1
	Line   int   // the physical line where the row begins
	Source Span  // its text in the copy of the input
	Cell   int   // number of the cell in a wide row, from 1; 0: the row has only one

	Key    stock.Key        // decides its lane
	Create api.CreateRecord // create: the request; its ids are those of Key
	Change api.Adjustment   // adjust: the movement, without its token
	Want   int64            // set: the wanted on hand quantity
	Seen   int64            // set: the on hand quantity when the plan was made
	// Baseline is the on hand quantity that the file was made from, in set mode, if the
	// file contains it.
	Baseline    int64
	HasBaseline bool
	Record      string // adjust and set: the id of the record

	Tag        string // adjust and set: the part of the token that does not depend on the import
	Occurrence int    // adjust: this is the n-th identical row of the input
	Token      string // set during a run: the complete token; the plan omits it

	// Made is the result of the last attempt of a create during a run, or nil if it was
	// not sent.
	Made *settle.Creation

	// Decided is the outcome from when the plan was made, or nil if the write is to be
	// sent.
	Decided *Outcome
}

// Span locates the text of a row in the copy of the input.
type Span struct {
	Offset int64
	Length int
	Column int // where the text begins in its line, in characters, from 1
}

// Outcome is the state of a write, and the reason for it.
type Outcome struct {
	State   journal.State
	Code    string // a stable code
	Message string
}
