package cmd_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// GitHub shows mistakes and refused rows at the lines of the file; texts of a file do not
// become commands.
func TestAnnotations(t *testing.T) {
	_, u := newShop(t)
	u.env["GITHUB_ACTIONS"], u.env["GITHUB_WORKSPACE"] = "true", u.home
	bad := u.file(t, "bad.csv", "productId,warehouseId,initialQty\nprod_new,LGS-01,\"x%\r\n::stop-commands::y\"\n")
	code, _, errOut := u.run(t, t.Context(), "inventory", "import", bad)
	want := "\n::error title=stockctl,file=bad.csv,line=2,col=17::initialQty \"x%25\\n::stop-commands::y\": "
	if code != 2 || !strings.Contains(errOut, want) || strings.Count("\n"+errOut, "\n::") != 1 {
		t.Errorf("exit %d\n%s\nwant %s", code, errOut, want)
	}

	sold := u.file(t, "sold:1.csv", "productId,warehouseId,qty,action\nprod_abc123,LGS-01,-1,sold\nprod_abc123,LGS-01,-900,sold\n")
	code, _, errOut = u.run(t, t.Context(), "inventory", "import", sold, "--mode", "adjust")
	want = "\n::error title=stockctl,file=sold%3A1.csv,line=3::not enough stock on hand"
	if code != 10 || !strings.Contains(errOut, want) {
		t.Errorf("exit %d\n%s\nwant %s", code, errOut, want)
	}

	code, _, errOut = u.run(t, t.Context(), "warehouse", "get", "NO-01")
	if want := "\n::error title=stockctl::no warehouse has the id, code or name \"NO-01\"\n"; code != 6 || !strings.HasSuffix(errOut, want) {
		t.Errorf("exit %d\n%s\nwant %s", code, errOut, want)
	}
}

// GitHub shows ten errors of a step. A program that reads JSON gets nothing else, and
// outside of GitHub there are none.
func TestAnnotationsAreBounded(t *testing.T) {
	_, u := newShop(t)
	text := "productId,warehouseId,initialQty\n"
	for i := range 12 {
		text += fmt.Sprintf("prod_%d,LGS-01,x\n", i)
	}
	file := u.file(t, "bad.csv", text)
	if _, _, errOut := u.run(t, t.Context(), "inventory", "import", file); strings.Contains(errOut, "::") {
		t.Error(errOut)
	}
	u.env["GITHUB_ACTIONS"], u.env["GITHUB_WORKSPACE"] = "true", filepath.Join(u.home, "elsewhere")
	_, _, errOut := u.run(t, t.Context(), "inventory", "import", file)
	if n := strings.Count(errOut, "\n::error title=stockctl,file="+file+",line="); n != 9 || !strings.HasSuffix(errOut, "\n::error title=stockctl::3 more are not shown\n") {
		t.Errorf("%d places\n%s", n, errOut)
	}
	if _, _, errOut := u.run(t, t.Context(), "inventory", "import", file, "-o", "json"); strings.Contains(errOut, "::") {
		t.Error(errOut)
	}
}
