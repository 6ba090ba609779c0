package api

import (
	"context"
	"net/http"
	"time"
)

// ServerTime tells what the server's clock showed when ours showed local, by
// the Date of the newest answer. Date counts whole seconds, so the result may
// be up to a second early, and later by the time an answer travels. It is false
// before the first answer with a Date. It is safe for concurrent use.
func (c *Client) ServerTime(local time.Time) (time.Time, bool) {
	ahead := c.clock.Load()
	if ahead == nil {
		return time.Time{}, false
	}
	return local.Add(*ahead), true
}

// heard notes the server's clock, at the moment an answer was received.
func (c *Client) heard(h http.Header) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	ahead := date.Sub(c.now())
	c.clock.Store(&ahead)
}

// sleep waits, or returns the context's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
