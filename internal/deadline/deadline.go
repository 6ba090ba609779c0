// Package deadline limits the time of tests. A test that hangs panics with its name
// and all goroutines, long before the ten minutes of go test. No program imports
// this package.
package deadline

import (
	"runtime/debug"
	"testing"
	"time"
)

// limit is how long a test may take: much longer than the slowest needs on a busy
// machine with the race detector, but shorter than the limit of go test.
const limit = 4 * time.Minute

// Set makes the tests of the package panic if this one takes longer than limit.
func Set(t testing.TB) {
	t.Helper()
	timer := time.AfterFunc(limit, func() {
		debug.SetTraceback("all")
		panic(t.Name() + " does not end")
	})
	t.Cleanup(func() { timer.Stop() })
}
