package ledger

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// Options say how to send a plan. They are kept with the run, so that it resumes with
// the options it started with.
type Options struct {
	IfExists    settle.Policy `json:"ifExists"` // create: what to do when the record exists
	MaxErrors   Limit         `json:"maxErrors"`
	Concurrency int           `json:"concurrency,omitempty"` // 0: found while sending
	Rate        float64       `json:"rate,omitempty"`        // requests per second; 0: no limit
	IfMoved     IfMoved       `json:"ifMoved,omitempty"`     // set mode: what to do if stock has moved since the file was made
	// Reviewed means that the plan was saved, and is sent later than it was checked.
	Reviewed bool `json:"reviewed,omitempty"`
	// Named means that the user gave the import its id, so another machine may be
	// importing the same rows by mistake.
	Named bool `json:"named,omitempty"`
}

const (
	// MaxWorkers is the highest concurrency that a user can ask for.
	MaxWorkers = 256
	// autoWorkers is the highest concurrency tried otherwise.
	autoWorkers = 32
)

// Workers returns how many requests may be in flight at the same time.
func (o Options) Workers() int {
	if o.Concurrency > 0 {
		return o.Concurrency
	}
	return autoWorkers
}

// Check returns the first mistake in the options.
func (o Options) Check() error {
	if !slices.Contains([]IfMoved{"", MovedFail, MovedDelta, MovedApply}, o.IfMoved) {
		return failure.Usagef("--if-moved must be fail, delta or apply, not %q", o.IfMoved)
	}
	if o.Concurrency < 0 || o.Concurrency > MaxWorkers {
		return failure.Usagef("--concurrency must be auto or 1 to %d, not %d", MaxWorkers, o.Concurrency)
	}
	if !(o.Rate >= 0) {
		return failure.Usagef("--rate must be 0 or more requests a second")
	}
	return nil
}

// Env is the environment of the ledger.
type Env struct {
	Reader  *api.Client // for reads; it may wait for a busy API
	Writer  *api.Client // for writes; it should not wait, because the ledger keeps the pace
	Store   journal.Store
	Now     func() time.Time
	Profile string
	BaseURL string
	// Account returns a text that is the same for runs on this machine that share a pace,
	// or "" if this run shares none; so does nil.
	Account func(ctx context.Context) string
	MaxWait time.Duration // how long an API that stopped responding is tolerated
	// Finish returns the context for requests still in flight when ctx ends; if nil,
	// they end with ctx.
	Finish func(ctx context.Context) (context.Context, context.CancelFunc)
	Show   func(Progress) // called several times a second; may be nil
	Note   func(string)   // given the reason why a resumed run is waiting; may be nil
}

// Limit is the value of --max-errors: a number of rows or a share of them.
type Limit struct {
	Rows    int64   `json:"rows,omitempty"`
	Percent float64 `json:"percent,omitempty"`
	Set     bool    `json:"set,omitempty"`
}

// ParseLimit parses N or P%.
func ParseLimit(text string) (Limit, error) {
	bad := failure.Usagef("--max-errors must be a number of rows such as 100, or a share such as 5%%, not %q", text)
	if share, ok := strings.CutSuffix(text, "%"); ok {
		p, err := strconv.ParseFloat(share, 64)
		if err != nil || !(p >= 0 && p <= 100) {
			return Limit{}, bad
		}
		return Limit{Percent: p, Set: true}, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return Limit{}, bad
	}
	return Limit{Rows: n, Set: true}, nil
}

// exceeded reports whether this many errors in this many rows are over the limit.
func (l Limit) exceeded(errors, rows int64) bool {
	if l.Percent > 0 {
		return float64(errors)*100 > l.Percent*float64(rows)
	}
	return l.Set && errors > l.Rows
}
