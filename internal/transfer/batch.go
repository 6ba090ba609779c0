package transfer

import (
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/workdir"
)

// Batch is many transfers that were begun together, as one file listed them.
type Batch struct {
	ID       string     `json:"id"`
	File     string     `json:"file"`   // as the user named it
	Digest   string     `json:"digest"` // of what it held
	Profile  string     `json:"profile"`
	BaseURL  string     `json:"baseUrl"`
	Started  time.Time  `json:"started"`
	Finished *time.Time `json:"finished,omitempty"` // nothing is open or in between
	Undoing  bool       `json:"undoing"`            // it is to be taken back
	Undone   bool       `json:"undone"`             // all of it was
	Moves    []Move     `json:"moves"`
}

// Move is one transfer of a batch. Its plan has its reference from the beginning, so
// that it is never begun twice.
type Move struct {
	Line int  `json:"line"` // of the file
	Plan Plan `json:"plan"`
}

// MoveState is what became of a move.
type MoveState string

// The states of a move. One that is halfway, or of which it is not known how it
// stands, is completed by resuming the batch, or taken back by undoing it.
const (
	NotBegun MoveState = "not moved"
	Moved    MoveState = "moved"
	Refused  MoveState = "refused" // nothing was moved
	Halfway  MoveState = "halfway" // it left one warehouse and is in none
	Unknown  MoveState = "unknown"
	TakenOff MoveState = "undone"
)

// Ending is the state of a move, and why it is that.
type Ending struct {
	State MoveState `json:"state"`
	Why   string    `json:"why,omitempty"`
}

// Identity is the name of the batch, and when it was finished.
func (b Batch) Identity() (id string, finished *time.Time) { return b.ID, b.Finished }

// Units is how many units its moves move.
func (b Batch) Units() (n int64) {
	for _, m := range b.Moves {
		n += m.Plan.Qty
	}
	return n
}

// Has tells whether a transfer is one of the batch.
func (b Batch) Has(reference string) bool {
	return slices.ContainsFunc(b.Moves, func(m Move) bool { return m.Plan.Reference == reference })
}

// NewBatchID makes up the name of a batch: "mv_" and twelve characters.
func NewBatchID() string { return "mv_" + strings.TrimPrefix(NewReference(), "tr_") }

var batchForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^mv_[a-z2-7]{12}$`) })

// IsBatchID tells whether a text can be the name of a batch.
func IsBatchID(text string) bool { return batchForm().MatchString(text) }

// Batches is the folder that holds a folder for each batch.
type Batches struct{ Dir string }

func (s Batches) batches() workdir.Store[Batch] {
	return workdir.Store[Batch]{Dir: s.Dir, Kind: workdir.Kind[Batch]{
		Name: "batch of transfers", IsID: IsBatchID,
		Damaged: "its transfers are in the movement log: see `stockctl inventory logs --action transferred_out`",
		Missing: func(id string) error {
			return failure.New(failure.NotFound, "no transfers %s are known on this machine", id).
				Hint("resume and undo single ones by their references: see `stockctl inventory logs --action transferred_out`")
		},
	}}
}

// Batch reads what a batch is.
func (s Batches) Batch(id string) (Batch, error) { return s.batches().Head(id) }

// Unfinished lists the batches of one API that can be resumed, the oldest first.
func (s Batches) Unfinished(baseURL string) ([]Batch, error) {
	open, err := s.batches().Unfinished()
	open = slices.DeleteFunc(open, func(b Batch) bool { return b.BaseURL != baseURL })
	slices.SortFunc(open, func(a, b Batch) int { return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID)) })
	return open, err
}

// Same returns the newest batch of the same file that was not taken back, if there
// is one.
func (s Batches) Same(baseURL, digest string) (found Batch, err error) {
	ids, err := s.batches().IDs()
	for _, id := range ids {
		b, failed := s.Batch(id)
		if failed != nil { // it is of no use, and says so where it is named
			continue
		}
		if b.BaseURL == baseURL && b.Digest == digest && b.Started.After(found.Started) && !b.Undone {
			found = b
		}
	}
	return found, err
}

// Claim keeps other processes from the same file until it is given back.
func (s Batches) Claim(digest string) (giveBack func() error, taken bool, err error) {
	return s.batches().Claim(digest)
}

// Prune removes the batches that were finished long ago.
func (s Batches) Prune(now time.Time) error { return s.batches().Prune(now, nil) }

// endingsName is the file of what became of the moves: a line each, the last one of
// a move counts.
const endingsName = "endings"

// ending is a line of it.
type ending struct {
	Move int `json:"move"` // its place in the batch, from 0
	Ending
}

// readEndings reads how the moves of a batch ended, and returns the length of what is
// whole.
func readEndings(f *os.File, endings []Ending) (whole int64, err error) {
	return workdir.Lines(f, f.Name(), func(text string) error {
		var one ending
		if json.Unmarshal([]byte(text), &one) != nil || one.Move < 0 || one.Move >= len(endings) {
			return errors.New("it is not about a move of the file")
		}
		endings[one.Move] = one.Ending
		return nil
	})
}
