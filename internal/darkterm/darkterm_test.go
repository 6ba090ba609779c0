package darkterm_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	_ "github.com/charmbracelet/bubbletea" // whose initialisation is what this is about
	"github.com/charmbracelet/lipgloss"

	_ "github.com/bayworks/stockctl/internal/darkterm"
)

func TestBackgroundIsKnown(t *testing.T) {
	if !lipgloss.HasDarkBackground() {
		t.Error("the background was asked for, or is another than was set")
	}
}

// The order follows from the import paths: a module with another name could
// turn it around.
func TestInitialisesBeforeBubbletea(t *testing.T) {
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(test, "-test.run=^$")
	run.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	run.Stderr = &trace
	if err := run.Run(); err != nil {
		t.Fatalf("%v: %s", err, &trace)
	}
	ours := strings.Index(trace.String(), "init github.com/bayworks/stockctl/internal/darkterm @")
	theirs := strings.Index(trace.String(), "init github.com/charmbracelet/bubbletea @")
	if ours < 0 || theirs < 0 || ours > theirs {
		t.Errorf("darkterm at %d, bubbletea at %d of\n%s", ours, theirs, &trace)
	}
}
