//go:build !linux

package pace

import "time"

// sleepUntil sleeps with the accuracy of the runtime's timers.
func sleepUntil(at time.Time) { time.Sleep(time.Until(at)) }
