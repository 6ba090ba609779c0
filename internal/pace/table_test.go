package pace

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// served is a server, and the share of its limit that must be reached on average.
type served struct {
	name    string
	want    float64
	allowed float64
	length  time.Duration
	server  func(seed uint64) *simulation
}

// asDate returns a Retry-After as a date, which has whole seconds.
func asDate(left time.Duration) time.Duration { return left + 500*ms }

func servers() []served {
	limited := func(latency time.Duration, limit func() limit) func(uint64) *simulation {
		return func(uint64) *simulation { return &simulation{limit: limit(), latency: latency} }
	}
	atOnce := func(latency time.Duration, limit func() limit) func(uint64) *simulation {
		return func(uint64) *simulation { return &simulation{limit: limit(), latency: latency, quick: true} }
	}
	all := []served{
		{"37 a second, 3 at once, Retry-After", .85, 37, time.Minute, atOnce(30*ms, func() limit { return bucket(37, 3, time.Second) })},
		{"50 a second, one at once, Retry-After", .85, 50, time.Minute, atOnce(50*ms, func() limit { return bucket(50, 1, time.Second) })},
		{"26 a second, one at once, Retry-After, far away", .77, 26, 20 * time.Second, limited(150*ms, func() limit { return bucket(26, 1, time.Second) })},
		{"23 a second, one at once, Retry-After, far away", .8, 23, 40 * time.Second, atOnce(80*ms, func() limit { return bucket(23, 1, time.Second) })},
		{"31 a second, 11 at once, Retry-After, a short run", .77, 31, 20 * time.Second, atOnce(20*ms, func() limit { return bucket(31, 11, time.Second) })},
		{"100 a second, 10 at once, Retry-After, far away", .77, 100, 20 * time.Second, atOnce(80*ms, func() limit { return bucket(100, 10, time.Second) })},
		{"500 a second, 50 at once, Retry-After", .89, 500, time.Minute, atOnce(20*ms, func() limit { return bucket(500, 50, time.Second) })},
		{"100 a second, 10 at once, Retry-After of 2 s", .85, 100, time.Minute, atOnce(20*ms, func() limit { return bucket(100, 10, 2*time.Second) })},
		{"100 a second, 10 at once, Retry-After, a short run", .89, 100, 20 * time.Second, atOnce(20*ms, func() limit { return bucket(100, 10, time.Second) })},
		{"200 a second, one at once, Retry-After, a short run", .67, 200, 20 * time.Second, atOnce(50*ms, func() limit { return bucket(200, 1, time.Second) })},
		{"150 a second, 5 at once, Retry-After", .86, 150, 40 * time.Second, atOnce(20*ms, func() limit { return bucket(150, 5, time.Second) })},
		{"200 a second, one at once, Retry-After, uneven", .56, 200, time.Minute, func(uint64) *simulation {
			return &simulation{limit: bucket(200, 1, time.Second), latency: 50 * ms, quick: true, uneven: true}
		}},
		{"100 in a second, Retry-After, a short run", .91, 100, 20 * time.Second, atOnce(20*ms, func() limit { return window(100, time.Second, wholeSeconds) })},
		{"200 in a second, Retry-After, a short run", .88, 200, 20 * time.Second, atOnce(20*ms, func() limit { return window(200, time.Second, wholeSeconds) })},
		{"1,000 a minute, Retry-After", .95, 1000. / 60, 90 * time.Second, atOnce(20*ms, func() limit { return window(1000, time.Minute, wholeSeconds) })},
		{"3 at a time, Retry-After", .88, 60, time.Minute, atOnce(50*ms, func() limit { return side(3, time.Second) })},
		{"16 at a time, Retry-After, a short run", .89, 320, 20 * time.Second, limited(50*ms, func() limit { return side(16, time.Second) })},
		{"16 at a time, refused at once, Retry-After, a short run", .9, 320, 20 * time.Second, atOnce(50*ms, func() limit { return side(16, time.Second) })},
		{"8 at a time, refused at once", .9, 160, 20 * time.Second, atOnce(50*ms, func() limit { return side(8, 0) })},
		{"8 at a time, refused at once, Retry-After, a short run", .91, 160, 20 * time.Second, atOnce(50*ms, func() limit { return side(8, time.Second) })},
		{"8 at a time, refused at once, Retry-After", .93, 160, time.Minute, atOnce(50*ms, func() limit { return side(8, time.Second) })},
		{"at random, no Retry-After", .9, 5000, 10 * time.Second, func(seed uint64) *simulation {
			return &simulation{latency: ms, slots: 5, limit: atRandom(.05, 0, rand.New(rand.NewPCG(seed, 2)), unlimited())}
		}},
		{"no limit", .93, 640, 9375 * ms, limited(50*ms, unlimited)},
		{"300 in 10 s, as a date", .95, 30, time.Minute, limited(20*ms, func() limit { return window(300, 10*time.Second, asDate) })},
		{"200 a second, one at once, Retry-After", .75, 200, 90 * time.Second, limited(50*ms, func() limit { return bucket(200, 1, time.Second) })},
		{"200 a second, one at once, Retry-After, and some at random", .36, 200, 90 * time.Second, func(seed uint64) *simulation {
			return &simulation{latency: 50 * ms, limit: atRandom(.002, time.Second, rand.New(rand.NewPCG(seed, 2)), bucket(200, 1, time.Second))}
		}},
		{"20 a second, one at once, Retry-After", .84, 20, time.Minute, limited(30*ms, func() limit { return bucket(20, 1, time.Second) })},
	}
	for after, name := range map[time.Duration]string{0: "no Retry-After", time.Second: "Retry-After"} {
		retryAfter := silent
		if after > 0 {
			retryAfter = wholeSeconds
		}
		changing := func() limit {
			return inTurn(time.Minute, bucket(200, 10, after), bucket(50, 10, after), bucket(200, 10, after))
		}
		all = append(all,
			served{"100 a second, 10 at once, " + name, .9, 100, time.Minute, limited(20*ms, func() limit { return bucket(100, 10, after) })},
			served{"100 in a second, " + name, .9, 100, time.Minute, limited(20*ms, func() limit { return window(100, time.Second, retryAfter) })},
			served{"8 at a time, " + name, .9, 160, time.Minute, limited(50*ms, func() limit { return side(8, after) })},
			served{"limits that change, " + name, .85, 150, 3 * time.Minute, limited(20*ms, changing)},
			served{"two imports, " + name, .85, 100, 90 * time.Second, func(uint64) *simulation {
				return &simulation{limit: bucket(100, 10, after), latency: 20 * ms, clients: 2, starts: 300 * ms}
			}},
		)
	}
	return all
}

// For each kind of limit, the client reaches the required share, including the time to
// learn it, on a machine with late timers and over a network with delays.
func TestEachKindOfLimit(t *testing.T) {
	const seeds = 6
	for _, one := range servers() {
		t.Run(fmt.Sprintf("%s, %v", one.name, one.length), func(t *testing.T) {
			t.Parallel()
			sum := 0.0
			for seed := range uint64(seeds) {
				s := one.server(seed)
				s.length, s.seed, s.allowed = one.length, seed, one.allowed
				s.run()
				got := float64(s.between(0, s.length)) / s.length.Seconds() / one.allowed
				if sum += got; got < one.want-.07 {
					t.Errorf("seed %d: %.2f of what is allowed; %d were refused", seed, got, s.refused)
				}
				if s.early > 0 {
					t.Errorf("seed %d: %d requests left within a Retry-After", seed, s.early)
				}
			}
			if sum/seeds < one.want {
				t.Errorf("%.3f of what is allowed on average, not %.2f", sum/seeds, one.want)
			}
		})
	}
}
