package cmd_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// An account that may not read the list of warehouses can name them by id or name, as the
// records have them. Any other name is an error, and never "there is nothing".
func TestTheWarehouseListIsForbidden(t *testing.T) {
	s := openCountedStore(t, sandbox.Published)
	s.forbid = "/v1/warehouses"
	u := s.customer(t)
	u.file(t, "count.csv", "productId,countedQty\nprod_001,7\n")
	const cannot = "is not allowed to read the warehouse list"
	for _, test := range []struct{ line, finds string }{
		{"inventory list --all --warehouse '{}'", "Harbour Store"},
		{"inventory list --product prod_001 --warehouse '{}'", "Harbour Store"},
		{"inventory get 'prod_001@{}'", "Harbour Store"},
		{"inventory logs --warehouse '{}'", "RECEIVED"},
		{"inventory logs 'prod_001@{}'", "RECEIVED"},
		{"inventory low-stock --warehouse '{}'", "nothing is low"},
		{"inventory low-stock --cover 14d --warehouse '{}'", "nothing is low"},
		{"inventory export - --warehouse '{}'", "prod_001"},
		{"inventory history 'prod_001@{}'", "certain"},
		{"inventory adjust 'prod_001@{}' --qty 1 --action received --dry-run", "50 → 51"},
		{"inventory reserve 'prod_001@{}' --qty 1 --dry-run", "available 50 → 49"},
		{"inventory transfer prod_001 --qty 1 --from '{}' --to wh_old --dry-run", "50 → 49 and 5 → 6"},
		{"inventory transfer prod_001 --qty 1 --from wh_old --to '{}' --dry-run", "5 → 4 and 50 → 51"},
		{"inventory transfer -f HOME/move.csv --dry-run", "1 move of 1 unit"},
		{"inventory import HOME/adjust.csv --mode adjust --dry-run", "1 to adjust"},
		{"inventory count HOME/count.csv --warehouse '{}' --dry-run", "-43"},
	} {
		for name, code := range map[string]int{"wh_hrb": 0, "Harbour Store": 0, "HRB": 5, "nonsense": 5} {
			u.file(t, "adjust.csv", "productId,warehouseId,qty,action\nprod_001,"+name+",1,RECEIVED\n")
			u.file(t, "move.csv", "productId,from,to,qty\nprod_001,"+name+",wh_old,1\n")
			line := strings.NewReplacer("{}", name, "HOME", u.home).Replace(test.line)
			got, out, errOut, asked := s.run(t, u, line)
			switch {
			case got != code, code == 0 && !strings.Contains(out+errOut, test.finds), code != 0 && (!strings.Contains(errOut, cannot) || strings.Contains(out, "prod_")):
				t.Errorf("%s: exit %d, want %d\n%s%s", line, got, code, out, errOut)
			case regexp.MustCompile("POST|PATCH").MatchString(asked):
				t.Errorf("%s: sent %s, want no writes", line, asked)
			}
		}
	}
}

// A filter by a product that cannot be looked up is an error, and not an empty list.
func TestFiltersByProductsThatCannotBeRead(t *testing.T) {
	s := openCountedStore(t, sandbox.Published)
	for _, test := range []struct {
		forbid, item string
		code         int
	}{
		{"", "prod_001", 0},
		{"", "prod_101", 0}, // without records
		{"", "MUG-001", 0},
		{"", "MUG-9999", 0},
		{"/v2/products", "prod_001", 0},
		{"/v2/products", "prod_s001/sku_001_s", 0},
		{"/v2/products", "MUG-001", 5},
		{"/v2/products", "MUG-9999", 5},
	} {
		s.forbid = test.forbid
		u := s.customer(t)
		for _, command := range []string{"inventory list --product ", "inventory logs --product ", "inventory logs --follow --limit 1 --product "} {
			if test.code == 0 && strings.Contains(command, "follow") {
				continue
			}
			code, out, errOut, _ := s.run(t, u, command+test.item)
			if code != test.code || code != 0 && !strings.Contains(errOut, "cannot read the product list") {
				t.Errorf("%s%s (without %q): exit %d, want %d\n%s%s", command, test.item, test.forbid, code, test.code, out, errOut)
			}
		}
	}
}
