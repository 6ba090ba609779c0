//go:build !linux

package main

import "time"

// sleepUntil sleeps with the accuracy of the runtime's timers.
func sleepUntil(until time.Time) { time.Sleep(time.Until(until)) }
