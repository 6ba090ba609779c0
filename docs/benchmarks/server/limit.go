package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// limits refuses requests beyond the server's limits.
type limits struct {
	after  string
	chance float64
	began  time.Time

	refused atomic.Int64

	mu      sync.Mutex
	turns   []limit // each applies for a minute, and the last one from then on
	running int
}

// limit decides whether one more request is allowed, and otherwise when it would be.
type limit interface {
	allow(now time.Time, running int) (left time.Duration, ok bool)
}

type bucket struct {
	rate, size, tokens float64
	last               time.Time
}

func (b *bucket) allow(now time.Time, _ int) (time.Duration, bool) {
	b.tokens = min(b.size, b.tokens+b.rate*now.Sub(b.last).Seconds())
	b.last = now
	if b.tokens < 1 {
		return time.Duration((1 - b.tokens) / b.rate * float64(time.Second)), false
	}
	b.tokens--
	return 0, true
}

type window struct {
	n, used int
	span    time.Duration
	start   time.Time
}

func (w *window) allow(now time.Time, _ int) (time.Duration, bool) {
	if start := now.Truncate(w.span); !start.Equal(w.start) {
		w.start, w.used = start, 0
	}
	if w.used >= w.n {
		return w.start.Add(w.span).Sub(now), false
	}
	w.used++
	return 0, true
}

type together struct{ n int }

func (t together) allow(_ time.Time, running int) (time.Duration, bool) { return 0, running < t.n }

func parseLimits(text, after string, chance float64) (*limits, error) {
	l := &limits{after: after, chance: chance, began: time.Now()}
	if text == "" {
		return l, nil
	}
	for one := range strings.SplitSeq(text, ",") {
		parts := append(strings.Split(one, ":"), "1", "1")
		number, err := strconv.ParseFloat(parts[1], 64)
		if err != nil {
			return nil, fmt.Errorf("-limit %s: %w", one, err)
		}
		switch parts[0] {
		case "bucket":
			size, err := strconv.ParseFloat(parts[2], 64)
			if err != nil {
				return nil, fmt.Errorf("-limit %s: %w", one, err)
			}
			l.turns = append(l.turns, &bucket{rate: number, size: size, tokens: size, last: l.began})
		case "window":
			span, err := time.ParseDuration(parts[2])
			if err != nil {
				return nil, fmt.Errorf("-limit %s: %w", one, err)
			}
			l.turns = append(l.turns, &window{n: int(number), span: span})
		case "cap":
			l.turns = append(l.turns, together{int(number)})
		default:
			return nil, fmt.Errorf("-limit %s: must be bucket, window or cap", one)
		}
	}
	return l, nil
}

// wrap limits the writes and reads of the API, but not requests for the server's counters.
func (l *limits) wrap(next http.Handler) http.Handler {
	if len(l.turns) == 0 && l.chance == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/written" {
			next.ServeHTTP(w, r)
			return
		}
		left, ok := l.enter(time.Now())
		if !ok {
			l.refuse(w, left)
			return
		}
		defer l.leave()
		next.ServeHTTP(w, r)
	})
}

func (l *limits) enter(now time.Time) (left time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.chance > 0 && rand.Float64() < l.chance {
		return 0, false
	}
	if n := len(l.turns); n > 0 {
		turn := min(int(now.Sub(l.began)/time.Minute), n-1)
		if left, ok = l.turns[turn].allow(now, l.running); !ok {
			return left, false
		}
	}
	l.running++
	return 0, true
}

func (l *limits) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
}

func (l *limits) refuse(w http.ResponseWriter, left time.Duration) {
	l.refused.Add(1)
	switch l.after {
	case "":
	case "date":
		at := time.Now().Add(left + time.Second).UTC()
		w.Header().Set("Retry-After", at.Format(http.TimeFormat))
	case "left":
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(left.Seconds()))))
	default:
		w.Header().Set("Retry-After", l.after)
	}
	reply(w, http.StatusTooManyRequests, []byte(`{"status":false,"message":"too many requests"}`))
}
