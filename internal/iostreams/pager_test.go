package iostreams_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/iostreams"
)

// page writes lines one by one through a pager of 10 lines.
func page(t *testing.T, command string, lines int, env ...string) string {
	t.Helper()
	var out, failed bytes.Buffer
	p := &iostreams.Pager{Command: command, Height: 10, Out: &out, Err: &failed, Env: append([]string{"PATH=/usr/bin:/bin"}, env...)}
	for i := range lines {
		if _, err := fmt.Fprintf(p, "line %d\n", i+1); err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPagerShowsWhatIsLong(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no sh")
	}
	paged := "sed 's/^/| /'"
	if got := page(t, paged, 9); strings.Contains(got, "|") || strings.Count(got, "\n") != 9 {
		t.Errorf("9 lines fit the screen, and were shown as %q", got)
	}
	if got := page(t, paged, 30); strings.Count(got, "| line ") != 30 {
		t.Errorf("30 lines were shown as %q", got)
	}
	if got := page(t, "no-such-program-anywhere", 9); strings.Count(got, "line") != 9 {
		t.Errorf("got %q", got)
	}
	if got := page(t, `echo "$LESS $LV"; cat > /dev/null`, 30); got != "FRX -c\n" {
		t.Errorf("the environment has %q", got)
	}
	if got := page(t, `echo "$LESS"; cat > /dev/null`, 30, "LESS=-S"); got != "-S\n" {
		t.Errorf("the user's LESS became %q", got)
	}
}

// A user who quits the pager early has seen enough: that is no failure.
func TestPagerQuitEarly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no sh")
	}
	file := filepath.Join(t.TempDir(), "seen")
	if got := page(t, "head -n 1; echo done > '"+file+"'; exit 3", 20_000); got != "line 1\n" {
		t.Errorf("got %q", got)
	}
}

func TestPagerOff(t *testing.T) {
	for command, want := range map[string]bool{"": true, " ": true, "cat": true, "less": false, "cat -n": false} {
		if got := iostreams.PagerOff(command); got != want {
			t.Errorf("%q: %t", command, got)
		}
	}
}
