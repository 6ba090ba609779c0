// Package deadline is for tests: one that does not end is told by its name after
// a while, with all goroutines, in place of the silence of ten minutes. It
// measures nothing, and no program imports it.
package deadline

import (
	"runtime/debug"
	"testing"
	"time"
)

// Limit is how long a test may take: far longer than the slowest needs on a busy
// machine with the race detector, and shorter than the limit of go test itself.
const Limit = 4 * time.Minute

// Set ends the tests of the package if this one has not ended within Limit.
func Set(t testing.TB) {
	t.Helper()
	timer := time.AfterFunc(Limit, func() {
		debug.SetTraceback("all")
		panic(t.Name() + " does not end")
	})
	t.Cleanup(func() { timer.Stop() })
}
