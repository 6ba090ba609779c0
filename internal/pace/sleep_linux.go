package pace

import (
	"syscall"
	"time"
)

// sleepUntil uses the kernel for the last part, because the runtime's timers are up to a
// millisecond late. A signal may end that call early.
func sleepUntil(at time.Time) {
	if left := time.Until(at); left > 0 {
		span := syscall.NsecToTimespec(int64(min(left, fine)))
		_ = syscall.Nanosleep(&span, nil)
	}
	time.Sleep(time.Until(at))
}
