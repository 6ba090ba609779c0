package pace

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

const ms = time.Millisecond

// simulate runs a simulation with several seeds. If a server asks to wait, the client must
// obey.
func simulate(t *testing.T, length time.Duration, make func() *simulation, check func(s *simulation)) {
	t.Helper()
	for seed := range uint64(1) {
		s := make()
		s.length, s.seed = length, seed
		s.run()
		if s.early > 0 {
			t.Errorf("seed %d: %d requests left within a Retry-After", seed, s.early)
		}
		check(s)
	}
}

// reaches checks which share of a server's limit was accepted.
func reaches(t *testing.T, allowed, share float64, length time.Duration, make func() *simulation) {
	t.Helper()
	simulate(t, length, make, func(s *simulation) {
		t.Helper()
		got := float64(s.between(0, length)) / length.Seconds() / allowed
		if got < share {
			t.Errorf("seed %d: %.2f of what is allowed, not %.2f; %d were refused", s.seed, got, share, s.refused)
		}
	})
}

func TestBuckets(t *testing.T) {
	for _, latency := range []time.Duration{1 * ms, 20 * ms, 50 * ms, 200 * ms} {
		for _, one := range []struct{ rate, size, silent, costly float64 }{
			{30, 5, .95, .84}, {30, 30, .93, .9}, {100, 10, .95, .84}, {100, 100, .95, .9}, {200, 1, .7, .6}, {200, 20, .94, .87}, {1000, 10, .9, .8},
		} {
			for after, share := range map[time.Duration]float64{0: one.silent, time.Second: one.costly} {
				allowed := min(one.rate, 32/latency.Seconds())
				t.Run(fmt.Sprintf("%v a second, holding %v, Retry-After %v, %v", one.rate, one.size, after, latency), func(t *testing.T) {
					reaches(t, allowed, share, 30*time.Second, func() *simulation {
						return &simulation{limit: bucket(one.rate, one.size, after), latency: latency}
					})
				})
			}
		}
	}
}

func TestWindows(t *testing.T) {
	for _, latency := range []time.Duration{1 * ms, 20 * ms, 50 * ms, 200 * ms} {
		for _, one := range []struct {
			n    int
			span time.Duration
		}{{10, time.Second}, {100, time.Second}, {50, 5 * time.Second}, {300, 10 * time.Second}} {
			for name, after := range map[string]func(time.Duration) time.Duration{"silent": silent, "whole seconds": wholeSeconds} {
				t.Run(fmt.Sprintf("%d in %v, %s, %v", one.n, one.span, name, latency), func(t *testing.T) {
					reaches(t, float64(one.n)/one.span.Seconds(), .62, 30*time.Second, func() *simulation {
						return &simulation{limit: window(one.n, one.span, after), latency: latency}
					})
				})
			}
		}
	}
}

func TestCapsOnConcurrentRequests(t *testing.T) {
	for _, latency := range []time.Duration{20 * ms, 50 * ms} {
		for _, n := range []int{3, 8, 20} {
			for _, after := range []time.Duration{0, time.Second} {
				for _, quick := range []bool{false, true} {
					t.Run(fmt.Sprintf("%d, Retry-After %v, refusals at once %v, %v", n, after, quick, latency), func(t *testing.T) {
						reaches(t, float64(n)/latency.Seconds(), .77, 30*time.Second, func() *simulation {
							return &simulation{limit: side(n, after), latency: latency, quick: quick}
						})
					})
				}
			}
		}
	}
}

// A request that is refused shows that a bucket for one request had not been filled again.
func TestBounds(t *testing.T) {
	at := func(all ...int) (h history) {
		for _, n := range all {
			h.add(epoch.Add(time.Duration(n) * ms))
		}
		return h
	}
	for _, c := range []struct {
		name              string
		accepted, refused history
		want              bounds
	}{
		{"nothing", nil, nil, bounds{0, math.Inf(1)}},
		{"nothing accepted", nil, at(10), bounds{0, math.Inf(1)}},
		{"one accepted", at(0), at(10, 20), bounds{0, 50}},
		{"in any order", at(100, 0), at(120, 10), bounds{10, 50}},
		{"the closest of few", at(0, 100, 150, 200, 250), at(225), bounds{20, 40}},
		{"one gap in many is chance", append(at(0, 100, 101), at(200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200, 1300, 1400, 1500)...), nil, bounds{10.1, math.Inf(1)}},
	} {
		if got := boundsOf(c.accepted, c.refused); math.Abs(got.low-c.want.low) > .01 || math.Abs(got.high-c.want.high) > .01 && got.high != c.want.high {
			t.Errorf("%s: got %.2f, want %.2f", c.name, got, c.want)
		}
	}
}

func TestNoLimit(t *testing.T) {
	for latency, share := range map[time.Duration]float64{20 * ms: .9, 50 * ms: .93, 200 * ms: .82} {
		reaches(t, 32/latency.Seconds(), share, 9500*ms, func() *simulation {
			return &simulation{limit: unlimited(), latency: latency}
		})
	}
}

// Refusals that do not increase with the tempo are not a limit.
func TestRefusalsByChance(t *testing.T) {
	for _, latency := range []time.Duration{1 * ms, 20 * ms, 200 * ms} {
		for _, share := range []float64{.02, .05, .2} {
			t.Run(fmt.Sprintf("%v, %v", share, latency), func(t *testing.T) {
				allowed := min(5000, 32/latency.Seconds())
				reaches(t, allowed, .6, 20*time.Second, func() *simulation {
					s := &simulation{latency: latency, limit: atRandom(share, 0, rand.New(rand.NewPCG(1, 2)), unlimited())}
					if latency == ms {
						s.slots = 5
					}
					return s
				})
			})
		}
	}
}

// The limit falls and rises again, after a minute each. It is found within 15 seconds.
func TestLimitsThatChange(t *testing.T) {
	for _, after := range []time.Duration{0, time.Second} {
		for _, latency := range []time.Duration{1 * ms, 20 * ms, 50 * ms} {
			t.Run(fmt.Sprintf("Retry-After %v, %v", after, latency), func(t *testing.T) {
				simulate(t, 3*time.Minute, func() *simulation {
					return &simulation{limit: inTurn(time.Minute, bucket(200, 10, after), bucket(50, 10, after), bucket(200, 10, after)), latency: latency}
				}, func(s *simulation) {
					if got := float64(s.between(0, s.length)) / (450 * 60); got < .85 {
						t.Errorf("seed %d: %.2f of what is allowed", s.seed, got)
					}
					for i, allowed := range []float64{200, 50, 200} {
						from := time.Duration(i)*time.Minute + 15*time.Second
						if got := float64(s.between(from, from+15*time.Second)) / 15 / allowed; got < .7 {
							t.Errorf("seed %d: from 15 to 30 s of minute %d, %.2f of what is allowed", s.seed, i+1, got)
						}
					}
				})
			})
		}
	}
}

func TestTwoImportsUnderOneLimit(t *testing.T) {
	for after, share := range map[time.Duration]float64{0: .95, time.Second: .75} {
		for _, latency := range []time.Duration{1 * ms, 20 * ms, 50 * ms} {
			t.Run(fmt.Sprintf("Retry-After %v, %v", after, latency), func(t *testing.T) {
				simulate(t, time.Minute, func() *simulation {
					return &simulation{limit: bucket(100, 10, after), latency: latency, clients: 2, starts: 300 * ms}
				}, func(s *simulation) {
					if got := float64(s.between(0, s.length)) / 6000; got < share {
						t.Errorf("seed %d: %.2f of what is allowed", s.seed, got)
					}
					for i, list := range s.accepted {
						if least := map[time.Duration]int{0: 1200, time.Second: 800}[after]; len(list) < least {
							t.Errorf("seed %d: import %d has %d of 6000", s.seed, i+1, len(list))
						}
					}
				})
			})
		}
	}
}

// storm is a minute of random answers: limits, refusals with and without a Retry-After,
// lost and late answers. Then the limit is steady.
func storm(seed uint64) (s *simulation, allowed float64, ended *time.Duration) {
	const length = time.Minute
	rnd := rand.New(rand.NewPCG(seed, 3))
	pick := func(rate float64, after time.Duration) limit {
		return []limit{
			bucket(rate, max(2, rate/10), after), bucket(rate, 1, 0), bucket(rate, rate/2, after),
			window(int(rate), time.Second, []func(time.Duration) time.Duration{silent, wholeSeconds}[min(1, int(after/time.Second))]),
		}[rnd.IntN(4)]
	}
	rate := func() float64 { return 20 * math.Pow(10, rnd.Float64()) }
	allowed = rate()
	calm, now := pick(allowed, time.Duration(rnd.IntN(2))*time.Second), limit(nil)
	ended = new(time.Duration)
	*ended = length
	var until time.Duration
	var share, lost float64
	waits := rnd.IntN(6)
	s = &simulation{latency: []time.Duration{ms, 20 * ms, 50 * ms}[rnd.IntN(3)], quick: rnd.IntN(2) == 0, seed: seed}
	s.limit = func(at time.Duration, running int) verdict {
		if at > length {
			return calm(at, running)
		}
		if at >= until {
			until = at + time.Duration(1+rnd.IntN(8))*time.Second
			now = pick(rate(), time.Duration(rnd.IntN(waits+1))*time.Second)
			share, lost = max(0, 1.5*rnd.Float64()-.5), max(0, rnd.Float64()-.7)
		}
		v := now(at, running)
		switch p := rnd.Float64(); {
		case p < lost:
			v = verdict{broken: true}
		case p < lost+share:
			v = verdict{refused: true, after: time.Duration(rnd.IntN(waits+1)) * time.Second}
		}
		*ended = max(*ended, at+v.after)
		return v
	}
	return s, allowed, ended
}

// Whatever was answered before, the tempo recovers within 30 seconds of the end of the last
// Retry-After. A pause in the period examined costs a twentieth of it, and a few runs take
// longer.
func TestTheTempoDoesNotCollapse(t *testing.T) {
	const seeds = 60
	sum, behind := 0.0, 0
	for seed := range uint64(seeds) {
		s, allowed, ended := storm(seed)
		s.length = 2*time.Minute + 5*time.Second
		s.run()
		from := *ended + 30*time.Second
		got := float64(s.between(from, from+20*time.Second)) / 20 / allowed
		sum += got
		switch {
		case got < .6:
			t.Errorf("seed %d: %.2f of %.0f a second", seed, got, allowed)
		case got < .8:
			behind++
		}
	}
	if sum/seeds < .92 || behind > seeds/20 {
		t.Errorf("%.3f of what is allowed on average, and %d of %d below 0.8", sum/seeds, behind, seeds)
	}
}

func TestNoBurstExceedsTheUsersRate(t *testing.T) {
	simulate(t, 10*time.Second, func() *simulation {
		return &simulation{limit: bucket(20, 5, time.Second), latency: 20 * ms, options: Options{Rate: 40}}
	}, func(s *simulation) {
		for i, at := range s.accepted[0][4:] {
			if span := at - s.accepted[0][i]; span < 90*ms {
				t.Fatalf("5 requests within %v, at 40 a second", span)
			}
		}
	})
}

func TestTheUsersRateIsABound(t *testing.T) {
	for _, rate := range []float64{7, 40, 300} {
		simulate(t, 20*time.Second, func() *simulation {
			return &simulation{limit: unlimited(), latency: 5 * ms, options: Options{Rate: rate}}
		}, func(s *simulation) {
			for at := time.Duration(0); at < s.length; at += time.Second / 4 {
				if n := s.between(at, at+time.Second); float64(n) > rate*1.02+1 {
					t.Fatalf("%d requests in the second from %v, not %v", n, at, rate)
				}
			}
			if n := s.between(0, s.length); float64(n) < .9*rate*20 {
				t.Errorf("%d requests in 20 s, at %v a second", n, rate)
			}
		})
	}
}

// The API processes 3 requests at a time and queues the others.
func TestTheWindowStopsGrowingWithTheSpeed(t *testing.T) {
	simulate(t, 10*time.Second, func() *simulation {
		return &simulation{limit: unlimited(), latency: 40 * ms, slots: 3}
	}, func(s *simulation) {
		if got := s.limiters[0].Width(); got < 3 || got > 16 {
			t.Errorf("seed %d: the window is %d", s.seed, got)
		}
	})
}

// A stated limit is used before any request is refused.
func TestStatedLimits(t *testing.T) {
	for name, one := range map[string]struct {
		limit  func() limit
		stated func(at time.Duration) Stated
	}{
		"a rate": {func() limit { return bucket(100, 5, time.Second) }, func(time.Duration) Stated { return Stated{Rate: 100} }},
		"a window": {func() limit { return window(300, 10*time.Second, wholeSeconds) }, func(at time.Duration) Stated {
			at += 10 * time.Second / 3
			return Stated{Limit: 300, Reset: wholeSeconds(at.Truncate(10*time.Second) + 10*time.Second - at)}
		}},
	} {
		simulate(t, 40*time.Second, func() *simulation {
			return &simulation{limit: one.limit(), latency: 20 * ms, headers: one.stated}
		}, func(s *simulation) {
			rate, _ := s.limiters[0].Allowed()
			if rate < 25 || s.refused > 12 {
				t.Errorf("%s: the limit learnt is %.1f per second, and %d were refused", name, rate, s.refused)
			}
		})
	}
}

// A tempo above the limit is accepted for a while, but the limit that is shown is not higher
// than what the API accepts lastingly.
func TestTheLimitShownIsAcceptedLastingly(t *testing.T) {
	for name, make := range map[string]func() limit{
		"a full bucket, Retry-After":    func() limit { return bucket(60, 60, time.Second) },
		"a full bucket, no Retry-After": func() limit { return bucket(60, 60, 0) },
		"a small bucket, Retry-After":   func() limit { return bucket(60, 6, time.Second) },
		"a small bucket":                func() limit { return bucket(60, 6, 0) },
		"a window, Retry-After":         func() limit { return window(60, time.Second, wholeSeconds) },
	} {
		for _, length := range []time.Duration{30 * time.Second, time.Minute} {
			simulate(t, length, func() *simulation {
				return &simulation{limit: make(), latency: 20 * ms, quick: true}
			}, func(s *simulation) {
				if rate, _ := s.limiters[0].Allowed(); rate < 54 || rate > 66 {
					t.Errorf("%s, %v: %.1f a second are shown, and 60 are allowed", name, length, rate)
				}
			})
		}
	}
}

// A run that followed another knows the limit as soon as that ends, although it has only
// begun to count what is accepted itself.
func TestAnInheritedLimitIsShown(t *testing.T) {
	l := NewLimiter(Options{Most: 8, Seek: true}, epoch)
	now := epoch.Add(20 * time.Second)
	l.inherit(Report{PerSecond: 100}, 0, now)
	for n := range 400 {
		for wait := l.Wait(now, false); wait > 0; wait = l.Wait(now, false) {
			now = now.Add(wait)
		}
		ticket := l.Sent(now)
		l.Departed(ticket, now)
		l.Answered(ticket, now.Add(ms), Good, 0)
		if got, _ := l.Allowed(); got < 90 || got > 105 {
			t.Fatalf("after %d requests, %.1f a second are shown, want about 100", n+1, got)
		}
	}
}

func TestAnEmptyWindowIsWaitedFor(t *testing.T) {
	l := NewLimiter(Options{}, epoch)
	l.Hear(epoch, Stated{Limit: 10, Reset: 3 * time.Second, Empty: true})
	if got := l.Wait(epoch, true); got != 3*time.Second {
		t.Errorf("the next request waits %v", got)
	}
}

// An API that cannot be reached gets increasing pauses, and single requests to test it.
func TestAnUnreachableAPI(t *testing.T) {
	l := NewLimiter(Options{Most: 8}, epoch)
	now, sent := epoch, 0
	for now.Sub(epoch) < time.Minute {
		if wait := l.Wait(now, false); wait > 0 {
			now = now.Add(wait)
			continue
		}
		ticket := l.Sent(now)
		sent++
		now = now.Add(ms)
		l.Answered(ticket, now, Broken, 0)
	}
	if sent > 40 {
		t.Errorf("%d requests in a minute", sent)
	}
	ticket := l.Sent(now)
	l.Answered(ticket, now.Add(ms), Good, 0)
	if wait := l.Wait(now.Add(10*time.Second), false); wait != 0 {
		t.Errorf("after a good answer the next request waits %v", wait)
	}
}
