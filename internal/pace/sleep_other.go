//go:build !linux

package pace

import "time"

// sleepUntil is as late as the runtime's timers are.
func sleepUntil(at time.Time) { time.Sleep(time.Until(at)) }
