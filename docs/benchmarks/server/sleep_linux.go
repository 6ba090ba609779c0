package main

import (
	"syscall"
	"time"
)

// sleepUntil uses the kernel's timer, which is a few hundredths of a millisecond late. A
// signal may end the call early.
func sleepUntil(until time.Time) {
	for left := time.Until(until); left > 0; left = time.Until(until) {
		span := syscall.NsecToTimespec(int64(left))
		_ = syscall.Nanosleep(&span, nil)
	}
}
