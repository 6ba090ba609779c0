package cmd_test

import (
	"encoding/csv"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// Names that a shell would run, and that it would split.
const oddShop = `
warehouses:
  - {id: wh_1, code: LGS-01, name: Lagos}
  - {id: wh_2, code: "A B'C;touch x", name: Odd}
products:
  - {id: "p$(touch${IFS}x)", name: One}
  - {id: prod_2, name: Two, sku: "it's ` + "`touch x`" + `"}
  - {id: prod_3, name: "=cmd|' /C calc'!A0", sku: "+1"}
  - {id: prod_4, name: "\tTabbed", sku: "@SUM(1)"}
  - {id: prod_5, name: "\rReturned", sku: "-2"}
records:
  - {productId: prod_3, warehouse: LGS-01, onHandQty: 1, location: "=1+1"}
  - {productId: prod_4, warehouse: LGS-01, onHandQty: 2, location: "@A1"}
  - {productId: prod_5, warehouse: LGS-01, onHandQty: 3, location: "plain"}
`

func oddShopOf(t *testing.T) (*faultServer, *user) {
	t.Helper()
	begin, err := sandbox.ReadStart(strings.NewReader(oddShop))
	if err != nil {
		t.Fatal(err)
	}
	f, u := newShop(t)
	shop, err := sandbox.Open(t.Context(), sandbox.Options{Path: ":memory:", Start: begin, Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	own := f.shop
	f.shop = shop
	t.Cleanup(func() { // the server closes the other
		if err := own.Close(); err != nil {
			t.Error(err)
		}
	})
	u.env["STOCKCTL_TOKEN"], _ = shop.IssueToken()
	u.env["STOCKCTL_MERCHANT_API_KEY"] = shop.Account().MerchantAPIKey
	return f, u
}

// A command that a message suggests is one for the shell: each name in it is one word, and
// nothing in a name is run.
func TestSuggestedCommandsAreQuoted(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell")
	}
	_, u := oddShopOf(t)
	odd := "A B'C;touch x"
	u.wants(t, 0, "", "product", "sync")
	counted := u.file(t, "counted here.csv", "productId,countedQty\np$(touch${IFS}x),4\nprod_2,2\n")
	spaced := u.file(t, "it's.csv", "Product Id,Stock On Hand,Bin Place\nprod_3,1,x\n")
	for _, test := range []struct {
		args []string
		want []string // the words of the command
	}{
		{[]string{"inventory", "count", counted, "--warehouse", odd}, []string{"stockctl", "inventory", "create", "--product", "p$(touch${IFS}x)", "--warehouse", odd, "--initial-qty", "4"}},
		{[]string{"inventory", "count", counted, "--warehouse", odd}, []string{"stockctl", "inventory", "create", "--sku", "it's `touch x`", "--warehouse", odd, "--initial-qty", "2"}},
		{[]string{"inventory", "import", spaced, "--mode", "set", "--fill", "warehouseId=" + odd}, []string{
			"stockctl", "inventory", "import", spaced, "--mode", "set", "--map", "Stock On Hand=onHandQty", "--fill", "warehouseId=" + odd, "--ignore-unknown",
		}},
		{
			[]string{"inventory", "transfer", "prod_3", "--from", "LGS-01", "--to", odd, "--qty", "1"},
			[]string{"stockctl", "inventory", "create", "--product", "prod_3", "--warehouse", odd, "--initial-qty", "0"},
		},
	} {
		_, _, errOut := u.run(t, t.Context(), test.args...)
		var got [][]string
		for _, line := range strings.Split(errOut, "\n") {
			_, command, is := strings.Cut(line, "`stockctl ")
			if !is {
				continue
			}
			command = "stockctl " + strings.TrimSuffix(command, "`")
			sh := exec.CommandContext(t.Context(), shell, "-c", `printf '%s\n' `+command)
			sh.Dir = t.TempDir()
			words, err := sh.Output()
			if err != nil {
				t.Errorf("the shell cannot read %s: %v", command, err)
			}
			if _, err := os.Stat(filepath.Join(sh.Dir, "x")); err == nil {
				t.Errorf("the shell runs a name in %s", command)
			}
			got = append(got, strings.Split(strings.TrimSuffix(string(words), "\n"), "\n"))
		}
		if !slices.ContainsFunc(got, func(words []string) bool { return slices.Equal(words, test.want) }) {
			t.Errorf("%q suggests %q, want %q\n%s", test.args, got, test.want, errOut)
		}
	}
	_, _, errOut := u.run(t, t.Context(), "inventory", "list", "--warehouse", "A B'C;touch")
	if want := `did you mean 'A B'\''C;touch x'?`; !strings.Contains(errOut, want) {
		t.Errorf("%s\nwant %s", errOut, want)
	}
}

// cells reads a CSV file.
func cells(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

var formula = regexp.MustCompile(`^[=+\-@\t\r]`)

// What a spreadsheet would run is harmless in a sheet for people, comes back as it was, and
// is not changed for programs.
func TestFormulasOfAServer(t *testing.T) {
	_, u := oddShopOf(t)
	u.wants(t, 0, "", "product", "sync")
	sheet := filepath.Join(u.home, "sheet.csv")
	u.wants(t, 0, "", "inventory", "export", sheet)
	text := u.read(t, sheet)
	var found []string
	for _, row := range cells(t, text) {
		for _, cell := range row {
			if formula.MatchString(cell) {
				t.Errorf("the sheet contains %q", cell)
			}
			if strings.HasPrefix(cell, "'") {
				found = append(found, cell)
			}
		}
	}
	slices.Sort(found)
	if want := []string{"'\tTabbed", "'\rReturned", "'+1", "'-2", "'=1+1", "'=cmd|' /C calc'!A0", "'@A1", "'@SUM(1)"}; !slices.Equal(found, want) {
		t.Errorf("the sheet has %q, want %q", found, want)
	}
	filled := strings.NewReplacer(",1,,,1\n", ",1,,8,1\n", ",1,,1\n", ",1,8,1\n").Replace(text)
	out := u.wants(t, 0, "", "inventory", "count", u.file(t, "filled.csv", filled), "--dry-run", "-o", "csv", "--blank", "skip")
	if !strings.Contains(out, "prod_3,") {
		t.Errorf("the sheet comes back as %s", out)
	}
	raw := u.wants(t, 0, "", "inventory", "list", "-o", "csv")
	for _, cell := range []string{"=1+1", "@A1", "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "-2"} {
		if !slices.ContainsFunc(cells(t, raw), func(row []string) bool { return slices.Contains(row, cell) }) {
			t.Errorf("-o csv changes %q:\n%s", cell, raw)
		}
	}
}

// The words of a server in a rejects file are harmless, too; the record stays as it was.
func TestFormulasInRejects(t *testing.T) {
	server, u := newShop(t)
	for _, said := range []string{"=cmd|' /C calc'!A0", "+1", "@SUM(1)", "-2"} {
		server.meddle = func(w http.ResponseWriter, _ *http.Request, n int) bool {
			if n > 0 {
				w.WriteHeader(http.StatusUnprocessableEntity)
				_, _ = io.WriteString(w, `{"status":false,"code":"`+said+`","message":"`+said+`"}`)
			}
			return n > 0
		}
		rejects := filepath.Join(t.TempDir(), "rejects.csv")
		file := u.file(t, "rows.csv", "inventoryId,qty,action,notes\ninv_xyz789,1,RECEIVED,"+said+"\n")
		u.wants(t, 10, "", "inventory", "import", file, "--mode", "adjust", "--rejects", rejects, "--import-id", "of "+said)
		rows := cells(t, u.read(t, rejects))
		if len(rows) != 2 || rows[1][len(rows[1])-1] != said {
			t.Fatalf("the record is %q", rows)
		}
		for i, name := range rows[0] {
			if strings.HasPrefix(name, "_") && formula.MatchString(rows[1][i]) {
				t.Errorf("%s contains %q", name, rows[1][i])
			}
		}
		if !slices.Contains(rows[0], "_code") || !slices.Contains(rows[0], "_error") {
			t.Errorf("the columns are %q", rows[0])
		}
	}
}
