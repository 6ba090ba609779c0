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

// Options are the user's options for an import: how to read the input and how to send it.
type Options struct {
	columns.Reading
	SkipInvalid bool `json:"skipInvalid,omitempty"`

	ImportID string        `json:"importId,omitempty"`
	Known    string        `json:"known,omitempty"` // "", skip or apply
	Lookback time.Duration `json:"lookback"`

	Rejects string `json:"rejects,omitempty"`
	Report  string `json:"report,omitempty"`
	Beside  string `json:"beside,omitempty"` // files of rows go next to this file instead of the input
	Shard   Shard  `json:"shard"`

	ledger.Options `json:"-"` // stored by the ledger
}

// The values of --known.
const (
	KnownSkip  = "skip"
	KnownApply = "apply"
)

// Env is the environment of an import.
type Env struct {
	ledger.Env
	Names    *lookup.Names
	Barcodes columns.Barcodes // nil: no barcodes
	In       io.Reader        // standard input
}

// Shard is one of N parts of a file. The zero value is the entire file.
type Shard = stock.Shard

// Check returns the first problem with the options.
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
		return failure.Usagef("--import-id and --known apply cannot be used together: an id never applies a row twice")
	case o.Lookback < 0:
		return failure.Usagef("--lookback must not be negative")
	}
	return o.Options.Check()
}
