package pace

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// If reads and writes wait for the same tempo, neither starves.
func TestReadsAndWritesShareTheTempo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate()
		g.Open(Options{Most: 8, Rate: 20})
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		var counts [2]int
		var mu sync.Mutex
		var group sync.WaitGroup
		ask := func(kind Kind) {
			for {
				ticket, err := g.Enter(ctx, kind)
				if err != nil {
					return
				}
				time.Sleep(10 * ms)
				mu.Lock()
				counts[kind]++
				mu.Unlock()
				g.Leave(ticket, kind, Good, 0)
			}
		}
		for range 8 {
			group.Go(func() { ask(Write) })
		}
		group.Go(func() { ask(Read) })
		group.Wait()
		if all := counts[Write] + counts[Read]; all > 81 || all < 70 {
			t.Errorf("%d requests in 4 s at 20 a second", all)
		}
		if counts[Read] < 15 || counts[Read] > 25 {
			t.Errorf("%d of them were reads", counts[Read])
		}
	})
}

// A write may need a read while the window is full, so reads must not wait for it.
func TestAReadDoesNotWaitForTheWindow(t *testing.T) {
	g := NewGate()
	g.Open(Options{Most: 1})
	write, err := g.Enter(t.Context(), Write)
	if err != nil {
		t.Fatal(err)
	}
	read, err := g.Enter(t.Context(), Read)
	if err != nil {
		t.Fatal(err)
	}
	g.Leave(read, Read, Good, 0)
	g.Leave(write, Write, Good, 0)
	if g.Latency() <= 0 {
		t.Error("the latency of the read was not recorded")
	}
}

func TestGatesObeyRetryAfterAndReportTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate()
		ticket, err := g.Enter(t.Context(), Read)
		if err != nil {
			t.Fatal(err)
		}
		g.Leave(ticket, Read, Refused, 3*time.Second)
		began := time.Now()
		if ticket, err = g.Enter(t.Context(), Read); err != nil {
			t.Fatal(err)
		}
		g.Leave(ticket, Read, Good, 0)
		if took := time.Since(began); took < 3*time.Second {
			t.Errorf("the next request left after %v", took)
		}
		if got := g.Report().Waited; got < 3*time.Second || got > 4*time.Second {
			t.Errorf("the report has a wait of %v", got)
		}
	})
}

// A wait ends with its context, whether that ends before or during the wait.
func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate()
		g.Open(Options{Most: 1})
		ticket, err := g.Enter(t.Context(), Write)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("enough")
		waited := make(chan error)
		go func() {
			_, err := g.Enter(ctx, Write)
			waited <- err
		}()
		synctest.Wait()
		cancel(why)
		if err := <-waited; !errors.Is(err, why) {
			t.Errorf("the error is %v", err)
		}
		if _, err := g.Enter(ctx, Write); !errors.Is(err, why) {
			t.Errorf("afterwards, the error is %v", err)
		}
		g.Cancel(ticket)
		if _, err := g.Enter(t.Context(), Write); err != nil {
			t.Error(err)
		}
	})
}
