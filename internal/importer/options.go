package importer

import (
	"cmp"
	"io"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/stock"
)

// Options are what the user asks of an import: how the input is read, and how it is
// sent.
type Options struct {
	columns.Reading
	SkipInvalid bool `json:"skipInvalid,omitempty"`

	ImportID string        `json:"importId,omitempty"`
	Known    string        `json:"known,omitempty"` // "", skip or apply
	Lookback time.Duration `json:"lookback"`

	Rejects string `json:"rejects,omitempty"`
	Report  string `json:"report,omitempty"`
	Beside  string `json:"beside,omitempty"` // where files of rows go, instead of next to the input: next to this file
	Shard   Shard  `json:"shard"`

	ledger.Options `json:"-"` // kept by the ledger
}

// The values of --known.
const (
	KnownSkip  = "skip"
	KnownApply = "apply"
)

// Env is what an import works with.
type Env struct {
	ledger.Env
	Names    *lookup.Names
	Barcodes columns.Barcodes // nil: there are none
	In       io.Reader        // standard input
}

// Shard is one of N parts of a file. The zero value is the whole.
type Shard = stock.Shard

// Check returns the first mistake in the options.
func (o Options) Check() error {
	if err := o.Reading.Check(); err != nil {
		return err
	}
	o.Mode = cmp.Or(o.Mode, stock.Create)
	switch {
	case !slices.Contains([]string{"", KnownSkip, KnownApply}, o.Known):
		return failure.Usagef("--known must be skip or apply, not %q", o.Known)
	case o.Known != "" && o.Mode != stock.Adjust:
		return failure.Usagef("--known is for --mode adjust: a %s file may always be imported again", o.Mode)
	case o.ImportID != "" && o.Mode != stock.Adjust:
		return failure.Usagef("--import-id is for --mode adjust: a %s file may always be imported again", o.Mode)
	case o.ImportID != "" && o.Known == KnownApply:
		return failure.Usagef("--import-id and --known apply do not go together: an id never applies a row twice")
	case o.Lookback < 0:
		return failure.Usagef("--lookback must not be negative")
	}
	return o.Options.Check()
}
