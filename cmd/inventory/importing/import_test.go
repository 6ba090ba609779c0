package importing

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/cmd/inventory/inventorytest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

func TestImportFlags(t *testing.T) {
	plain := importer.Options{Reading: columns.Reading{File: "f.csv"}, Options: ledger.Options{IfExists: settle.Same, IfMoved: ledger.MovedFail}}
	for line, change := range map[string]func(*importer.Options){
		"f.csv":                            func(*importer.Options) {},
		"f.csv --concurrency 8 --rate 2.5": func(o *importer.Options) { o.Concurrency, o.Rate = 8, 2.5 },
		"f.csv --shard 0/3 --max-errors 5%": func(o *importer.Options) {
			o.Shard, o.MaxErrors = stock.Shard{N: 3}, ledger.Limit{Percent: 5, Set: true}
		},
		"f.csv --map A=B=sku --fill sku=x=y": func(o *importer.Options) {
			o.Map, o.Fill = []columns.Rule{{Header: "A=B", Field: "sku"}}, map[string]string{"sku": "x=y"}
		},
		"f.csv --value warehouseId:eu:1=LGS-01 --value initialQty:n/a= --blank skip --decimal , --skip-lines 2": func(o *importer.Options) {
			o.Values = []columns.Translation{{Field: "warehouseId", From: "eu:1", To: "LGS-01"}, {Field: "initialQty", From: "n/a"}}
			o.Blank, o.Decimal, o.Table.SkipLines = columns.BlankSkip, columns.DecimalComma, 2
		},
		"f.csv --mode adjust --unsigned":     func(o *importer.Options) { o.Mode, o.Sign = stock.Adjust, api.SignAbsent },
		"f.csv --mode set --if-moved delta":  func(o *importer.Options) { o.Mode, o.IfMoved = stock.Set, ledger.MovedDelta },
		"f.csv --map *=quantity@*":           func(o *importer.Options) { o.Map = []columns.Rule{{Header: "*", Field: "quantity@*"}} },
		"f.csv --format CSV --delimiter tab": func(o *importer.Options) { o.Table.Format, o.Table.Delimiter = intake.CSV, '\t' },
		"f.csv --fields productId,_,qty":     func(o *importer.Options) { o.Table.Fields = []string{"productId", "_", "qty"} },
		"f.csv --mode adjust --import-id n1": func(o *importer.Options) { o.Mode, o.ImportID = stock.Adjust, "n1" },
		"f.csv --if-exists set --skip-invalid --duplicates last --max-errors 0": func(o *importer.Options) {
			o.IfExists, o.SkipInvalid, o.Duplicates, o.MaxErrors = settle.Set, true, columns.DuplicatesLast, ledger.Limit{Set: true}
		},
	} {
		got, err := inventorytest.Parse(t, newImportCmd, strings.Fields(line)...)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if typed := strings.Join(got.importing.Typed, " "); line == "f.csv --fields productId,_,qty" && "f.csv "+typed != line {
			t.Errorf("got the typed flags %s, want those of %s", typed, line)
		}
		want := plain
		change(&want)
		want.Typed = got.importing.Typed
		if diff := cmp.Diff(want, got.importing); diff != "" || got.since != "30d" {
			t.Errorf("%s: the options differ (-want +got)\n%s", line, diff)
		}
	}
}

func TestImportFlagMistakes(t *testing.T) {
	for line, want := range map[string]string{
		"f.csv --delimiter ;;":    `--delimiter must be one character, or tab, not ";;"`,
		"f.csv --concurrency 0":   `--concurrency must be auto or 1 to 256, not "0"`,
		"f.csv --max-errors 101%": `--max-errors must be a number of rows such as 100, or a share such as 5%, not "101%"`,
		"f.csv --shard 3":         `--shard must be I/N, such as 0/4, not "3"`,
		"f.csv --report run.txt":  `--report run.txt: name a .jsonl file for one line per row, or a .json file for the summary`,
		"f.csv --map *=qty":       `--map *=qty: a * in the header requires FIELD@*, and FIELD@* requires a * in the header`,
		"f.csv --map a*b*=qty@*":  `--map a*b*=qty@*: a header may have only one *`,
		"f.csv --value x=y":       `--value must be FIELD:FROM=TO, such as 'warehouseId:eu-1=LGS-01', not "x=y"`,
		"f.csv --value shelf:x=y": `--value: unknown column "shelf" for --mode create: the fields are ` + strings.Join(stock.FieldNames(), ", ") +
			`, sku, barcode, productName (--map shelf=FIELD, --ignore-unknown)`,
		"f.csv --unsigned":                                       `--unsigned and --any-sign are for --mode adjust: quantities of create have no sign`,
		"f.csv --blank zero":                                     `--blank must be error or skip, not "zero"`,
		"f.csv --if-moved never":                                 `--if-moved must be fail, delta or apply, not "never"`,
		"f.csv --map A=x --map A=y":                              `--map names "A" twice`,
		"f.csv --duplicates both":                                `--duplicates must be fail, first, last or sum, not "both"`,
		"f.csv --mode adjust --import-id a --known apply":        `--import-id and --known apply cannot be used together: an id never applies a row twice`,
		"f.csv --if-exists maybe":                                `--if-exists must be fail, same, skip or set, not "maybe"`,
		"f.csv --mode set --import-id a":                         `--import-id is for --mode adjust: a set file may always be imported again`,
		"f.csv --mode set --known skip --import-id a --rate NaN": `--known is for --mode adjust: a set file may always be imported again`,
		"f.csv --mode adjust --known later --rate 1":             `--known must be skip or apply, not "later"`,
		"f.csv --rate=-1":                                        `--rate must be 0 or more requests a second`,
	} {
		_, err := inventorytest.Parse(t, newImportCmd, strings.Fields(line)...)
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", line, err, want)
		}
	}
}

// If the API cannot be reached, a resume leaves the run unchanged, but must not say that
// nothing was changed.
func TestResumeWithoutAPI(t *testing.T) {
	const again = "the run is saved: continue with `stockctl inventory import resume R` when the API responds"
	away := failure.New(failure.Unavailable, "cannot be reached")
	for _, test := range []struct {
		err  error
		hint string
	}{{away, again}, {away.Hint("wait"), "wait"}, {failure.Usagef("no"), ""}, {nil, ""}} {
		if got := failure.HintOf(stillOpen(test.err, "R")); got != test.hint {
			t.Errorf("%v: got %q, want %q", test.err, got, test.hint)
		}
	}
}

// If millions of records are kept in memory, the memory limit grows with them.
func TestMemoryGrowsWithWhatIsKept(t *testing.T) {
	const mb = 1 << 20
	for live, want := range map[int64]int64{0: 100, 50 * mb: 100, 100 * mb: 175, 1000 * mb: 1525} {
		if got := memoryFor(live); got != want*mb {
			t.Errorf("with %d MB live: %d MB, want %d", live/mb, got/mb, want)
		}
	}
}
