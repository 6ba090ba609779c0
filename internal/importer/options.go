package importer

import (
	"io"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/stock"
)

// Options are what the user asks of an import: how the input is read, and how it is
// sent.
type Options struct {
	File string `json:"file"` // "-" is standard input
	Mode Mode   `json:"mode"`

	Table         intake.Options    `json:"table"`
	Map           map[string]string `json:"map,omitempty"`  // header → field
	Fill          map[string]string `json:"fill,omitempty"` // field → value where it is blank
	IgnoreUnknown bool              `json:"ignoreUnknown,omitempty"`
	Sign          api.Sign          `json:"sign,omitempty"` // adjust: what the signs of quantities mean
	Duplicates    string            `json:"duplicates"`     // fail, first or last
	SkipInvalid   bool              `json:"skipInvalid,omitempty"`

	ImportID string        `json:"importId,omitempty"`
	Known    string        `json:"known,omitempty"` // "", skip or apply
	Lookback time.Duration `json:"lookback"`

	Rejects string `json:"rejects,omitempty"`
	Report  string `json:"report,omitempty"`
	Shard   Shard  `json:"shard"`

	ledger.Options `json:"-"` // kept by the ledger
}

// The values of --duplicates and --known.
const (
	DuplicatesFail  = "fail"
	DuplicatesFirst = "first"
	DuplicatesLast  = "last"
	KnownSkip       = "skip"
	KnownApply      = "apply"
)

// Env is what an import works with.
type Env struct {
	ledger.Env
	Names *lookup.Names
	In    io.Reader // standard input
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
	case o.Sign != api.SignAgrees && o.Mode != Adjust:
		return failure.Usagef("--unsigned and --any-sign are for --mode adjust: quantities of %s have no sign", o.Mode)
	case o.ImportID != "" && o.Known == KnownApply:
		return failure.Usagef("--import-id and --known apply do not go together: an id never applies a row twice")
	case o.Lookback < 0:
		return failure.Usagef("--lookback must not be negative")
	}
	for field := range o.Fill {
		if !slices.Contains(append(fieldsOf(o.Mode), fieldSKUCode), field) {
			return failure.Usagef("--fill: %s", unknownField(o.Mode, field))
		}
	}
	return o.Options.Check()
}
