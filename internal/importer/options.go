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
	Map           []Rule            `json:"map,omitempty"`
	Values        []Translation     `json:"values,omitempty"`
	Fill          map[string]string `json:"fill,omitempty"` // field → value where it is blank
	IgnoreUnknown bool              `json:"ignoreUnknown,omitempty"`
	Only          bool              `json:"only,omitempty"`      // the columns of Map, and no others
	Layout        string            `json:"layout,omitempty"`    // the layout that Map was taken from
	Warehouse     string            `json:"warehouse,omitempty"` // the id of the one whose rows are read; blank: all
	WarehouseName string            `json:"-"`                   // as the user called it
	Blank         string            `json:"blank,omitempty"`     // error or skip
	Sign          api.Sign          `json:"sign,omitempty"`      // adjust: what the signs of quantities mean
	Decimal       string            `json:"decimal,omitempty"`   // the decimal sign, where it is known
	Duplicates    string            `json:"duplicates"`          // fail, first, last or sum
	SkipInvalid   bool              `json:"skipInvalid,omitempty"`

	ImportID string        `json:"importId,omitempty"`
	Known    string        `json:"known,omitempty"` // "", skip or apply
	Lookback time.Duration `json:"lookback"`

	Rejects string `json:"rejects,omitempty"`
	Report  string `json:"report,omitempty"`
	Shard   Shard  `json:"shard"`

	ledger.Options `json:"-"` // kept by the ledger
}

// The values of --duplicates, --blank and --known.
const (
	DuplicatesFail  = "fail"
	DuplicatesFirst = "first"
	DuplicatesLast  = "last"
	DuplicatesSum   = "sum"
	BlankError      = "error"
	BlankSkip       = "skip"
	KnownSkip       = "skip"
	KnownApply      = "apply"
)

// Env is what an import works with.
type Env struct {
	ledger.Env
	Names    *lookup.Names
	Barcodes Barcodes  // what barcodes were taught to mean; nil: none were
	In       io.Reader // standard input
}

// Shard is one of N parts of a file. The zero value is the whole.
type Shard = stock.Shard

// Check returns the first mistake in the options.
func (o Options) Check() error {
	switch {
	case !slices.Contains([]string{"", DuplicatesFail, DuplicatesFirst, DuplicatesLast, DuplicatesSum}, o.Duplicates):
		return failure.Usagef("--duplicates must be fail, first, last or sum, not %q", o.Duplicates)
	case !slices.Contains([]string{"", BlankError, BlankSkip}, o.Blank):
		return failure.Usagef("--blank must be error or skip, not %q", o.Blank)
	case !slices.Contains([]string{"", DecimalPoint, DecimalComma}, o.Decimal):
		return failure.Usagef("--decimal must be . or , not %q", o.Decimal)
	case o.Table.SkipLines < 0:
		return failure.Usagef("--skip-lines must be 0 or more")
	case o.Table.SkipLines > 0 && len(o.Table.Fields) > 0:
		return failure.Usagef("--skip-lines is for files with a header, and --fields for those without")
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
		if !takes(o.Mode, field) {
			return failure.Usagef("--fill: %s", unknownField(o.Mode, field))
		}
	}
	for _, v := range o.Values {
		if o.Layout == "" && !takes(o.Mode, v.Field) {
			return failure.Usagef("--value: %s", unknownField(o.Mode, v.Field))
		}
	}
	return o.Options.Check()
}
