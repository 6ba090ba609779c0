package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/pace"
)

// Pace returns what an error says about the speed of requests.
func (e *Error) Pace() pace.Answer {
	switch s := e.status(); {
	case s == http.StatusTooManyRequests, s == http.StatusServiceUnavailable:
		return pace.Refused
	case e.Status == 0, s >= 500, s == http.StatusRequestTimeout:
		return pace.Broken
	}
	return pace.Good
}

// departure is the context key of the function given to OnDeparture.
type departure struct{}

// OnDeparture returns a context for one call. It calls do, from another goroutine,
// after the request has left this machine.
func OnDeparture(ctx context.Context, do func()) context.Context {
	return context.WithValue(ctx, departure{}, do)
}

// enter waits until a read may be sent. Callers pace writes themselves.
func (c *Client) enter(ctx context.Context, k call) (*pace.Ticket, *Error) {
	if c.pace == nil || !k.safe {
		return nil, nil
	}
	t, err := c.pace.Enter(ctx, pace.Read)
	if err != nil {
		return t, &Error{Op: k.op(), Err: stopped(ctx)}
	}
	return t, nil
}

// leave reports the result of a call, and the limits stated in the response, to the gate.
func (c *Client) leave(k call, t *pace.Ticket, a *response, e *Error) {
	if c.pace == nil {
		return
	}
	if a != nil {
		if s, is := stated(a.header, c.now()); is {
			c.pace.Hear(s)
		}
	}
	if !k.safe {
		return
	}
	response, wait := pace.Good, time.Duration(0)
	if e != nil {
		response, wait = e.Pace(), e.RetryAfter
	}
	c.pace.Leave(t, pace.Read, response, wait)
}

// stated reads the limits stated in a response: Spring Cloud Gateway's rate, the
// X-RateLimit headers, and both forms of the IETF's RateLimit headers.
func stated(h http.Header, now time.Time) (s pace.Stated, is bool) {
	if rate := number(h, "X-Ratelimit-Replenish-Rate"); rate > 0 {
		return pace.Stated{Rate: rate}, true
	}
	left := -1.0
	for _, prefix := range []string{"Ratelimit-", "X-Ratelimit-", "X-Rate-Limit-"} {
		if len(h[prefix+"Limit"])+len(h[prefix+"Remaining"]) == 0 {
			continue
		}
		s.Limit, left = number(h, prefix+"Limit"), number(h, prefix+"Remaining")
		s.Reset = reset(number(h, prefix+"Reset"), now)
		if span := parameter(h.Get(prefix+"Limit"), "w"); span > 0 {
			s.Rate = s.Limit / span
		}
	}
	if policy := h.Get("Ratelimit-Policy"); policy != "" {
		quota, span := parameter(policy, "q"), parameter(policy, "w")
		if quota < 0 {
			quota = leading(policy)
		}
		if quota > 0 && span > 0 {
			s.Rate = quota / span
		}
	}
	if text := h.Get("Ratelimit"); text != "" {
		for _, name := range []string{"r", "remaining"} {
			left = max(left, parameter(text, name))
		}
		for _, name := range []string{"t", "reset"} {
			if seconds := parameter(text, name); seconds > 0 {
				s.Reset = reset(seconds, now)
			}
		}
		s.Limit = max(s.Limit, parameter(text, "limit"))
	}
	s.Empty = left == 0
	s.Limit = max(s.Limit, 0)
	return s, s.Rate > 0 || s.Limit > 0 && s.Reset > 0 || s.Empty && s.Reset > 0
}

// firstUnix separates durations in seconds from times in seconds since 1970.
const firstUnix = 1e9

func reset(seconds float64, now time.Time) time.Duration {
	if seconds >= firstUnix {
		seconds -= float64(now.UnixMilli()) / 1000
	}
	if !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, longestDelay.Seconds()) * float64(time.Second))
}

// number reads a header that is or begins with a number. It returns -1 if there is none.
func number(h http.Header, name string) float64 { return leading(h.Get(name)) }

func leading(text string) float64 {
	text, _, _ = strings.Cut(text, ",")
	text, _, _ = strings.Cut(text, ";")
	return natural(text)
}

// parameter reads name=number from a header. It returns -1 if there is none.
func parameter(text, name string) float64 {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == ',' }) {
		if key, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok && strings.EqualFold(key, name) {
			return natural(value)
		}
	}
	return -1
}

func natural(text string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(n >= 0 && n < 1e12) {
		return -1
	}
	return n
}
