//go:build !linux

package main

import "time"

// sleepUntil is late by as much as the runtime's timers are.
func sleepUntil(until time.Time) { time.Sleep(time.Until(until)) }
