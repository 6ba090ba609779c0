package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxTries     = 3 // for a call that finds the API unreachable or broken
	firstWait    = 250 * time.Millisecond
	longestWait  = 8 * time.Second
	statusBusy   = http.StatusTooManyRequests
	longestDelay = 365 * 24 * time.Hour // the upper bound for Retry-After
)

// retries decides how often to make one call and how long to wait in between.
type retries struct {
	client *Client
	waited time.Duration
	failed int // tries that found the API unreachable or broken
	busy   int // tries that found it busy
}

// again waits and returns nil if the call should be retried, and otherwise returns
// the final error. A write is only retried if it cannot have been applied: Retryable
// is false for every call in doubt.
func (p *retries) again(ctx context.Context, e *Error) error {
	if ctx.Err() != nil || !e.Retryable() {
		return e
	}
	if e.status() == statusBusy {
		p.busy++
	} else if p.failed++; p.failed >= maxTries {
		return e
	}
	wait := e.RetryAfter
	if wait <= 0 {
		wait = p.client.backoff(p.failed + p.busy)
	}
	if most := max(0, p.client.maxWait); wait > most-p.waited {
		if e.RetryAfter > 0 {
			e.Err = &explained{fmt.Sprintf("the API asks to wait %s, which is longer than the %s still allowed",
				rounded(wait), rounded(most-p.waited)), e.Err}
		}
		return e
	}
	p.waited += wait
	if err := p.client.sleep(ctx, wait); err != nil {
		e.Err = &explained{"interrupted while waiting for the API", err}
		return e
	}
	return nil
}

// backoff doubles from a quarter of a second. It subtracts a random part, at most
// half, so that clients that failed together do not retry together.
func (c *Client) backoff(n int) time.Duration {
	d := longestWait
	if n < 6 {
		d = min(d, firstWait<<(n-1))
	}
	return d - time.Duration(c.spread()*float64(d)/2)
}

// retryAfter returns how long the API asks to wait. The header has seconds or a date,
// which is compared with the server's own clock if the response has a Date.
func (c *Client) retryAfter(h http.Header) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		text = strings.TrimSpace(h.Get("X-Rate-Limit-Retry-After-Seconds"))
	}
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if !(seconds > 0) {
			return 0
		}
		return time.Duration(math.Min(seconds, longestDelay.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = c.now()
	}
	return min(max(0, at.Sub(now)), longestDelay)
}

// rounded keeps a duration readable.
func rounded(d time.Duration) time.Duration {
	if d > time.Second {
		return d.Round(time.Second)
	}
	return d.Round(time.Millisecond)
}
