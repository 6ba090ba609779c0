package pace

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// The simulator runs limiters against servers in virtual time: nothing sleeps,
// and thousands of seconds pass in milliseconds.

// verdict is how a simulated server handles a request.
type verdict struct {
	refused bool
	broken  bool          // no answer comes, or a useless one
	after   time.Duration // Retry-After
}

// limit decides about an arriving request; running is how many are being processed.
type limit func(at time.Duration, running int) verdict

// bucket allows r requests per second and holds at most size of them.
func bucket(r, size float64, after time.Duration) limit {
	tokens, last := size, time.Duration(0)
	return func(at time.Duration, _ int) verdict {
		tokens = min(size, tokens+r*(at-last).Seconds())
		last = at
		if tokens < 1 {
			return verdict{refused: true, after: after}
		}
		tokens--
		return verdict{}
	}
}

// window allows n requests in each span of time. retryAfter returns the Retry-After for the
// remaining time of the window.
func window(n int, span time.Duration, retryAfter func(left time.Duration) time.Duration) limit {
	current, used := time.Duration(-1), 0
	return func(at time.Duration, _ int) verdict {
		at += span / 3 // windows do not begin when the client does
		if start := at.Truncate(span); start != current {
			current, used = start, 0
		}
		if used >= n {
			return verdict{refused: true, after: retryAfter(current + span - at)}
		}
		used++
		return verdict{}
	}
}

func silent(time.Duration) time.Duration { return 0 }

// wholeSeconds returns a Retry-After in seconds, rounded up.
func wholeSeconds(left time.Duration) time.Duration {
	return (left + time.Second - 1).Truncate(time.Second)
}

// side allows n concurrent requests.
func side(n int, after time.Duration) limit {
	return func(_ time.Duration, running int) verdict {
		if running >= n {
			return verdict{refused: true, after: after}
		}
		return verdict{}
	}
}

func unlimited() limit { return func(time.Duration, int) verdict { return verdict{} } }

// atRandom refuses a share of the requests that another limit allows.
func atRandom(share float64, after time.Duration, rnd *rand.Rand, other limit) limit {
	return func(at time.Duration, running int) verdict {
		if rnd.Float64() < share {
			return verdict{refused: true, after: after}
		}
		return other(at, running)
	}
}

// inTurn applies one limit after the other, each for a span of time.
func inTurn(span time.Duration, limits ...limit) limit {
	return func(at time.Duration, running int) verdict {
		return limits[min(int(at/span), len(limits)-1)](at, running)
	}
}

type simulation struct {
	limit   limit
	latency time.Duration
	slots   int           // processed at a time, while others queue; 0: any number
	quick   bool          // refusals have no latency
	clients int           // imports that share the limit
	starts  time.Duration // between the starts of two imports
	options Options
	length  time.Duration
	seed    uint64
	rough   bool                          // other programs keep the machine busy
	uneven  bool                          // timers are later, and the server examines 2 in 1,000 requests late
	rows    int                           // of each import; 0: they do not end
	allowed float64                       // the limit, from which the rows follow if they do not end
	headers func(at time.Duration) Stated // sent with every answer

	now      time.Duration
	queue    events
	rnd      *rand.Rand
	running  int
	freeAt   []time.Duration
	accepted [][]time.Duration // by client
	refused  int
	early    int // requests sent during a Retry-After that had been received
	sent     int
	limiters []*Limiter    // by client
	first    time.Duration // when the first import ended
	done     time.Duration // when the last import ended
}

type event struct {
	at time.Duration
	n  int
	do func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].n < e[j].n
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	x := old[len(old)-1]
	*e = old[:len(old)-1]
	return x
}

var epoch = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

func (s *simulation) in(d time.Duration, do func()) {
	s.sent++
	heap.Push(&s.queue, event{s.now + max(0, d), s.sent, do})
}

// about returns a duration that is exponentially distributed.
func (s *simulation) about(mean time.Duration) time.Duration {
	return time.Duration(s.rnd.ExpFloat64() * float64(mean))
}

// lateness returns how late a timer is: usually a third of a millisecond, and one in fifty
// several, as on a machine that is busy with other programs.
func (s *simulation) lateness() time.Duration {
	late := s.about(300 * time.Microsecond)
	if s.uneven {
		late += time.Duration(s.rnd.Float64() * float64(ms))
	}
	switch p := s.rnd.Float64(); {
	case p < .002:
		late += time.Duration(s.rnd.Float64() * float64(20*time.Millisecond))
	case p < .02:
		late += time.Duration(s.rnd.Float64() * float64(10*time.Millisecond))
	}
	return late
}

// writing returns how long a released request takes to leave. Its intent is first written
// to the journal, which sometimes waits for a sync.
func (s *simulation) writing() time.Duration {
	took := 30*time.Microsecond + s.about(100*time.Microsecond)
	if s.rnd.Float64() < .01 {
		took += time.Duration(s.rnd.Float64() * float64(8*time.Millisecond))
	}
	return took
}

// way returns how long a request travels.
func (s *simulation) way() time.Duration {
	way := 50*time.Microsecond + s.about(60*time.Microsecond)
	if s.rnd.Float64() < .0002 {
		way += s.about(2 * time.Millisecond)
	}
	if s.uneven && s.rnd.Float64() < .002 {
		way += ms + time.Duration(s.rnd.Float64()*float64(2*ms))
	}
	if s.rough && s.rnd.Float64() < .0005 {
		way += time.Duration(s.rnd.Float64() * float64(30*time.Millisecond))
	}
	return way
}

// run simulates the given length and returns how many requests were accepted.
func (s *simulation) run() int {
	s.rnd = rand.New(rand.NewPCG(s.seed, 1))
	if s.clients == 0 {
		s.clients = 1
	}
	if s.options.Most == 0 {
		s.options = Options{Most: 32, Seek: true, Rate: s.options.Rate, Left: int64(s.rows)}
	}
	if s.rows == 0 {
		s.options.Left = int64(s.allowed * s.length.Seconds() / float64(s.clients))
	}
	s.accepted = make([][]time.Duration, s.clients)
	s.freeAt = make([]time.Duration, s.slots)
	for i := range s.clients {
		s.in(time.Duration(i)*s.starts, func() {
			c := &client{s: s, id: i, l: NewLimiter(s.options, epoch.Add(s.now))}
			s.limiters = append(s.limiters, c.l)
			c.pump()
		})
	}
	for s.queue.Len() > 0 && s.now < s.length {
		e := heap.Pop(&s.queue).(event)
		s.now = e.at
		e.do()
	}
	n := 0
	for _, list := range s.accepted {
		n += len(list)
	}
	return n
}

// between counts the requests of all clients that were accepted in a period.
func (s *simulation) between(from, to time.Duration) int {
	n := 0
	for _, list := range s.accepted {
		for _, at := range list {
			if at >= from && at < to {
				n++
			}
		}
	}
	return n
}

type client struct {
	s      *simulation
	id     int
	l      *Limiter
	armed  int // the newest timer; older ones are ignored
	barred time.Duration
	open   int // rows that were sent and not refused
}

func (c *client) pump() {
	s := c.s
	for s.rows == 0 || c.open < s.rows {
		wait := c.l.Wait(epoch.Add(s.now), false)
		if wait == Blocked {
			return
		}
		if wait > 0 {
			c.armed++
			mine := c.armed
			s.in(wait+s.lateness(), func() {
				if mine == c.armed {
					c.pump()
				}
			})
			return
		}
		c.send()
	}
}

func (c *client) send() {
	s := c.s
	c.open++
	t := c.l.Sent(epoch.Add(s.now))
	if s.now < c.barred {
		s.early++
	}
	s.in(s.writing(), func() {
		if c.l.Departed(t, epoch.Add(s.now)) {
			c.pump()
		}
		c.arrive(t)
	})
}

// arrive handles a request that has left.
func (c *client) arrive(t *Ticket) {
	s := c.s
	s.in(s.way(), func() {
		v := s.limit(s.now, s.running)
		took := s.latency + s.about(s.latency/50)
		if v.refused && s.quick {
			took = 0
		}
		if s.slots > 0 && !v.refused {
			took = s.serve(took)
		}
		if !v.refused {
			s.running++
			s.accepted[c.id] = append(s.accepted[c.id], s.now)
			if len(s.accepted[c.id]) == s.rows {
				s.done = s.now
				if s.first == 0 {
					s.first = s.now
				}
			}
		} else {
			s.refused++
			c.open--
		}
		s.in(took, func() {
			if !v.refused {
				s.running--
			}
			s.in(50*time.Microsecond+s.about(50*time.Microsecond), func() {
				if v.after > 0 {
					c.barred = max(c.barred, s.now+v.after)
				}
				now := epoch.Add(s.now)
				if s.headers != nil {
					c.l.Hear(now, s.headers(s.now))
				}
				a := Good
				switch {
				case v.broken:
					a = Broken
				case v.refused:
					a = Refused
				}
				if a == Good {
					c.l.Wrote()
				}
				c.l.Answered(t, now, a, v.after)
				c.pump()
			})
		})
	})
}

// serve queues a request for the first free slot.
func (s *simulation) serve(took time.Duration) time.Duration {
	first := 0
	for i, at := range s.freeAt {
		if at < s.freeAt[first] {
			first = i
		}
	}
	s.freeAt[first] = max(s.freeAt[first], s.now) + took
	return s.freeAt[first] - s.now
}
