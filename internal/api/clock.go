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
	read := c.clock.Load()
	if read == nil {
		return time.Time{}, false
	}
	return local.Add(read.ahead), true
}

// reading is what a Date told.
type reading struct {
	date  string
	ahead time.Duration // server's clock less ours
}

// heard notes the server's clock, at the moment an answer was received. Of the
// answers with one Date the first tells most.
func (c *Client) heard(h http.Header) {
	text := h.Get("Date")
	if last := c.clock.Load(); last != nil && last.date == text {
		return
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return
	}
	c.clock.Store(&reading{text, date.Sub(c.now())})
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
