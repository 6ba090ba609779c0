package cmd_test

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	stockctl "github.com/bayworks/stockctl/cmd"
)

// A signal ends every wait for a server that accepts a request and never answers it.
// Nothing was sent that changes stock, and nothing is left to resume.
func TestASignalEndsEveryWaitForTheAPI(t *testing.T) {
	const rows = "productId,warehouseId,qty,action\nprod_abc123,LGS-01,1,received\n"
	for _, line := range []string{
		"inventory list", "inventory list --all", "inventory get prod_abc123@LGS-01", "inventory low-stock", "inventory logs", "inventory logs --follow",
		"inventory history prod_abc123@LGS-01", "inventory report HOME/report.html", "inventory export HOME/sheet.csv", "inventory low-stock --cover 14d",
		"inventory create --sku MUG-ENAMEL --warehouse LGS-01 --initial-qty 1", "inventory adjust MUG-ENAMEL@LGS-01 --qty 1 --action received",
		"inventory reserve MUG-ENAMEL@LGS-01 --qty 1", "inventory transfer TOTE-CANVAS --from LGS-01 --to ABJ-01 --qty 1",
		"inventory import FILE --mode adjust", "inventory import FILE --mode adjust --dry-run", "inventory import FILE --mode adjust --save-plan HOME/one.plan",
		"inventory count FILE --warehouse LGS-01", "inventory count --scan --warehouse LGS-01",
		"warehouse list", "warehouse get LGS-01", "warehouse update LGS-01 --name Lagos", "product list", "product get MUG-ENAMEL", "product sync",
		"auth login", "auth login --with-token", "doctor", "doctor --wait 10m", "api GET /v1/warehouses", "api GET /v1/inventory --paginate",
	} {
		t.Run(strings.ReplaceAll(line, "/", " "), func(t *testing.T) {
			t.Parallel()
			server, u := newShop(t)
			u.env["STOCKCTL_TIMEOUT"] = "10m"
			u.stdin = u.env["STOCKCTL_TOKEN"]
			if line == "auth login" {
				delete(u.env, "STOCKCTL_TOKEN")
				u.signsIn(server.shop.Account().Email, server.shop.Account().Password)
			}
			ctx, interrupt := context.WithCancelCause(t.Context())
			server.meddle = func(_ http.ResponseWriter, r *http.Request, _ int) bool {
				_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the client is gone
				interrupt(stockctl.Interrupt())
				<-r.Context().Done()
				return true
			}
			line = strings.NewReplacer("FILE", u.file(t, "rows.csv", rows), "HOME", u.home).Replace(line)
			code, _, errOut := u.run(t, ctx, strings.Fields(line)...)
			if code != 130 || len(server.received()) > 0 {
				t.Errorf("exit %d, want 130; %d writes\n%s", code, len(server.received()), errOut)
			}
			for _, pattern := range []string{"state/*/*/*", "*.plan", "*.html", "sheet.csv", ".*"} {
				if left, _ := filepath.Glob(filepath.Join(u.home, pattern)); len(left) > 0 {
					t.Errorf("the command left %v behind, want nothing", left)
				}
			}
		})
	}
}

// A signal ends an expression that would not end by itself.
func TestASignalEndsTheExpressionOfACommand(t *testing.T) {
	_, u := newShop(t)
	ctx, interrupt := context.WithCancelCause(t.Context())
	interrupt(stockctl.Interrupt())
	if code, out, errOut := u.run(t, ctx, "auth", "status", "--jq", "def f: f; f"); code != 130 || out != "" {
		t.Errorf("exit %d, want 130\n%s%s", code, out, errOut)
	}
}
