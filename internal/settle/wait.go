package settle

import (
	"fmt"
	"time"
)

// MaxInFlight returns how long after it was sent a request may still reach the API: twice
// the longer of two timeouts, because a request that was given up may still be on its
// way.
func MaxInFlight(one, other time.Duration) time.Duration { return 2 * max(one, other) }

// WaitNote explains a wait to the user. thing is what may still arrive.
func WaitNote(wait time.Duration, thing string) string {
	return fmt.Sprintf("waiting %s for a %s that may still arrive", max(wait, time.Second).Round(time.Second), thing)
}
