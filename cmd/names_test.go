package cmd_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// countedStore is a sandbox with its own shop, which records the requests.
type countedStore struct {
	*fakeshop.Shop
	shop   *sandbox.Server
	forbid string // a path that is forbidden, and what begins with it and a query

	mu    sync.Mutex
	asked []string
}

// large has more products than stockctl reads just to show names: 300 with one code each,
// and 300 with two SKUs.
func large() string {
	var b strings.Builder
	b.WriteString(`{"warehouses": [{"code": "HRB", "name": "Harbour Store"}, {"code": "OLD", "name": "Old Town"}], "products": [`)
	for i := range 300 {
		fmt.Fprintf(&b, `{"id": "prod_%03d", "name": "Mug %d", "sku": "MUG-%03d"},`, i, i, i)
		fmt.Fprintf(&b, `{"id": "prod_s%03d", "name": "Shirt %d", "skus": [{"id": "sku_%03d_s", "sku": "SH-%03d-S"}, {"id": "sku_%03d_m", "sku": "SH-%03d-M"}]},`, i, i, i, i, i, i)
	}
	b.WriteString(`{"id": "prod_slash", "name": "Slash", "sku": "A/B"}], "records": [`)
	for i := range 40 {
		fmt.Fprintf(&b, `{"productId": "prod_%03d", "warehouse": "HRB", "onHandQty": 50}, {"productId": "prod_%03d", "warehouse": "OLD", "onHandQty": 5},`, i, i)
	}
	b.WriteString(`{"sku": "SH-001-S", "warehouse": "HRB", "onHandQty": 9}, {"sku": "A/B", "warehouse": "HRB", "onHandQty": 3}]}`)
	return b.String()
}

func openCountedStore(t *testing.T, dialect sandbox.Dialect) *countedStore {
	t.Helper()
	start, err := sandbox.ReadStart(strings.NewReader(large()))
	if err != nil {
		t.Fatal(err)
	}
	return countRequests(t, sandbox.Options{Dialect: dialect, Start: start})
}

func countRequests(t *testing.T, o sandbox.Options) *countedStore {
	t.Helper()
	s := &countedStore{Shop: fakeshop.Open(t, o)}
	s.shop = s.Sandbox
	s.Handle(s.ServeHTTP)
	return s
}

func (s *countedStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Method+" "+r.URL.Path)
	s.mu.Unlock()
	if r.URL.Path == s.forbid {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"status":false,"message":"Access denied."}`)
		return
	}
	s.shop.ServeHTTP(w, r)
}

// customer returns a new user, with an empty copy of the names.
func (s *countedStore) customer(t *testing.T) *user {
	t.Helper()
	token, _ := s.shop.IssueToken()
	return customer(t, s.URL, sandbox.DefaultAccount().MerchantAPIKey, token)
}

// run runs a command and returns its requests: equal ones only once, with their number.
func (s *countedStore) run(t *testing.T, u *user, line string) (code int, out, errOut, asked string) {
	t.Helper()
	s.mu.Lock()
	s.asked = nil
	s.mu.Unlock()
	code, out, errOut = u.run(t, t.Context(), words(line)...)
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, one := range s.asked {
		if n := len(all); n > 0 && strings.HasPrefix(all[n-1], one+" ×") {
			var times int
			_, _ = fmt.Sscanf(all[n-1][len(one):], " ×%d", &times)
			all[n-1] = fmt.Sprintf("%s ×%d", one, times+1)
			continue
		}
		all = append(all, one+" ×1")
	}
	return code, out, errOut, strings.ReplaceAll(strings.Join(all, ", "), " ×1", "")
}

// words splits a command line at spaces. A part in single quotes is one word.
func words(line string) (out []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

// Once the copy of the product list exists, commands with codes make the same requests as
// commands with ids. Commands with ids make these requests even without the copy.
func TestKnownNamesNeedNoRequests(t *testing.T) {
	t.Parallel()
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		t.Run(string(dialect), func(t *testing.T) {
			s := openCountedStore(t, dialect)
			warm := s.customer(t)
			if code, _, errOut, asked := s.run(t, warm, "product sync"); code != 0 || asked != "GET /v1/warehouses, GET /v2/products ×8" {
				t.Fatalf("product sync: exit code %d\n%s%s", code, errOut, asked)
			}
			for _, test := range []struct{ codes, ids, asked string }{
				{"inventory get MUG-001@HRB", "inventory get prod_001@HRB", "GET /v1/warehouses, GET /v1/inventory/product/prod_001"},
				{"inventory get mug-001", "inventory get prod_001", "GET /v1/inventory/product/prod_001"},
				{"inventory get A/B@HRB", "inventory get prod_slash@HRB", "GET /v1/warehouses, GET /v1/inventory/product/prod_slash"},
				{
					"inventory adjust MUG-002@HRB --qty=-1 --action damaged", "inventory adjust prod_002@HRB --qty=-1 --action damaged",
					"GET /v1/warehouses, GET /v1/inventory/product/prod_002, PATCH /v1/inventory/inv_prod_002_hrb/adjust",
				},
				{"inventory reserve MUG-003@HRB --qty 1", "inventory reserve prod_003@HRB --qty 1", "GET /v1/warehouses, GET /v1/inventory/product/prod_003, PATCH /v1/inventory/inv_prod_003_hrb/reserve"},
				{"inventory list --product MUG-004", "inventory list --product prod_004", "GET /v1/inventory/product/prod_004"},
				{"inventory list --limit 5", "inventory list --limit 5", "GET /v1/inventory"},
				{"inventory low-stock", "inventory low-stock", "GET /v1/inventory/low-stock"},
				{"inventory logs --limit 5", "inventory logs --limit 5", "GET /v1/inventory/logs"},
				{
					"inventory transfer MUG-006 --from HRB --to OLD --qty 2 --yes", "inventory transfer prod_006 --from HRB --to OLD --qty 2 --yes",
					"GET /v1/warehouses, GET /v1/inventory/product/prod_006 ×2, PATCH /v1/inventory/inv_prod_006_hrb/adjust, PATCH /v1/inventory/inv_prod_006_old/adjust",
				},
				{"product get MUG-007", "product get prod_007", "GET /v2/products/prod_007"},
				{"product list --limit 5", "product list --limit 5", "GET /v2/products"},
			} {
				if code, _, errOut, asked := s.run(t, warm, test.codes); code != 0 || asked != test.asked {
					t.Errorf("%s: exit code %d\n%sasked %s\nwant  %s", test.codes, code, errOut, asked, test.asked)
				}
				// The dashboard dialect omits the names of warehouses.
				asked := strings.TrimSuffix(runCold(t, s, test.ids), ", GET /v1/warehouses")
				if asked != test.asked {
					t.Errorf("%s, for the first time: asked %s\nwant  %s", test.ids, asked, test.asked)
				}
			}
		})
	}
}

// runCold runs a command for a new user.
func runCold(t *testing.T, s *countedStore, line string) string {
	t.Helper()
	code, _, errOut, asked := s.run(t, s.customer(t), line)
	if code != 0 {
		t.Errorf("%s: exit code %d\n%s", line, code, errOut)
	}
	return asked
}

// What the copy lacks is read once: the list to look up a code, only the newest products if
// the copy is recent, and a single product to check that it still has an old code.
func TestNamesThatAreNotKnownAreRead(t *testing.T) {
	t.Parallel()
	s := openCountedStore(t, sandbox.Published)
	u := s.customer(t)
	at := time.Now()
	u.now = func() time.Time { return at }
	const list = "GET /v2/products ×8"
	for _, step := range []struct {
		after       time.Duration
		line, asked string
		code        int
		says        string // on stderr
	}{
		{
			line:  "inventory get MUG-001@HRB",
			asked: "GET /v1/warehouses, GET /v1/inventory/product/MUG-001, GET /v2/products/MUG-001, " + list + ", GET /v1/inventory/product/prod_001",
		},
		{line: "inventory get MUG-001@HRB", asked: "GET /v1/warehouses, GET /v1/inventory/product/prod_001"},
		{
			line: "inventory create --sku MUG-100 --warehouse HRB --initial-qty 5", asked: "GET /v1/warehouses, POST /v1/inventory",
			says: "created MUG-100 at HRB, 5 on hand",
		},
		{
			line:  "inventory create --sku MUG-100 --warehouse HRB --initial-qty 6",
			asked: "GET /v1/warehouses, POST /v1/inventory, GET /v1/inventory/product/prod_100", code: 7,
			says: "the inventory record MUG-100@HRB already exists with 5 on hand",
		},
		{
			line:  "inventory get MUG-0O1@HRB",
			asked: "GET /v1/warehouses, GET /v1/inventory/product/MUG-0O1, GET /v2/products/MUG-0O1, GET /v2/products", code: 6,
			says: "did you mean MUG-001",
		},
		{
			line:  "inventory create --product MUG-0O1 --warehouse HRB --initial-qty 5",
			asked: "GET /v1/warehouses, GET /v2/products/MUG-0O1, GET /v2/products", code: 6, says: "did you mean MUG-001",
		},
		{line: "inventory get ' MUG-001@HRB'", asked: "GET /v1/warehouses", code: 2, says: "begins or ends with a space"},
		{after: 11 * time.Minute, line: "inventory list --limit 3", asked: "GET /v1/inventory"},
		{
			after: 11 * time.Minute, line: "inventory adjust MUG-001@HRB --qty 1 --action received",
			asked: "GET /v1/warehouses, GET /v2/products/prod_001, GET /v1/inventory/product/prod_001, PATCH /v1/inventory/inv_prod_001_hrb/adjust",
			says:  "adjusted MUG-001@HRB by +1 (RECEIVED), on hand 50 → 51",
		},
		{
			after: 11 * time.Minute, line: "inventory adjust prod_002@HRB --qty 1 --action received",
			asked: "GET /v1/warehouses, GET /v1/inventory/product/prod_002, PATCH /v1/inventory/inv_prod_002_hrb/adjust",
		},
	} {
		at = at.Add(step.after)
		code, _, errOut, asked := s.run(t, u, step.line)
		if code != step.code || asked != step.asked || !strings.Contains(errOut, step.says) {
			t.Errorf("%s: exit code %d, want %d\nasked %s\nwant  %s\n%s", step.line, code, step.code, asked, step.asked, errOut)
		}
	}
}

// An account without permission to read the product list can use ids. If it uses a code,
// the message explains this.
func TestTheProductListIsForbidden(t *testing.T) {
	t.Parallel()
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		s := openCountedStore(t, dialect)
		s.forbid = "/v2/products"
		u := s.customer(t)
		u.file(t, "by-code.csv", "sku,warehouseId,initialQty\nMUG-200,HRB,1\n")
		u.file(t, "by-id.csv", "productId,warehouseId,initialQty\nprod_200,HRB,1\n")
		const cannot = "cannot read the product list"
		for _, test := range []struct {
			line string
			code int
			says string
		}{
			{"inventory get prod_001@HRB", 0, ""},
			{"inventory adjust prod_001@HRB --qty 1 --action received", 0, ""},
			{"inventory create --product prod_101 --warehouse OLD --initial-qty 1", 0, ""},
			{"inventory transfer prod_001 --from HRB --to OLD --qty 1 --yes", 0, ""},
			{"inventory list --limit 3", 0, ""},
			{"inventory logs --product prod_001 --limit 1", 0, ""},
			{"product get prod_001", 0, ""},
			{"inventory import " + u.home + "/by-id.csv --yes", 0, ""},
			{"inventory get MUG-001@HRB", 6, cannot},
			{"inventory adjust MUG-001@HRB --qty 1 --action received", 6, cannot},
			{"inventory create --product MUG-101 --warehouse OLD --initial-qty 1", 6, cannot},
			{"inventory create --sku MUG-101 --warehouse OLD --initial-qty 1", 6, cannot},
			{"inventory transfer MUG-001 --from HRB --to OLD --qty 1 --yes", 6, cannot},
			{"product get MUG-001", 6, cannot},
			{"product sync", 5, "permission denied"},
			{"inventory import " + u.home + "/by-code.csv --yes", 5, "permission denied"},
		} {
			code, _, errOut, asked := s.run(t, u, test.line)
			if code != test.code || strings.Count(errOut, test.says) != 1 && test.says != "" || test.says == "" && strings.Contains(errOut, cannot) {
				t.Errorf("%s: exit code %d, want %d\n%s", test.line, code, test.code, errOut)
			}
			if code != 0 && regexp.MustCompile("POST|PATCH").MatchString(asked) {
				t.Errorf("%s: sent %s, want no writes", test.line, asked)
			}
		}
	}
}

// Unusual codes are found.
func TestOddCodes(t *testing.T) {
	t.Parallel()
	start, err := sandbox.ReadStart(strings.NewReader(`
warehouses: [{code: HRB, name: Harbour}]
products:
  - {id: prod_1, name: One, sku: prod_2}
  - {id: prod_2, name: Two, sku: inv_prod_1_hrb}
  - {id: prod_3, name: Three, sku: "00123"}
  - {id: prod_4, name: Four, sku: "123"}
  - {id: prod_5, name: "Five of 5", sku: "A/B@C"}
  - {id: prod_6, name: Six, sku: "Big Box 12"}
  - {id: prod_7, name: Seven, sku: "ÜBER-急須"}
  - {id: prod_8, name: Eight, sku: 'Q"1'}
  - {id: prod_9, name: Nine, sku: CaSe}
  - {id: prod_10, name: Ten, sku: cAsE}
  - {id: prod_11, name: Eleven, sku: TWICE}
  - {id: prod_12, name: Twelve, sku: TWICE}
  - {id: prod_13, name: Old, sku: OLD-1, archived: true}
  - {id: prod_14, name: Old nails, sku: "00123", archived: true}
records:
  - {productId: prod_1, warehouse: HRB, onHandQty: 1}
  - {productId: prod_2, warehouse: HRB, onHandQty: 2}
  - {productId: prod_3, warehouse: HRB, onHandQty: 3}
  - {productId: prod_4, warehouse: HRB, onHandQty: 4}
  - {productId: prod_5, warehouse: HRB, onHandQty: 5}
  - {productId: prod_6, warehouse: HRB, onHandQty: 6}
  - {productId: prod_7, warehouse: HRB, onHandQty: 7}
  - {productId: prod_8, warehouse: HRB, onHandQty: 8}
  - {productId: prod_9, warehouse: HRB, onHandQty: 9}
  - {productId: prod_10, warehouse: HRB, onHandQty: 10}
  - {productId: prod_11, warehouse: HRB, onHandQty: 11}
  - {productId: prod_13, warehouse: HRB, onHandQty: 13}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		s := countRequests(t, sandbox.Options{Dialect: dialect, Start: start})
		known := s.customer(t)
		for address, want := range map[string]string{
			"prod_2@HRB": "2", "prod_1@HRB": "1", "inv_prod_1_hrb@HRB": "2", "00123@HRB": "3", "123@HRB": "4",
			"A/B@C@HRB": "5", `"A/B@C"@HRB`: "5", "Big Box 12@HRB": "6", `"Big Box 12"@"HRB"`: "6", "über-急須@hrb": "7", "U\u0308BER-急須@HRB": "7",
			`Q"1@HRB`: "8", `"Q""1"@HRB`: "8", "CaSe@HRB": "9", "cAsE@HRB": "10", "OLD-1@HRB": "13", "Five of 5@Harbour": "5",
			"case@HRB": "2: \"case\" names several products or SKUs: prod_10 (Ten), prod_9 (Nine)", "TWICE@HRB": `2: "TWICE" names several products or SKUs: prod_11 (Eleven), prod_12 (Twelve)`,
			"FIVE OF 5@HRB": "6: no inventory record for",
		} {
			for name, u := range map[string]*user{"known": known, "new": s.customer(t)} {
				code, out, errOut := u.run(t, t.Context(), "inventory", "get", address, "--columns", "onHandQty", "--no-header")
				got := strings.TrimSpace(out)
				if code != 0 {
					got = fmt.Sprintf("%d: %s", code, strings.TrimPrefix(errOut, "error: "))
				}
				if got != want && (code == 0 || !strings.HasPrefix(got, want)) {
					t.Errorf("%s, %s, %s: got %s, want %s", dialect, name, address, got, want)
				}
			}
		}
	}
}

// A YAML file can name records by codes and names.
func TestCreateFromAFileByNames(t *testing.T) {
	t.Parallel()
	s := openCountedStore(t, sandbox.Published)
	u := s.customer(t)
	if code, _, errOut, _ := s.run(t, u, "product barcode add 5000000000017 SH-002-M"); code != 0 {
		t.Fatal(errOut)
	}
	path := u.file(t, "records.yaml", `
- { sku: MUG-150, warehouseId: hrb, initialQty: 1 }
- { barcode: "5000000000017", warehouseId: Old Town, initialQty: 2 }
- { productName: Mug 151, warehouseId: HRB, initialQty: 3 }
- { productId: prod_152, sku: MUG-152, barcode: "unknown", productName: Mug 152, warehouseId: HRB, initialQty: 4 }
- { skuId: SH-003-S, productName: Shirt 3, warehouseId: HRB, initialQty: 5 }
`)
	code, out, errOut, _ := s.run(t, u, "inventory create -f "+path+" --jq '[.[] | .record | .skuCode + \"@\" + .warehouseCode] | @csv'")
	if want := `"MUG-150@HRB","SH-002-M@OLD","MUG-151@HRB","MUG-152@HRB","SH-003-S@HRB"` + "\n"; code != 0 || out != want {
		t.Errorf("exit code %d, %s, want %s\n%s", code, out, want, errOut)
	}
	path = u.file(t, "wrong.yaml", `
- { sku: MUG-160, productName: Mug 161, warehouseId: HRB, initialQty: 1 }
- { barcode: "5000000000018", warehouseId: HRB, initialQty: 1 }
- { barcode: 5000000000017, warehouseId: HRB, initialQty: 1 }
`)
	code, _, errOut, _ = s.run(t, u, "inventory create -f "+path)
	if says := `wrong.yaml:4:14 barcode "5000000000017": must be text: write it in quotes, "5000000000017"`; code != 2 || !strings.Contains(errOut, says) || strings.Contains(errOut, "is required") {
		t.Errorf("exit code %d\n%s", code, errOut)
	}
	path = u.file(t, "wrong.yaml", `
- { sku: MUG-160, productName: Mug 161, warehouseId: HRB, initialQty: 1 }
- { barcode: "5000000000018", warehouseId: HRB, initialQty: 1 }
`)
	code, _, errOut, asked := s.run(t, u, "inventory create -f "+path)
	for _, says := range []string{
		`wrong.yaml:2:32: productName "Mug 161" is prod_161 (Mug 161), but skuId of this record is prod_160 (Mug 160)`,
		`wrong.yaml:3:14: no product or SKU has the barcode "5000000000018"`,
	} {
		if !strings.Contains(errOut, says) {
			t.Errorf("does not say %s\n%s", says, errOut)
		}
	}
	if code != 2 || slices.Contains(strings.Split(asked, ", "), "POST /v1/inventory") {
		t.Errorf("exit code %d, asked %s", code, asked)
	}
}
