package pace

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// listening is a leader that releases every request, and keeps what is reported.
type listening struct {
	mu     sync.Mutex
	report Report
	heard  []Stated
	asked  int
	left   []Answer
	lost   chan struct{} // closed: it releases nothing more
}

func (l *listening) Enter(context.Context, Kind) (uint64, error) {
	select {
	case <-l.lost:
		return 0, ErrLost
	default:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	return uint64(l.asked), nil
}

func (l *listening) Depart(uint64) {}
func (l *listening) Cancel(uint64) {}
func (l *listening) Hear(s Stated) { l.heard = append(l.heard, s) }

func (l *listening) Leave(_ uint64, _ Kind, a Answer, _ time.Duration) { l.left = append(l.left, a) }

func (l *listening) Report() Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.report
}

func entered(t *testing.T, g *Gate) *Ticket {
	t.Helper()
	ticket, err := g.Enter(t.Context(), Write)
	if err != nil {
		t.Fatal(err)
	}
	return ticket
}

// waits reports whether the next request of a gate is delayed for longer than a time.
func waits(t *testing.T, g *Gate, longer time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longer)
	defer cancel()
	ticket, err := g.Enter(ctx, Write)
	if err == nil {
		g.Cancel(ticket)
	}
	return errors.Is(err, context.DeadlineExceeded)
}

// A pause that one process knows is not forgotten if it begins or ends to follow another.
func TestAPauseOutlivesALeader(t *testing.T) {
	for name, know := range map[string]func(*Gate, *listening){
		"it was known before": func(g *Gate, l *listening) {
			g.Leave(entered(t, g), Write, Refused, time.Minute)
			g.Follow(l)
		},
		"of an earlier request": func(g *Gate, l *listening) {
			ticket := entered(t, g)
			g.Follow(l)
			g.Leave(ticket, Write, Refused, time.Minute)
		},
		"of a request of an earlier leader": func(g *Gate, l *listening) {
			g.Follow(&listening{})
			ticket := entered(t, g)
			g.Unfollow()
			g.Follow(l)
			g.Leave(ticket, Write, Refused, time.Minute)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, l := NewGate(), &listening{}
				g.Open(Options{Most: 4, Seek: true})
				know(g, l)
				if len(l.heard) != 1 || !l.heard[0].Empty || l.heard[0].Reset != time.Minute {
					t.Errorf("the leader heard %+v, want a pause of a minute", l.heard)
				}
			})
		})
	}
	t.Run("the leader ends before it reports the pause", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g, l := NewGate(), &listening{}
			g.Open(Options{Most: 4, Seek: true})
			g.Follow(l)
			g.Leave(entered(t, g), Write, Refused, time.Minute)
			g.Unfollow()
			if !waits(t, g, 59*time.Second) {
				t.Error("a request left in the pause")
			}
		})
	})
	t.Run("the leader is paused while requests wait here", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g := NewGate()
			g.Open(Options{Most: 1, Seek: true})
			first := entered(t, g)
			left := make(chan *Ticket)
			go func() { left <- entered(t, g) }()
			synctest.Wait()
			began := time.Now()
			g.Follow(&listening{report: Report{Paused: time.Minute}})
			g.Leave(first, Write, Good, 0)
			g.Leave(<-left, Write, Good, 0)
			if took := time.Since(began); took < time.Minute {
				t.Errorf("a request left after %v", took)
			}
		})
	})
}

// Without a limit, a fast run asks no other, because that costs more than it gains.
func TestWithoutALimitNobodyIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, l := NewGate(), &listening{report: Report{Unlimited: true}}
		g.Open(Options{Most: 4, Seek: true})
		g.Follow(l)
		for range 50 {
			g.Leave(entered(t, g), Write, Good, 0)
		}
		if l.asked > 0 {
			t.Errorf("the leader was asked %d times", l.asked)
		}
		g.Leave(entered(t, g), Write, Refused, 0)
		g.Leave(entered(t, g), Write, Good, 0)
		if l.asked != 1 {
			t.Errorf("after a refusal, the leader was asked %d times, want 1", l.asked)
		}
	})
}

// The leader is asked as soon as it knows a limit.
func TestALimitOfTheLeader(t *testing.T) {
	g := NewGate()
	g.Open(Options{Most: 4, Seek: true})
	if g.Report().Unlimited {
		t.Error("at the beginning, the gate says that it is unlimited")
	}
	g.limiter.tempo.now = freely
	if !g.Report().Unlimited {
		t.Error("a fast gate does not say that it is unlimited")
	}
	g.Hear(Stated{Rate: 5000})
	if g.Report().Unlimited {
		t.Error("a gate with a stated limit says that it is unlimited")
	}
}
