package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A rejects file never replaces an existing file, which may have rejects from an earlier
// import.
func TestRejectsAreNeverWrittenOverAFile(t *testing.T) {
	const text = "productId,warehouseId,qty,action\nprod_abc123,LGS-01,-1000,sold\n"
	for name, args := range map[string][]string{
		"rows.rejects": nil,
		"mine":         {"--rejects", "HOME/mine.csv"},
	} {
		_, u := newShop(t)
		file := u.file(t, "rows.csv", text)
		was := map[string]string{name + ".csv": "yesterday", name + "-2.csv": "the day before"}
		for old, holds := range was {
			u.file(t, old, holds)
		}
		line := []string{"inventory", "import", file, "--mode", "adjust", "--known", "apply"}
		for _, arg := range args {
			line = append(line, strings.ReplaceAll(arg, "HOME", u.home))
		}
		for _, number := range []string{"-3", "-4"} {
			code, out, errOut := u.run(t, t.Context(), line...)
			is := filepath.Join(u.home, name+number+".csv")
			now, err := os.ReadFile(is)
			if code != 10 || err != nil || !strings.Contains(string(now), ",prod_abc123,LGS-01,-1000,sold\n") || !strings.Contains(out+"\n", "  rejects: "+is+"\n") {
				t.Errorf("exit %d, want 10 (%v)\n%s\n%s%s", code, err, now, out, errOut)
			}
		}
		for old, holds := range was {
			if now, err := os.ReadFile(filepath.Join(u.home, old)); err != nil || string(now) != holds {
				t.Errorf("%s contains %q now (%v)", old, now, err)
			}
		}
	}
}
