// Package deadline is for tests: one that does not end is told by its name after
// a while, with all goroutines, in place of the silence of ten minutes. It
// measures nothing, and no program imports it.
package deadline

import (
	"runtime/debug"
	"testing"
	"time"
)

// Limit is how long a test may take that does not say otherwise. The slowest
// takes a tenth of it on an idle machine.
const Limit = 50 * time.Second

// Set ends the tests of the package if this one has not ended within Limit.
func Set(t testing.TB) {
	t.Helper()
	timer := time.AfterFunc(Limit, func() {
		debug.SetTraceback("all")
		panic(t.Name() + " does not end")
	})
	t.Cleanup(func() { timer.Stop() })
}
