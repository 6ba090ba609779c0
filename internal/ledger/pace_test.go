package ledger

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// server answers requests in fake time: which ones are told to come back in a
// second, which find it broken, and how many it can answer side by side.
type server struct {
	busy     func(n int) bool
	broken   func(n int) bool
	capacity int // 0: any number
}

// keepPace sends requests through a pacer until some have gone well, and
// returns it with the time that took.
func keepPace(t *testing.T, workers, wanted int, a server) (p *pacer, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p = newPacer(Options{}, time.Hour)
		began := time.Now()
		var mu sync.Mutex
		var sent, good int
		seats := make(chan struct{}, max(a.capacity, 1))
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for {
					left, err := p.enter(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					if a.capacity > 0 {
						seats <- struct{}{}
					}
					time.Sleep(10 * time.Millisecond)
					if a.capacity > 0 {
						<-seats
					}
					mu.Lock()
					sent++
					n, done := sent, good >= wanted
					busy := a.busy != nil && a.busy(n)
					broken := a.broken != nil && a.broken(n)
					if !busy && !broken {
						good++
					}
					mu.Unlock()
					switch {
					case done:
						p.leave()
						return
					case busy:
						p.failed(left, true, time.Second)
					case broken:
						p.failed(left, false, 0)
					default:
						p.went()
					}
				}
			})
		}
		group.Wait()
		took = time.Since(began)
	})
	return p, took
}

// An API that says busy now and then is waited for each time, but asked by as
// many side by side as before: else every pause would serve a single row.
func TestScatteredBusyAnswersKeepTheWindow(t *testing.T) {
	for name, one := range map[string]server{
		"busy only":       {busy: func(n int) bool { return n%12 == 0 }},
		"busy and broken": {busy: func(n int) bool { return n%7 == 0 }, broken: func(n int) bool { return n%2 == 0 }},
	} {
		p, took := keepPace(t, autoWorkers, 5000, one)
		if p.size() < autoWorkers/2 {
			t.Errorf("%s: the window is %d", name, p.size())
		}
		if most := 5000 / 12 * time.Second; took > most {
			t.Errorf("%s: it took %s", name, took)
		}
	}
}

func TestAStormNarrowsTheWindow(t *testing.T) {
	storm := func(n int) bool { return n > 2000 && n < 2200 }
	var narrow int
	p, _ := keepPace(t, autoWorkers, 20_000, server{busy: storm})
	if p.size() < autoWorkers/2 {
		t.Errorf("after the storm the window is %d", p.size())
	}
	p, _ = keepPace(t, autoWorkers, 2100, server{busy: func(n int) bool { return n > 2000 && n%8 != 0 }})
	if narrow = p.size(); narrow > 2 {
		t.Errorf("in the storm the window is %d", narrow)
	}
}

// A window that does not make rows go faster is not widened further.
func TestTheWindowStopsWhereTheSpeedDoes(t *testing.T) {
	p, _ := keepPace(t, autoWorkers, 5000, server{capacity: 8})
	if got := p.size(); got < 8 || got > 16 {
		t.Errorf("the window is %d, for an API that does 8 at once", got)
	}
}
