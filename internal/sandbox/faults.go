package sandbox

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/bayworks/stockctl/internal/failure"
)

// Faults makes calls fail on purpose, to test how scripts cope. It affects every
// call, including login.
type Faults struct {
	// Latency delays every response.
	Latency time.Duration
	// RateLimit is the number of calls allowed per second. Further calls get a
	// 429 with Retry-After in seconds. 0 means no limit.
	RateLimit float64
	// FailRate is the share of calls, from 0 to 1, that fail with a 500 before
	// they have any effect.
	FailRate float64
	// DropRate is the share of calls, from 0 to 1, that take effect but get no
	// response: the connection is cut.
	DropRate float64
	// Seed determines which calls are affected: the same seed, the same calls.
	Seed uint64
}

func (f Faults) check() error {
	switch {
	case f.Latency < 0:
		return failure.Usagef("the latency %s is negative", f.Latency)
	case !(f.RateLimit >= 0) || math.IsInf(f.RateLimit, 0):
		return failure.Usagef("invalid rate limit %g: want a number of calls per second, 0 or more", f.RateLimit)
	}
	for _, share := range []struct {
		name  string
		value float64
	}{{"fail rate", f.FailRate}, {"drop rate", f.DropRate}} {
		// Written so that NaN, which compares false, is rejected too.
		if !(share.value >= 0 && share.value <= 1) {
			return failure.Usagef("invalid %s %g: want a number from 0 to 1", share.name, share.value)
		}
	}
	return nil
}

// limiter allows bursts of one second's worth of calls, and at least one.
func (f Faults) limiter() *rate.Limiter {
	if f.RateLimit == 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(f.RateLimit), max(1, int(min(f.RateLimit, math.MaxInt32))))
}

// luck is the outcome of the random draws for one call.
type luck struct{ fail, drop bool }

// draw always makes both draws for a call, so that changing one rate does not
// change which calls the other affects.
func (s *Server) draw() luck {
	if s.faults.FailRate == 0 && s.faults.DropRate == 0 {
		return luck{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return luck{
		fail: s.chance.Float64() < s.faults.FailRate,
		drop: s.chance.Float64() < s.faults.DropRate,
	}
}

// misbehave delays a call, and refuses it if it exceeds the rate limit or was
// drawn to fail.
func (s *Server) misbehave(ctx context.Context, l luck) error {
	if err := wait(ctx, s.faults.Latency); err != nil {
		return err
	}
	if err := s.pace(); err != nil {
		return err
	}
	if l.fail {
		return refuse(http.StatusInternalServerError, "Internal server error: failed on request (fail rate %g).", s.faults.FailRate)
	}
	return nil
}

// wait returns after d, or with an error as soon as the call is cancelled.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pace refuses a call that exceeds the rate limit, and says when to retry.
func (s *Server) pace() error {
	if s.limiter == nil {
		return nil
	}
	now := s.now()
	turn := s.limiter.ReserveN(now, 1)
	delay := turn.DelayFrom(now)
	if delay == 0 {
		return nil
	}
	turn.CancelAt(now)
	refused := refuse(http.StatusTooManyRequests, "Too many requests. Please try again later.")
	refused.header = map[string]string{"Retry-After": strconv.Itoa(int(math.Ceil(delay.Seconds())))}
	return refused
}
