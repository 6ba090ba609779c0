package cmd_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/cmd"
)

// effect is the effect of a flag: the outcomes of a command without and with it.
type effect struct {
	flags         string // the flags that it covers, to check that none is missing
	args          string // with FILE and HOME as in refusals
	with          string // appended to args for the second run
	file          string
	without, then outcome
}

// outcome is the result of a command. stock is that of a record, "none" if it does not
// exist, or blank to skip the check.
type outcome struct {
	code  int
	says  string // on stdout or stderr
	stock string // RECORD=QTY
}

func (e effect) name() string { return e.args + " " + e.with }

func effects() []effect {
	const one = "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,5\n"
	const mug = "prod_a@wh_abc123="
	const there = "rows.csv\nproductId,warehouseId,initialQty\nprod_abc123,LGS-01,5\n"
	const own = "prod_abc123@wh_abc123="
	const moves = "rows.csv\nproductId,warehouseId,qty,action\nprod_abc123,LGS-01,5,received\n"
	const sales = "rows.csv\nproductId,warehouseId,qty,action\nprod_abc123,LGS-01,5,sold\n"
	const twice = "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,5\nprod_a,LGS-01,6\n"
	const wrong = "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,5\nprod_b,LGS-01,many\n"
	return []effect{
		{
			flags: "mode", args: "inventory import FILE", with: "--mode adjust", file: moves,
			without: outcome{2, "may mean two things", own + "120"}, then: outcome{0, " 1 applied", own + "125"},
		},
		{
			flags: "unsigned", args: "inventory import FILE --mode adjust", with: "--unsigned", file: sales,
			without: outcome{2, "contradicts SOLD, which removes stock", own + "120"}, then: outcome{0, " 1 applied", own + "115"},
		},
		{
			flags: "any-sign", args: "inventory import FILE --mode adjust", with: "--any-sign", file: sales,
			without: outcome{2, "contradicts SOLD, which removes stock", own + "120"}, then: outcome{0, " 1 applied", own + "125"},
		},
		{
			flags: "format", args: "inventory import FILE", with: "--format csv",
			file:    "rows.csv\n" + `{"productId":"prod_a","warehouseId":"LGS-01","initialQty":5}` + "\n",
			without: outcome{0, " 1 applied", mug + "5"}, then: outcome{2, "the header cannot be read", mug + "5"},
		},
		{
			flags: "delimiter", args: "inventory import FILE", with: "--delimiter ~",
			file:    "rows.csv\nproductId~warehouseId~initialQty\nprod_a~LGS-01~5\n",
			without: outcome{2, "say which character is between the cells with --delimiter", mug + "none"},
			then:    outcome{0, "delimiter '~'", mug + "5"},
		},
		{
			flags: "encoding", args: "inventory import FILE", with: "--encoding windows-1252 -o json",
			file:    "rows.csv\nproductId,warehouseId,initialQty,location\nprod_a,LGS-01,5,S\xe4ule\n",
			without: outcome{0, "windows-1252", mug + "5"}, then: outcome{0, "windows-1252", mug + "5"},
		},
		{
			flags: "encoding", args: "inventory import FILE", with: "--encoding cp850",
			file:    "rows.csv\nproductId,warehouseId,initialQty,location\nprod_a,LGS-01,5,S\x84ule\n",
			without: outcome{2, "rows.csv:2:18: the file is not UTF-8, and this is not windows-1252 either", mug + "none"},
			then:    outcome{0, "cp850", mug + "5"},
		},
		{
			flags: "map", args: "inventory import FILE", with: "--map Lager=warehouseId",
			file:    "rows.csv\nproductId,Lager,initialQty\nprod_a,LGS-01,5\n",
			without: outcome{2, `unknown for --mode create: "Lager"`, mug + "none"}, then: outcome{0, " 1 applied", mug + "5"},
		},
		{
			flags: "fill", args: "inventory import FILE", with: "--fill warehouseId=LGS-01",
			file: "rows.csv\nproductId,initialQty\nprod_a,5\n", without: outcome{2, "no column for warehouseId", mug + "none"},
			then: outcome{0, " 1 applied", mug + "5"},
		},
		{
			flags: "fields", args: "inventory import FILE", with: "--fields productId,_,warehouseId,initialQty",
			file: "rows.csv\nprod_a,7,LGS-01,5\n", without: outcome{2, "the first line looks like data", mug + "none"},
			then: outcome{0, " 1 applied", mug + "5"},
		},
		{
			flags: "ignore-unknown", args: "inventory import FILE", with: "--ignore-unknown",
			file:    "rows.csv\nproductId,warehouseId,initialQty,colour\nprod_a,LGS-01,5,red\n",
			without: outcome{2, `unknown column "colour"`, mug + "none"}, then: outcome{0, "unknown columns, ignored: colour", mug + "5"},
		},
		{
			flags: "value", args: "inventory import FILE", with: "--value warehouseId:shop=LGS-01",
			file: "rows.csv\nproductId,warehouseId,initialQty\nprod_a,Shop,5\n", without: outcome{2, "no warehouse has", mug + "none"},
			then: outcome{0, " 1 applied", mug + "5"},
		},
		{
			flags: "blank", args: "inventory import FILE", with: "--blank skip",
			file:    "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,5\nprod_b,LGS-01,\n",
			without: outcome{2, "is blank", mug + "none"}, then: outcome{0, " 1 skipped", mug + "5"},
		},
		{
			flags: "decimal", args: "inventory import FILE", with: "--decimal ,",
			file: "rows.csv\nproductId,warehouseId,initialQty\nprod_a,LGS-01,1.000\n", without: outcome{2, "may be 1 or 1000", mug + "none"},
			then: outcome{0, " 1 applied", mug + "1000"},
		},
		{
			flags: "skip-lines", args: "inventory import FILE", with: "--skip-lines 2",
			file:    "rows.csv\nproductId,warehouseId,initialQty\n,,\nproductId,initialQty,warehouseId\nprod_a,5,LGS-01\n",
			without: outcome{2, "mistakes in", mug + "none"}, then: outcome{0, "header on line 3", mug + "5"},
		},
		{
			flags: "unsigned", args: "inventory import FILE --mode adjust", with: "--unsigned",
			file:    "rows.csv\nproductId,warehouseId,qty,action\nprod_abc123,LGS-01,5,sold\n",
			without: outcome{2, "contradicts SOLD", own + "120"}, then: outcome{0, " 1 applied", own + "115"},
		},
		{
			flags: "any-sign", args: "inventory import FILE --mode adjust", with: "--any-sign",
			file:    "rows.csv\nproductId,warehouseId,qty,action\nprod_abc123,LGS-01,5,sold\n",
			without: outcome{2, "contradicts SOLD", own + "120"}, then: outcome{0, " 1 applied", own + "125"},
		},
		{
			flags: "if-moved", args: "inventory import FILE --mode set", with: "--if-moved delta",
			file:    "rows.csv\nproductId,warehouseId,onHandQty,baselineQty\nprod_abc123,LGS-01,90,100\n",
			without: outcome{10, " 1 conflict", own + "120"}, then: outcome{0, " 1 applied", own + "110"},
		},
		{
			flags: "if-moved", args: "inventory import FILE --mode set", with: "--if-moved apply",
			file:    "rows.csv\nproductId,warehouseId,onHandQty,baselineQty\nprod_abc123,LGS-01,90,100\n",
			without: outcome{10, " 1 conflict", own + "120"}, then: outcome{0, " 1 applied", own + "90"},
		},
		{
			flags: "if-moved", args: "inventory import FILE --mode set", with: "--if-moved delta",
			file:    "rows.csv\nproductId,warehouseId,onHandQty,baselineQty\nprod_abc123,LGS-01,100,100\n",
			without: outcome{0, " 1 already there", own + "120"}, then: outcome{0, " 1 already there", own + "120"},
		},
		{
			flags: "duplicates", args: "inventory import FILE", with: "--duplicates sum", file: twice,
			without: outcome{2, "is the same record as line 2", mug + "none"}, then: outcome{0, " 1 skipped", mug + "11"},
		},
		{
			flags: "dry-run", args: "inventory import FILE --dry-run", with: "--dry-run=false", file: one,
			without: outcome{0, "dry run: 1 doubtful; nothing was sent", mug + "none"}, then: outcome{0, " 1 applied", mug + "5"},
		},
		{
			flags: "if-exists", args: "inventory import FILE", with: "--if-exists set", file: there,
			without: outcome{10, " 1 conflict", own + "120"}, then: outcome{0, " 1 applied", own + "5"},
		},
		{
			flags: "if-exists", args: "inventory import FILE", with: "--if-exists skip", file: there,
			without: outcome{10, " 1 conflict", own + "120"}, then: outcome{0, " 1 already there", own + "120"},
		},
		{
			flags: "if-exists", args: "inventory import FILE", with: "--if-exists fail", file: there,
			without: outcome{10, " 1 conflict", own + "120"}, then: outcome{10, " 1 rejected", own + "120"},
		},
		{
			flags: "duplicates", args: "inventory import FILE", with: "--duplicates first", file: twice,
			without: outcome{2, "is the same record as line 2", mug + "none"}, then: outcome{0, " 1 skipped", mug + "5"},
		},
		{
			flags: "duplicates", args: "inventory import FILE", with: "--duplicates last", file: twice,
			without: outcome{2, "is the same record as line 2", mug + "none"}, then: outcome{0, " 1 skipped", mug + "6"},
		},
		{
			flags: "skip-invalid", args: "inventory import FILE", with: "--skip-invalid", file: wrong,
			without: outcome{2, "send the other 1 row", mug + "none"}, then: outcome{10, " 1 invalid", mug + "5"},
		},
		{
			flags: "known", args: "inventory import FILE --mode adjust", with: "--known apply",
			file: moves + moves[len("rows.csv\nproductId,warehouseId,qty,action\n"):], without: outcome{0, " 2 applied", own + "130"},
			then: outcome{0, " 2 applied", own + "140"},
		},
		{
			flags: "known import-id", args: "inventory import FILE --mode adjust --import-id a", with: "--import-id b", file: moves,
			without: outcome{0, " 1 applied", own + "125"}, then: outcome{0, " 1 applied", own + "130"},
		},
		{
			flags: "import-id", args: "inventory import FILE --mode adjust --import-id a", with: "--import-id a", file: moves,
			without: outcome{0, " 1 applied", own + "125"}, then: outcome{0, " 1 already there", own + "125"},
		},
		{
			flags: "known", args: "inventory import FILE --mode adjust", with: "--known skip", file: moves,
			without: outcome{0, " 1 applied", own + "125"}, then: outcome{0, " 1 already there", own + "125"},
		},

		{
			flags: "warehouse", args: "inventory count FILE", with: "--warehouse LGS-01",
			file:    "shelf.csv\nproductId,countedQty\nprod_abc123,100\n",
			without: outcome{2, "no column for warehouseId (or --warehouse)", own + "120"}, then: outcome{0, "adjusted", own + "100"},
		},
		{
			flags: "dry-run", args: "inventory count FILE --warehouse LGS-01 --dry-run", with: "--dry-run=false",
			file: "shelf.csv\nproductId,countedQty\nprod_abc123,100\n", without: outcome{0, "dry run: nothing was sent", own + "120"},
			then: outcome{0, "adjusted", own + "100"},
		},
		{
			flags: "complete", args: "inventory count FILE --warehouse ABJ-01", with: "--complete",
			file:    "shelf.csv\nproductId,countedQty\nprod_mug,4\n",
			without: outcome{10, "1 record of the warehouse was not counted and is left unchanged", "prod_abc123@wh_def456=50"},
			then:    outcome{10, "1 record was not counted and will be set to 0", "prod_abc123@wh_def456=0"},
		},

		{
			flags: "from to qty notes", args: "inventory transfer prod_abc123 --from LGS-01 --to ABJ-01", with: "--qty 12 --notes van-4",
			without: outcome{2, "missing --qty", own + "120"}, then: outcome{0, "moved 12 of prod_abc123 from LGS-01 to ABJ-01", own + "108"},
		},
		{
			flags: "dry-run", args: "inventory transfer prod_abc123 --from LGS-01 --to ABJ-01 --qty 12", with: "--dry-run",
			without: outcome{0, "moved 12 of prod_abc123 from LGS-01 to ABJ-01", own + "108"},
			then:    outcome{0, "would move 12 of prod_abc123 from LGS-01 to ABJ-01", own + "108"},
		},
	}
}

// Each flag of import, count and transfer has its documented effect, compared with the
// same command without it.
func TestEffectsOfFlags(t *testing.T) {
	for _, e := range slices.Concat(effects(), countEffects(), transferEffects(), createEffects()) {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			e.check(t)
		})
	}
}

// check runs the command without and with the flag, one after the other on one shop.
func (e effect) check(t *testing.T) {
	t.Helper()
	server, u := newShop(t)
	if strings.Contains(e.args+e.with+e.file, "ABJ-01") {
		if code, _, errOut := u.run(t, t.Context(), "inventory", "create", "--product", "prod_abc123", "--warehouse", "ABJ-01", "--initial-qty", "50"); code != 0 {
			t.Fatal(errOut)
		}
	}
	name, text, _ := strings.Cut(e.file, "\n")
	file := ""
	if name != "" {
		file = u.file(t, name, text)
	}
	args := strings.Fields(strings.ReplaceAll(e.args, "FILE", file))
	for _, step := range []struct {
		args []string
		want outcome
	}{{args, e.without}, {append(slices.Clone(args), strings.Fields(strings.ReplaceAll(e.with, "FILE", file))...), e.then}} {
		code, out, errOut := u.run(t, t.Context(), step.args...)
		record, qty, _ := strings.Cut(step.want.stock, "=")
		now := "none"
		if n, exists := server.stock(t)[record]; exists {
			now = fmt.Sprint(n)
		}
		if code != step.want.code || !strings.Contains(out+errOut, step.want.says) || now != qty {
			t.Errorf("exit %d, %s is %s, want %+v\n%s%s", code, record, now, step.want, out, errOut)
		}
	}
}

// elsewhere returns the flags that are covered by other tests.
func elsewhere() map[string][]string {
	return map[string][]string{
		"import": {
			"max-errors",  // TestMaxErrorsAtItsBoundary
			"rate",        // TestRateSpacesTheWrites
			"rejects",     // TestRejectsAreNeverWrittenOverAFile
			"shard",       // TestShardsKeepTheRowsOfARecordTogetherAndInOrder
			"concurrency", // TestConcurrencyLimitsRequests
			"lookback",    // TestLookbackLimitsTheSearch
			"report",      // TestReport
			"save-plan",   // import_plan.txtar
			"sheet",       // TestFilesFromOutside
			"layout",      // TestFilesFromOutside
		},
		"count": {
			"scan",    // count.txtar
			"aliases", // count.txtar
			"sheet",   // TestFilesFromOutside
			"layout",  // TestFilesFromOutside
		},
		"transfer": {
			"sheet",  // TestFilesFromOutside, through the same reader
			"layout", // likewise
		},
		"create": {
			"product", "sku", "warehouse", "initial-qty", "location", "reorder-level", "reorder-qty", "attribute", // TestCreateSendsItsFlags
			"sheet",  // TestFilesFromOutside
			"layout", // likewise
		},
	}
}

// Every flag of these commands must be covered by a test of its effect.
func TestEveryFlagHasAnEffect(t *testing.T) {
	seen := elsewhere()
	for _, e := range slices.Concat(effects(), countEffects(), transferEffects(), createEffects()) {
		verb := strings.Fields(e.args)[1]
		seen[verb] = append(seen[verb], strings.Fields(e.flags)...)
	}
	root := cmd.Tree()
	for _, verb := range []string{"import", "count", "transfer", "create"} {
		found, _, err := root.Find([]string{"inventory", verb})
		if err != nil {
			t.Fatal(err)
		}
		has := map[string]bool{"help": true}
		found.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { has[f.Name] = true })
		for name := range has {
			if name != "help" && !slices.Contains(seen[verb], name) {
				t.Errorf("inventory %s --%s: no test shows what it does", verb, name)
			}
		}
		for _, name := range seen[verb] {
			if !has[name] {
				t.Errorf("inventory %s has no flag --%s (it has %v)", verb, name, slices.Sorted(maps.Keys(has)))
			}
		}
	}
}

// --encoding determines which letter a byte is.
func TestEncodingDeterminesTheLetters(t *testing.T) {
	server, u := newShop(t)
	file := u.file(t, "rows.csv", "productId,warehouseId,initialQty,location\nprod_a,LGS-01,5,S\xc3\xa4ule\n")
	for encoding, want := range map[string]string{"utf-8": "Säule", "windows-1252": "SÃ¤ule"} {
		before := len(server.received())
		if code, _, errOut := u.run(t, t.Context(), "inventory", "import", file, "--encoding", encoding, "--if-exists", "skip"); code != 0 {
			t.Errorf("%s: exit %d, want 0\n%s", encoding, code, errOut)
		}
		if sent := server.received()[before:]; len(sent) != 1 || !strings.Contains(sent[0].body, `"location":"`+want+`"`) {
			t.Errorf("%s: sent %v, want the location %s", encoding, sent, want)
		}
	}
}

// --concurrency is the maximum number of concurrent requests.
func TestConcurrencyLimitsRequests(t *testing.T) {
	const most, rows = 3, 9
	server, u := newShop(t)
	u.env["STOCKCTL_TIMEOUT"] = "30s"
	under := make(chan struct{}, rows)
	late := make(chan struct{})
	server.meddle = func(_ http.ResponseWriter, r *http.Request, n int) bool {
		if n == 0 {
			return false
		}
		under <- struct{}{}
		if len(under) > most {
			t.Errorf("%d writes are in flight", len(under))
		}
		if n == most { // give another request a chance to arrive before any response
			time.AfterFunc(200*time.Millisecond, func() { close(late) })
		}
		select {
		case <-late:
		case <-r.Context().Done():
		}
		<-under
		return false
	}
	text := "productId,warehouseId,initialQty\n"
	for i := range rows {
		text += fmt.Sprintf("prod_%d,LGS-01,1\n", i)
	}
	if code, _, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", text), "--concurrency", fmt.Sprint(most)); code != 0 || len(server.received()) != rows {
		t.Errorf("exit %d, want 0, %d writes\n%s", code, len(server.received()), errOut)
	}
}

// --lookback limits how far back the log is searched for rows that were applied before,
// for example on another machine, whose journal is not here.
func TestLookbackLimitsTheSearch(t *testing.T) {
	server, u := newShop(t)
	const day = 24 * time.Hour
	const ago = -10 * day
	server.ahead.Store(int64(ago))
	u.now = func() time.Time { return time.Now().Add(ago) }
	u.env["STOCKCTL_TOKEN"], _ = server.shop.IssueToken()
	if code, _, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", deliveries), "--mode", "adjust"); code != 0 {
		t.Fatal(errOut)
	}
	for _, later := range []time.Duration{-9 * day, -day, 0} {
		server.ahead.Store(int64(later))
		server.moved(t, "inv_xyz789", 1)
	}
	token, _ := server.shop.IssueToken()
	for _, test := range []struct {
		span string
		code int
	}{{"12d", 7}, {"8d", 0}} {
		other := customer(t, server.URL, u.env["STOCKCTL_MERCHANT_API_KEY"], token)
		file := other.file(t, "rows.csv", deliveries)
		code, _, errOut := other.run(t, t.Context(), "inventory", "import", file, "--mode", "adjust", "--lookback", test.span)
		if code != test.code || code == 7 && !strings.Contains(errOut, "error: 2 of 2 rows of "+file+" were applied before, the first at ") {
			t.Errorf("--lookback %s: exit %d, want %d\n%s", test.span, code, test.code, errOut)
		}
	}
}

// --report writes one line per row, or the summary, depending on the file name.
func TestReport(t *testing.T) {
	t.Parallel()
	for name, wants := range map[string][]string{
		"run.jsonl": {`{"row":1,"line":2,"state":"applied"`, `{"row":2,"line":3,"state":"rejected","code":"negative_stock"`},
		"run.json":  {`"rows": 2,`, `"applied": 1,`, `"rejected": 1,`, `"exitCode": 10`},
	} {
		_, u := newShop(t)
		file := u.file(t, "rows.csv", "productId,warehouseId,qty,action\nprod_abc123,LGS-01,5,received\nprod_abc123,LGS-01,-1000,sold\n")
		code, _, errOut := u.run(t, t.Context(), "inventory", "import", file, "--mode", "adjust", "--report", filepath.Join(u.home, name))
		text, err := os.ReadFile(filepath.Join(u.home, name))
		if code != 10 || err != nil {
			t.Errorf("%s: exit %d, want 10 (%v)\n%s", name, code, err, errOut)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %s:\n%s", name, want, text)
			}
		}
	}
}

// create sends exactly the fields given as flags, including 0.
func TestCreateSendsItsFlags(t *testing.T) {
	for line, want := range map[string]string{
		"--product prod_a --warehouse LGS-01 --initial-qty 0": `{"productId":"prod_a","warehouseId":"wh_abc123","initialQty":0}`,
		"--product prod_a --warehouse LGS-01 --initial-qty 0 --reorder-level 0 --reorder-qty 0": "" +
			`{"productId":"prod_a","warehouseId":"wh_abc123","initialQty":0,"reorderLevel":0,"reorderQty":0}`,
		"--product prod_a --warehouse Lagos-Main --initial-qty 7 --reorder-level 2 --reorder-qty 30": "",
		"--product prod_phone_789 --sku PHONE-RED-256 --warehouse ABJ-01 --initial-qty 7" +
			" --location B-02-1 --reorder-level 2 --reorder-qty 30 --attribute Color=Red --attribute Storage=256GB": "" +
			`{"productId":"prod_phone_789","skuId":"sku_red_256gb","warehouseId":"wh_def456","initialQty":7,"location":"B-02-1",` +
			`"reorderLevel":2,"reorderQty":30,"variantAttributes":{"Color":"Red","Storage":"256GB"}}`,
	} {
		server, u := newShop(t)
		code, _, errOut := u.run(t, t.Context(), append([]string{"inventory", "create"}, strings.Fields(line)...)...)
		sent := server.received()
		if want == "" {
			if code == 0 || len(sent) > 0 {
				t.Errorf("%s: exit %d and sent %v, want a failure and nothing sent", line, code, sent)
			}
			continue
		}
		if code != 0 || len(sent) != 1 || sent[0].path != "/inventory" || strings.TrimSpace(sent[0].body) != want {
			t.Errorf("%s: exit %d, want 0\n%s\n%v", line, code, errOut, sent)
		}
	}
}

// Both movements of a transfer have its notes.
func TestTransferSendsItsNotes(t *testing.T) {
	server, u := newShop(t)
	for _, line := range []string{
		"inventory create --product prod_abc123 --warehouse ABJ-01 --initial-qty 0",
		"inventory transfer prod_abc123 --from LGS-01 --to ABJ-01 --qty 12 --notes van-4",
	} {
		if code, _, errOut := u.run(t, t.Context(), strings.Fields(line)...); code != 0 {
			t.Fatal(errOut)
		}
	}
	sent := server.received()[1:]
	reference := regexp.MustCompile(`"reference":"(tr_[a-z2-7]{12})"`)
	if len(sent) != 2 || sent[0].qty() != -12 || sent[1].qty() != 12 || !reference.MatchString(sent[0].body) || reference.FindString(sent[0].body) != reference.FindString(sent[1].body) {
		t.Errorf("sent %v", sent)
	}
	for _, w := range sent {
		if !strings.Contains(w.body, `"notes":"van-4`) && !strings.Contains(w.body, `van-4"`) {
			t.Errorf("without its notes: %s", w.body)
		}
	}
}
