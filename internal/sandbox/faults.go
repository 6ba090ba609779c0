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

// Faults are what goes wrong on purpose, for those who test how their scripts
// take it. Every call is exposed to them, the login too.
type Faults struct {
	// Latency is how long every answer is held back.
	Latency time.Duration
	// RateLimit is how many calls a second are answered; beyond them is 429
	// with Retry-After in seconds. 0 is no limit.
	RateLimit float64
	// FailRate is the share of calls, 0 to 1, that are answered 500 before
	// anything was done.
	FailRate float64
	// DropRate is the share of calls, 0 to 1, that are done and then get no
	// answer: the connection is cut.
	DropRate float64
	// Seed decides which calls are hit: the same seed, the same ones.
	Seed uint64
}

func (f Faults) check() error {
	switch {
	case f.Latency < 0:
		return failure.Usagef("the latency %s is negative", f.Latency)
	case !(f.RateLimit >= 0) || math.IsInf(f.RateLimit, 0):
		return failure.Usagef("the rate limit %g is no number of calls a second; give 0 or more", f.RateLimit)
	}
	for _, share := range []struct {
		name  string
		value float64
	}{{"fail rate", f.FailRate}, {"drop rate", f.DropRate}} {
		// Written so that NaN, which compares false, is refused too.
		if !(share.value >= 0 && share.value <= 1) {
			return failure.Usagef("the %s %g is no share; give a number from 0 to 1", share.name, share.value)
		}
	}
	return nil
}

// limiter allows one second's worth of calls at once, at least one.
func (f Faults) limiter() *rate.Limiter {
	if f.RateLimit == 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(f.RateLimit), max(1, int(min(f.RateLimit, math.MaxInt32))))
}

// luck is what chance has in store for one call.
type luck struct{ fail, drop bool }

// draw takes both chances of a call at once, so that one rate does not change
// which calls the other hits.
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

// trouble holds a call back, and refuses it when it is one too many or out of
// luck.
func (s *Server) trouble(ctx context.Context, l luck) error {
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

// wait returns after d, or earlier with an error when the call ends.
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

// pace refuses a call that comes before its turn, and tells when that is.
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
