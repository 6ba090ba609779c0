package app_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// What a server says cannot control the terminal through a note.
func TestNotesAreClean(t *testing.T) {
	streams, _, _, stderr := iostreams.Test()
	a := app.New(streams, app.Build{Version: "test"})
	dir := t.TempDir()
	a.LookupEnv = func(name string) (string, bool) { return dir, name == "HOME" }
	a.Note("moved to %s", "Lagos\x1b[2J")
	a.Done("created %s", "\u202eBag")
	const want = `moved to Lagos\x1b[2J` + "\n" + `created \u202eBag` + "\n"
	if stderr.String() != want {
		t.Errorf("got %q, want %q", stderr.String(), want)
	}
}
