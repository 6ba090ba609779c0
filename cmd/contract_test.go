package cmd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// schemaFolder is the variable with which tests pass the folder of the schemas to the
// stockctl that scripts and documents run.
const schemaFolder = "TEST_SCHEMA_FOLDER"

// contract compares what commands print as JSON with the committed schemas. Each schema
// is compiled once.
type contract struct {
	folder string
	mu     sync.Mutex
	known  map[string]*jsonschema.Schema
}

var published = contract{folder: filepath.Join("..", "docs", "schema"), known: map[string]*jsonschema.Schema{}}

// check returns how the output of a command line breaks its schema. It knows the format
// from the flags and from STOCKCTL_OUTPUT.
func (c *contract) check(args []string, format string, code int, out, errOut string) error {
	asked := request(args, format)
	var faults []error
	for line := range strings.Lines(errOut) {
		if strings.HasPrefix(line, `{"error":`) {
			faults = append(faults, c.valid("stockctl_error", false, []byte(line)))
		}
	}
	if asked.json && code != 0 && !strings.Contains(errOut, `{"error":`) {
		faults = append(faults, fmt.Errorf("exit code %d without an error in JSON", code))
	}
	if asked.json && !asked.filtered {
		faults = append(faults, c.values(asked, code, out))
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("stockctl %s breaks the contract of its JSON: %w", strings.Join(args, " "), err)
	}
	return nil
}

// values checks each JSON value on stdout. A command that failed may have stopped in the
// middle of one.
func (c *contract) values(asked asked, code int, out string) error {
	for in := json.NewDecoder(strings.NewReader(out)); ; {
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			if errors.Is(err, io.EOF) || code != 0 {
				return nil
			}
			return fmt.Errorf("%w in %.300s", err, out)
		}
		err := c.valid(asked.schema, asked.columns, value)
		if err != nil && value[0] == '{' { // -o jsonl prints the items of a list
			if c.valid(asked.schema, asked.columns, fmt.Appendf(nil, "[%s]", value)) == nil {
				err = nil
			}
		}
		if err != nil {
			return err
		}
	}
}

// asked describes the output that a command line requests.
type asked struct {
	schema   string // the name of its file
	json     bool
	columns  bool // some fields only
	filtered bool // by --jq
}

func request(args []string, format string) asked {
	if line := strings.Join(args, " ") + format; !strings.Contains(line, "js") && !strings.Contains(line, "jq") {
		return asked{} // most tests, which need no command tree
	}
	root := cmd.Tree()
	command, rest, err := root.Find(args)
	if err != nil || len(args) == 0 || strings.HasPrefix(args[0], "__") {
		return asked{}
	}
	// A mistake in the flags fails the command, too, and that has its own schema.
	_ = command.ParseFlags(rest)
	flags := command.Flags()
	if typed := flags.Lookup("output"); typed == root.PersistentFlags().Lookup("output") && typed.Changed {
		format = typed.Value.String() // not that of profile set, which stores it
	}
	jq, _ := flags.GetString("jq")
	help, _ := flags.GetBool("help")
	return asked{
		schema:   strings.ReplaceAll(command.CommandPath(), " ", "_"),
		json:     !help && (strings.HasPrefix(format, "json") || jq != ""),
		columns:  flags.Changed("columns"),
		filtered: jq != "",
	}
}

// valid checks one value. A command without a schema may print anything.
func (c *contract) valid(name string, some bool, value []byte) error {
	schema, err := c.schema(name, some)
	if schema == nil || err != nil {
		return err
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil {
		return err
	}
	if err := schema.Validate(instance); err != nil {
		return fmt.Errorf("%w\n%.2000s", err, value)
	}
	return nil
}

// schema compiles a committed schema, so strict that it also refuses fields that it does
// not list. With some, no field is required: --columns chooses.
func (c *contract) schema(name string, some bool) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := fmt.Sprint(name, some)
	if schema, ok := c.known[key]; ok {
		return schema, nil
	}
	text, err := os.ReadFile(filepath.Join(c.folder, name+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		c.known[key] = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	tighten(document, some)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(name, document); err != nil {
		return nil, err
	}
	c.known[key], err = compiler.Compile(name)
	return c.known[key], err
}

func tighten(schema any, some bool) {
	switch s := schema.(type) {
	case []any:
		for _, one := range s {
			tighten(one, some)
		}
	case map[string]any:
		if _, object := s["properties"].(map[string]any); object && s["type"] == "object" {
			s["additionalProperties"] = false
			if some {
				delete(s, "required")
			}
		}
		for _, one := range s {
			tighten(one, some)
		}
	}
}

// printed are command lines that print each kind of JSON output, with their exit codes.
// FILE: marks a file of outputFiles; RUN and TRANSFER are the latest ones.
const printed = `
0 version
0 doctor
0 auth status
0 profile set lagos --warehouse LGS-01
0 profile list
0 profile show
0 layout list
0 warehouse create --name Kano --code KAN-01
0 warehouse list
0 warehouse get KAN-01
0 warehouse update KAN-01 --name Kano-North
0 product list --all
0 product get prod_phone_789
0 product get prod_phone_789 --skus
0 product barcode add 00512 TOTE-CANVAS
0 product barcode list
0 inventory create --sku TOTE-CANVAS --warehouse KAN-01 --initial-qty 50 --reorder-level 60 --dry-run
0 inventory create --sku TOTE-CANVAS --warehouse KAN-01 --initial-qty 50 --reorder-level 60
0 inventory create -f FILE:records.yaml --dry-run
0 inventory create -f FILE:records.yaml
10 inventory create -f FILE:others.yaml
0 inventory list --all
0 inventory list --all --columns id,skuCode
0 inventory get TOTE-CANVAS@KAN-01
0 inventory get TOTE-CANVAS
0 inventory adjust TOTE-CANVAS@KAN-01 --qty=-4 --action sold
0 inventory adjust TOTE-CANVAS@KAN-01 --qty=-4 --action sold --dry-run
0 inventory reserve TOTE-CANVAS@KAN-01 --qty 2
0 inventory release TOTE-CANVAS@KAN-01 --qty 1
7 inventory adjust TOTE-CANVAS@KAN-01 --qty=-400 --action sold
0 inventory logs --all
0 inventory history TOTE-CANVAS@KAN-01
0 inventory low-stock
11 inventory low-stock --exit-code
0 inventory low-stock --cover 14d
0 inventory report FILE:new.html
0 inventory export FILE:new.csv
0 inventory count FILE:count.csv --warehouse KAN-01 --dry-run
10 inventory count FILE:count.csv --warehouse KAN-01
2 inventory count --scan --warehouse KAN-01
0 inventory count list
0 inventory count show SESSION
0 product barcode add 00777 PHONE-RED-256
0 inventory count resume --yes
0 inventory count undo SESSION --dry-run
0 inventory count undo SESSION
0 inventory transfer TOTE-CANVAS --from LGS-01 --to KAN-01 --qty 5 --dry-run
0 inventory transfer TOTE-CANVAS --from LGS-01 --to KAN-01 --qty 5
0 inventory transfer resume TRANSFER
0 inventory transfer undo TRANSFER
0 inventory transfer list
2 inventory transfer -f FILE:moves.csv --dry-run
0 inventory transfer -f FILE:moves.csv --dry-run --skip-invalid
10 inventory transfer -f FILE:moves.csv --skip-invalid
0 inventory transfer resume TRANSFER
0 inventory transfer undo TRANSFER
2 inventory import FILE:bad.csv
2 inventory import FILE:bad.csv --dry-run
10 inventory import FILE:bad.csv --skip-invalid
0 inventory import FILE:levels.csv --mode set --dry-run
0 inventory import FILE:levels.csv --mode set --save-plan FILE:new.plan
0 inventory import apply FILE:new.plan --dry-run
0 inventory import apply FILE:new.plan
0 inventory import FILE:levels.csv --mode set
0 inventory import FILE:sold.csv --mode adjust --dry-run
10 inventory import FILE:sold.csv --mode adjust
0 inventory import show RUN
0 inventory import FILE:planned.csv --save-plan FILE:saved.plan
0 inventory import apply FILE:saved.plan --dry-run
0 inventory import apply FILE:saved.plan
0 inventory import runs
0 inventory import status RUN
0 inventory import show RUN
0 inventory import undo RUN
2 inventory import undo
6 warehouse get NO-01
2 inventory list --limmit 3
`

// outputFiles are the files that the commands of printed read.
func outputFiles() map[string]string {
	return map[string]string{
		"records.yaml": "- {sku: PHONE-RED-256, warehouseId: KAN-01, initialQty: 3}\n- {sku: MUG-ENAMEL, warehouseId: KAN-01, initialQty: 0}\n",
		"others.yaml":  "- {sku: PHONE-RED-256, warehouseId: KAN-01, initialQty: 4}\n",
		"count.csv":    "sku,countedQty\nMUG-ENAMEL,2\nPHONE-BLUE-256,1\n",
		"moves.csv":    "sku,from,to,qty\nTOTE-CANVAS,LGS-01,KAN-01,1\nPHONE-RED-256,KAN-01,LGS-01,9\n",
		"bad.csv":      "sku,warehouseId,initialQty\nMUG-ENAMEL,LGS-01,4\nMUG-ENAMEL,LGS-01,x\n",
		"levels.csv":   "sku,warehouseId,onHandQty\nMUG-ENAMEL,LGS-01,9\n",
		"planned.csv":  "sku,warehouseId,initialQty\nPHONE-BLUE-256,KAN-01,4\n",
		"sold.csv":     "sku,warehouseId,qty,action\nMUG-ENAMEL,LGS-01,-2,sold\nMUG-ENAMEL,LGS-01,-900,sold\n",
	}
}

// printedElsewhere are the kinds of output that other tests cover, because they need a fault
// or a server that stops.
func printedElsewhere() map[string]bool {
	return map[string]bool{
		"stockctl_sandbox_serve": true, "stockctl_inventory_import_resume": true,
	}
}

// Every command that prints JSON keeps to its schema, and each kind of output in a schema
// is printed here.
func TestOutputMatchesItsSchema(t *testing.T) {
	t.Parallel()
	_, u := newShop(t)
	u.env["STOCKCTL_OUTPUT"] = "json"
	for name, text := range outputFiles() {
		u.file(t, name, text)
	}
	seen := map[string]map[int]bool{}
	run, transfer, session := "", "", ""
	for line := range strings.SplitSeq(strings.TrimSpace(printed), "\n") {
		words := strings.Fields(line)
		for i, word := range words {
			if name, ok := strings.CutPrefix(word, "FILE:"); ok {
				words[i] = filepath.Join(u.home, name)
			}
		}
		line = strings.NewReplacer("RUN", run, "TRANSFER", transfer, "SESSION", session).Replace(strings.Join(words, " "))
		words = strings.Fields(line)
		if u.stdin = ""; strings.Contains(line, "--scan") {
			u.stdin = "00777\n"
		}
		code, out, errOut := u.run(t, t.Context(), words[1:]...)
		if fmt.Sprint(code) != words[0] {
			t.Errorf("%s: exit code %d\n%s%s", line, code, out, errOut)
		}
		if m := regexp.MustCompile(`(?m)^  "run": "([0-9A-Z]+)"`).FindStringSubmatch(out); m != nil {
			run = m[1]
		}
		if all := regexp.MustCompile(`\b(tr|mv)_[a-z2-7]{12}\b`).FindAllString(out+errOut, -1); all != nil {
			transfer = all[len(all)-1]
		}
		if m := regexp.MustCompile(`count resume ([0-9A-Z]{16})`).FindStringSubmatch(errOut); m != nil {
			session = m[1]
		}
		name := request(words[1:], "json").schema
		if seen[name] == nil {
			seen[name] = map[int]bool{}
		}
		if out != "" {
			seen[name][published.kind(t, name, out)] = true
		}
	}
	published.complete(t, seen)
}

// kind returns which kind of output in a schema an output is.
func (c *contract) kind(t *testing.T, name, out string) int {
	t.Helper()
	schema, err := c.schema(name, false)
	if schema == nil || err != nil {
		return 0
	}
	instance, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
	if err != nil {
		t.Error(err)
	}
	for i, one := range schema.AnyOf {
		if one.Validate(instance) == nil && out != "[]\n" {
			return i
		}
	}
	return 0
}

func (c *contract) complete(t *testing.T, seen map[string]map[int]bool) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(c.folder, "*.json"))
	if err != nil || len(all) == 0 {
		t.Fatal(err, all)
	}
	for _, file := range all {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		schema, err := c.schema(name, false)
		if err != nil {
			t.Fatal(err)
		}
		if printedElsewhere()[name] || name == "stockctl_error" {
			continue
		}
		for i := range max(1, len(schema.AnyOf)) {
			if !seen[name][i] {
				t.Errorf("no output of kind %d of %s was printed", i, name)
			}
		}
	}
}

// checked runs the real entry point on the process's own streams, and checks its JSON
// output.
func checked(args []string) int {
	streams := iostreams.System()
	var out, errOut bytes.Buffer
	folder := os.Getenv(schemaFolder)
	if folder != "" {
		streams.Out, streams.Err = io.MultiWriter(streams.Out, &out), &shared{w: io.MultiWriter(streams.Err, &errOut)}
	}
	code := cmd.MainOn(streams, app.Build{Version: "1.2.3"}, args)
	if folder == "" {
		return code
	}
	c := contract{folder: folder, known: map[string]*jsonschema.Schema{}}
	if err := c.check(args, os.Getenv("STOCKCTL_OUTPUT"), code, out.String(), errOut.String()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 97
	}
	return code
}
