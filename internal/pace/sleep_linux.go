package pace

import (
	"syscall"
	"time"
)

// sleepUntil asks the kernel for the last bit: the runtime's own timers are up to a
// millisecond late. A signal may end the call early.
func sleepUntil(at time.Time) {
	if left := time.Until(at); left > 0 {
		span := syscall.NsecToTimespec(int64(min(left, fine)))
		_ = syscall.Nanosleep(&span, nil)
	}
	time.Sleep(time.Until(at))
}
