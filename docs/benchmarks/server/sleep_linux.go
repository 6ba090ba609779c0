package main

import (
	"syscall"
	"time"
)

// sleepUntil asks the kernel, which is late by some hundredths of a millisecond.
// A signal may end it early.
func sleepUntil(until time.Time) {
	for left := time.Until(until); left > 0; left = time.Until(until) {
		span := syscall.NsecToTimespec(int64(left))
		_ = syscall.Nanosleep(&span, nil)
	}
}
