package columns

import (
	"cmp"
	"slices"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

// Reading says how to read a table.
type Reading struct {
	File string `json:"file"` // "-" is standard input
	Mode Mode   `json:"mode"` // blank: Create, or Set for a file with baselineQty

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
	Command       string            `json:"-"`                   // as it is typed before the file; blank: by the mode
	Typed         []string          `json:"-"`                   // the other flags, as they are typed
	Guessed       bool              `json:"-"`                   // the file has decided on the mode
	Chosen        func(Mode)        `json:"-"`                   // is called with that mode, unless nil
}

// The values of --duplicates and --blank.
const (
	DuplicatesFail  = "fail"
	DuplicatesFirst = "first"
	DuplicatesLast  = "last"
	DuplicatesSum   = "sum"
	BlankError      = "error"
	BlankSkip       = "skip"
)

// Check returns the first mistake in how a table is to be read.
func (o Reading) Check() error {
	o.Mode = cmp.Or(o.Mode, Create)
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
	case o.Sign != api.SignAgrees && o.Mode != Adjust:
		return failure.Usagef("--unsigned and --any-sign are for --mode adjust: quantities of %s have no sign", o.Mode)
	}
	for _, r := range o.Map {
		if _, _, wide := r.parts(); wide && o.Mode == Move {
			return failure.Usagef("--map %s=%s: a file of transfers has no columns of single warehouses", r.Header, r.Field)
		}
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
	return nil
}

// ChooseMode finds out what the rows do, where the user does not say, and reports
// whether it had to: a file that says what was on hand when it was made sets stock.
func (o *Reading) ChooseMode(header []string) bool {
	if o.Mode != "" {
		return false
	}
	o.Mode, o.Guessed = Create, true
	for _, name := range header {
		if !o.Only && intake.Fold(name) == intake.Fold(fieldBaseline) {
			o.Mode = Set
		}
	}
	for _, r := range o.Map {
		if field, _, _ := r.parts(); field == fieldBaseline {
			o.Mode = Set
		}
	}
	if o.Chosen != nil {
		o.Chosen(o.Mode)
	}
	return true
}
