package ledger

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Write is one change of stock as a plan holds it: checked, and resolved to ids.
// Which fields count depends on the mode of the plan.
type Write struct {
	N      int64 // the number of the row, from 1
	Line   int   // the physical line where it begins
	Source Span  // where its text stands in the copy of the input
	Cell   int   // the number of the cell of a wide row, from 1; 0: the row has one

	Key    stock.Key        // decides its lane
	Create api.CreateRecord // create: the request; its ids are those of Key
	Change api.Adjustment   // adjust: the movement, without its token
	Want   int64            // set: the wanted on hand
	Seen   int64            // set: the on hand when the plan was made
	// Baseline is the on hand that the file was made from, in set mode, where it says.
	Baseline    int64
	HasBaseline bool
	Record      string // adjust and set: the record's id

	Tag        string // adjust and set: the part of the token that does not depend on the import
	Occurrence int    // adjust: this is the n-th such row of the input
	Token      string // in a run: the whole token; the plan leaves it out

	// Made is, in a run, what the last sending of a create came to; nil: it was not sent.
	Made *settle.Creation

	// Decided is what became of it when the plan was made; nil: it is to be sent.
	Decided *Outcome
}

// Span is the place of a row's text in the copy of the input.
type Span struct {
	Offset int64
	Length int
	Column int // where the text begins in its line, in characters, from 1
}

// Outcome is the state that a write has come to, and why.
type Outcome struct {
	State   journal.State
	Code    string // a stable word
	Message string
}
