package bulk

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Options are what the user asks of an import. They are kept in the journal, so
// that a run is resumed with the options it began with.
type Options struct {
	File string `json:"file"` // "-" is standard input
	Mode Mode   `json:"mode"`

	Table         intake.Options    `json:"table"`
	Map           map[string]string `json:"map,omitempty"`  // header → field
	Fill          map[string]string `json:"fill,omitempty"` // field → value where it is blank
	IgnoreUnknown bool              `json:"ignoreUnknown,omitempty"`

	IfExists    settle.Policy `json:"ifExists"`
	Duplicates  string        `json:"duplicates"` // fail, first or last
	SkipInvalid bool          `json:"skipInvalid,omitempty"`
	MaxErrors   Limit         `json:"maxErrors"`

	Concurrency int     `json:"concurrency,omitempty"` // 0: found out
	Rate        float64 `json:"rate,omitempty"`        // requests a second; 0: no bound

	ImportID string        `json:"importId,omitempty"`
	Known    string        `json:"known,omitempty"` // "", skip or apply
	Lookback time.Duration `json:"lookback"`

	Rejects string `json:"rejects,omitempty"`
	Report  string `json:"report,omitempty"`
	Shard   Shard  `json:"shard"`
}

// The values of --duplicates and --known.
const (
	DuplicatesFail  = "fail"
	DuplicatesFirst = "first"
	DuplicatesLast  = "last"
	KnownSkip       = "skip"
	KnownApply      = "apply"
)

const (
	// MaxWorkers is the most requests that --concurrency allows side by side.
	MaxWorkers = 256
	// autoWorkers is the most that are tried unless it says so.
	autoWorkers = 32
)

// Workers is how many requests may be under way side by side.
func (o Options) Workers() int {
	if o.Concurrency > 0 {
		return o.Concurrency
	}
	return autoWorkers
}

// Env is what an import works with.
type Env struct {
	Reader  *api.Client // for reads; it may wait for a busy API
	Writer  *api.Client // for writes; it should not wait: the pace is kept here
	Names   *lookup.Names
	Store   journal.Store
	In      io.Reader // standard input
	Now     func() time.Time
	Profile string
	BaseURL string
	MaxWait time.Duration // how long an API that answers nothing is borne
	// Finish returns the context of requests that have left when ctx ends.
	Finish func(ctx context.Context) (context.Context, context.CancelFunc)
	Show   func(Progress) // called several times a second; may be nil
	Note   func(string)   // told why a run that was resumed does nothing yet; nil: nobody is
}

// Limit is the value of --max-errors: a number of rows or a share of them.
type Limit struct {
	Rows    int64   `json:"rows,omitempty"`
	Percent float64 `json:"percent,omitempty"`
	Set     bool    `json:"set,omitempty"`
}

// ParseLimit reads N or P%.
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

// exceeded tells whether so many errors of so many rows are too many.
func (l Limit) exceeded(errors, rows int64) bool {
	switch {
	case !l.Set:
		return false
	case l.Percent > 0:
		return float64(errors)*100 > l.Percent*float64(rows)
	}
	return errors > l.Rows
}

// Shard is one of N parts of a file. The zero value is the whole.
type Shard = stock.Shard

// Check returns the first mistake in the options.
func (o Options) Check() error {
	switch {
	case !slices.Contains([]string{"", DuplicatesFail, DuplicatesFirst, DuplicatesLast}, o.Duplicates):
		return failure.Usagef("--duplicates must be fail, first or last, not %q", o.Duplicates)
	case !slices.Contains([]string{"", KnownSkip, KnownApply}, o.Known):
		return failure.Usagef("--known must be skip or apply, not %q", o.Known)
	case o.Known != "" && o.Mode != Adjust:
		return failure.Usagef("--known is for --mode adjust: a %s file may always be imported again", o.Mode)
	case o.ImportID != "" && o.Mode != Adjust:
		return failure.Usagef("--import-id is for --mode adjust: a %s file may always be imported again", o.Mode)
	case o.ImportID != "" && o.Known == KnownApply:
		return failure.Usagef("--import-id and --known apply do not go together: an id never applies a row twice")
	case o.Concurrency < 0 || o.Concurrency > MaxWorkers:
		return failure.Usagef("--concurrency must be auto or 1 to %d, not %d", MaxWorkers, o.Concurrency)
	case !(o.Rate >= 0):
		return failure.Usagef("--rate must be 0 or more requests a second")
	case o.Lookback < 0:
		return failure.Usagef("--lookback must not be negative")
	}
	for field := range o.Fill {
		if !slices.Contains(append(fieldsOf(o.Mode), fieldSKUCode), field) {
			return failure.Usagef("--fill: %s", unknownField(o.Mode, field))
		}
	}
	return nil
}
