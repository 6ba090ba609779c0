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
	Fill          map[string]string `json:"fill,omitempty"` // field → value if blank
	IgnoreUnknown bool              `json:"ignoreUnknown,omitempty"`
	Only          bool              `json:"only,omitempty"`      // read only the columns in Map
	Layout        string            `json:"layout,omitempty"`    // the layout with which Map was extended
	Warehouse     string            `json:"warehouse,omitempty"` // id; rows of others are left out; blank: all
	WarehouseName string            `json:"-"`                   // as the user named it
	Blank         string            `json:"blank,omitempty"`     // error or skip
	Sign          api.Sign          `json:"sign,omitempty"`      // adjust: what the signs of quantities mean
	Decimal       string            `json:"decimal,omitempty"`   // the decimal sign; blank: unknown
	Duplicates    string            `json:"duplicates"`          // fail, first, last or sum
	Command       string            `json:"-"`                   // the words before the file; blank: depends on the mode
	Typed         []string          `json:"-"`                   // other flags, as typed
	Guessed       bool              `json:"-"`                   // Mode was chosen by ChooseMode
	Chosen        func(Mode)        `json:"-"`                   // called with that mode, unless nil
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

// Check returns the first problem with the options.
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
			return failure.Usagef("--map %s=%s: a file of transfers cannot have a column per warehouse", r.Header, r.Field)
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

// ChooseMode chooses the mode if the user did not, and reports whether it did. A file
// with the quantity on hand when it was made sets stock.
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
