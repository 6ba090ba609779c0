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

// Batch is a set of transfers that began together, as listed in one file.
type Batch struct {
	ID       string     `json:"id"`
	File     string     `json:"file"`   // as the user named it
	Digest   string     `json:"digest"` // of its contents
	Profile  string     `json:"profile"`
	BaseURL  string     `json:"baseUrl"`
	Started  time.Time  `json:"started"`
	Finished *time.Time `json:"finished,omitempty"` // nothing is open or halfway any more
	Undoing  bool       `json:"undoing"`            // an undo was requested
	Undone   bool       `json:"undone"`             // all of it was undone
	Moves    []Move     `json:"moves"`
}

// Move is one transfer of a batch. Its plan has its reference from the start, so that
// it never begins twice.
type Move struct {
	Line int  `json:"line"` // in the file
	Plan Plan `json:"plan"`
}

// MoveState is the state of a move.
type MoveState string

// The states of a move. A move that is halfway or in doubt is completed by resuming the
// batch, or reversed by undoing it.
const (
	NotBegun MoveState = "not moved"
	Moved    MoveState = "moved"
	Refused  MoveState = "refused" // nothing was moved
	Halfway  MoveState = "halfway" // it left one warehouse and has not arrived in the other
	Unknown  MoveState = "unknown"
	TakenOff MoveState = "undone"
)

// Ending is the state of a move, with the reason.
type Ending struct {
	State MoveState `json:"state"`
	Why   string    `json:"why,omitempty"`
}

// Identity returns the id of the batch, and when it finished.
func (b Batch) Identity() (id string, finished *time.Time) { return b.ID, b.Finished }

// Units returns the total number of units of its moves.
func (b Batch) Units() (n int64) {
	for _, m := range b.Moves {
		n += m.Plan.Qty
	}
	return n
}

// Has reports whether a transfer belongs to the batch.
func (b Batch) Has(reference string) bool {
	return slices.ContainsFunc(b.Moves, func(m Move) bool { return m.Plan.Reference == reference })
}

// newBatchID returns a new batch id: "mv_" and twelve characters.
func newBatchID() string { return "mv_" + strings.TrimPrefix(NewReference(), "tr_") }

var batchForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^mv_[a-z2-7]{12}$`) })

// IsBatchID reports whether a text has the form of a batch id.
func IsBatchID(text string) bool { return batchForm().MatchString(text) }

// Batches is the folder that contains the folders of batches.
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

// Batch reads a batch.
func (s Batches) Batch(id string) (Batch, error) { return s.batches().Head(id) }

// Unfinished lists the batches for one API that can be resumed, oldest first.
func (s Batches) Unfinished(baseURL string) ([]Batch, error) {
	open, err := s.batches().Unfinished()
	open = slices.DeleteFunc(open, func(b Batch) bool { return b.BaseURL != baseURL })
	slices.SortFunc(open, func(a, b Batch) int { return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID)) })
	return open, err
}

// Same returns the newest batch of the same file that was not undone, if there is one.
func (s Batches) Same(baseURL, digest string) (found Batch, err error) {
	ids, err := s.batches().IDs()
	for _, id := range ids {
		b, failed := s.Batch(id)
		if failed != nil { // unusable; naming it reports the error
			continue
		}
		if b.BaseURL == baseURL && b.Digest == digest && b.Started.After(found.Started) && !b.Undone {
			found = b
		}
	}
	return found, err
}

// Claim reserves a file for this process until giveBack is called.
func (s Batches) Claim(digest string) (giveBack func() error, taken bool, err error) {
	return s.batches().Claim(digest)
}

// Prune removes batches that finished long ago.
func (s Batches) Prune(now time.Time) error { return s.batches().Prune(now, nil) }

// endingsName is the file with the endings of the moves, one per line. The last line of
// a move counts.
const endingsName = "endings"

// ending is one line of that file.
type ending struct {
	Move int `json:"move"` // index in the batch, from 0
	Ending
}

// readEndings reads the endings of the moves of a batch, and returns the length of the
// complete lines.
func readEndings(f *os.File, endings []Ending) (whole int64, err error) {
	return workdir.Lines(f, f.Name(), func(text string) error {
		var one ending
		if json.Unmarshal([]byte(text), &one) != nil || one.Move < 0 || one.Move >= len(endings) {
			return errors.New("it does not belong to a move of the file")
		}
		endings[one.Move] = one.Ending
		return nil
	})
}
