package api

import (
	"net/http"
	"time"
)

// ServerTime converts a local time to the server's clock, based on the Date header
// of the newest response. Date counts whole seconds, so the result may be up to a
// second early, and it is late by the time a response travels. It returns false
// before the first response with a Date. It is safe for concurrent use.
func (c *Client) ServerTime(local time.Time) (time.Time, bool) {
	read := c.clock.Load()
	if read == nil {
		return time.Time{}, false
	}
	return local.Add(read.ahead), true
}

// reading is a comparison of the two clocks.
type reading struct {
	date  string
	ahead time.Duration // server's clock minus ours
}

// heard compares the clocks when a response arrives. Of several responses with the same
// Date, only the first counts: it is the most accurate.
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
