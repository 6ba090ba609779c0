package iostreams_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/iostreams"
)

// The mark of real stock stands out, and only in colour.
func TestLoud(t *testing.T) {
	const text = "adjusted KET-RED@HRB by -3 in profile shop (LIVE)"
	if got := iostreams.Loud(text, false); got != text {
		t.Errorf("without colour: %q", got)
	}
	if got, want := iostreams.Loud(text, true), "adjusted KET-RED@HRB by -3 in profile shop \x1b[1;31m(LIVE)\x1b[0m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
