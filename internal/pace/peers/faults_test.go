package peers

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/pace"
)

// The requests that waited at a leader do not leave in its pause when it ends.
func TestTheLeaderEndsInAPause(t *testing.T) {
	for range 20 {
		leader, follower, endLeader, _ := pair(t, 0)
		leader.Leave(enterGate(t, leader), pace.Write, pace.Refused, 30*time.Second)
		eventually(t, "paused", func() bool { return follower.Report().Paused > 0 })
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for range 16 {
			group.Go(func() {
				if ticket, err := follower.Enter(ctx, pace.Write); err == nil {
					t.Error("a request left in the pause")
					follower.Cancel(ticket)
				}
			})
		}
		time.Sleep(5 * time.Millisecond)
		endLeader()
		time.Sleep(5 * time.Millisecond)
		cancel()
		group.Wait()
	}
}
