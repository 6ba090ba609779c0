package settle

import (
	"context"
	"fmt"
	"time"
)

// Arrives is how long a request may still reach the API after it was sent with
// one of two timeouts: its own time, and as long again for one that was given up
// and is still on its way.
func Arrives(one, other time.Duration) time.Duration { return 2 * max(one, other) }

// WaitNote tells a person why nothing happens. Thing is what may still arrive.
func WaitNote(wait time.Duration, thing string) string {
	return fmt.Sprintf("waiting %s: until then a %s that was under way may still arrive", max(wait, time.Second).Round(time.Second), thing)
}

// Sleep waits; it ends early with the context's cause.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
