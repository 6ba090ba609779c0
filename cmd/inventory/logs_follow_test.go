package inventory

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/cmd/inventory/inventorytest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// following runs a follower against a log that grows by one movement per poll. Polls in
// failing fail. Time only passes in waits.
func following(t *testing.T, limit, looks int, fails ...int) (ids, notes []string, err error) {
	t.Helper()
	look := 0
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, f := range fails {
			if f == look {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
		}
		var rows []string
		for i := range 3 + look {
			rows = append(rows, fmt.Sprintf(`{"id":"log_%d","timestamp":"2026-01-01T00:00:%02dZ"}`, i, i))
		}
		fmt.Fprintf(w, `{"content":[%s],"totalElements":%d}`, strings.Join(rows, ","), len(rows))
	}))
	defer web.Close()
	client, err := api.New(api.Options{BaseURL: web.URL, MaxWait: -1})
	if err != nil {
		t.Fatal(err)
	}
	clock := time.Unix(0, 0)
	f := &follower{
		log: client.FollowMovements(), match: func(m api.Movement) bool { return m.ID != "log_4" }, limit: limit,
		interval: 2 * time.Second, maxFailing: 5 * time.Second,
		now: func() time.Time { return clock },
		wait: func(_ context.Context, d time.Duration) error {
			clock = clock.Add(d)
			if look++; look > looks {
				return failure.New(failure.Interrupted, "interrupted")
			}
			return nil
		},
		note: func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) },
	}
	for m, e := range f.movements(t.Context()) {
		if e != nil {
			err = e
			break
		}
		ids = append(ids, m.ID)
	}
	return ids, notes, err
}

func TestFollow(t *testing.T) {
	for limit, want := range map[int]string{
		-1: "log_0 log_1 log_2 log_3 log_5 log_6",
		2:  "log_1 log_2 log_3 log_5 log_6",
		0:  "log_3 log_5 log_6",
	} {
		ids, _, err := following(t, limit, 4)
		if got := strings.Join(ids, " "); got != want || failure.KindOf(err) != failure.Interrupted {
			t.Errorf("limit %d: got %q, %v, want %q", limit, got, err, want)
		}
	}
}

// A failed poll is reported once, and nothing is missed; maxFailing limits the retries.
func TestFollowContinuesAfterFailures(t *testing.T) {
	ids, notes, err := following(t, -1, 4, 1, 2)
	if got := strings.Join(ids, " "); got != "log_0 log_1 log_2 log_3 log_5 log_6" || failure.KindOf(err) != failure.Interrupted {
		t.Errorf("got %q and the error %v, want %q", got, err, "log_0 log_1 log_2 log_3 log_5 log_6")
	}
	want := []string{
		"following the log, checking every 2s; press Ctrl-C to stop",
		"warning: the API failed (503); trying again for 5s",
		"the API is responding again: nothing was missed",
	}
	if strings.Join(notes, "\n") != strings.Join(want, "\n") {
		t.Errorf("said %q, want %q", notes, want)
	}
	_, _, err = following(t, -1, 9, 1, 2, 3, 4, 5)
	var failed *api.Error
	if !errors.As(err, &failed) || failure.KindOf(err) != failure.Unavailable {
		t.Errorf("after its maxFailing: %v", err)
	}
	if _, _, err := following(t, -1, 9, 0); failure.KindOf(err) != failure.Unavailable {
		t.Errorf("a first poll that fails: %v", err)
	}
}

// A movement that was shown and has other contents later is neither dropped nor shown as a
// new one: the command ends and names it.
func TestFollowEndsAtAMovementThatChanges(t *testing.T) {
	var qty atomic.Int64
	qty.Store(-1)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"content":[{"id":"log_1","qtyChange":%d}],"totalElements":1}`, qty.Load())
	}))
	defer web.Close()
	client, err := api.New(api.Options{BaseURL: web.URL, MaxWait: -1})
	if err != nil {
		t.Fatal(err)
	}
	f := &follower{
		log: client.FollowMovements(), match: func(api.Movement) bool { return true }, limit: -1, now: time.Now,
		wait: func(context.Context, time.Duration) error { qty.Add(-1); return nil },
		note: func(string, ...any) {},
	}
	shown := 0
	for _, e := range f.movements(t.Context()) {
		if err = e; err == nil {
			shown++
		}
	}
	const want = "the API's response shows log_1 twice, with different contents, even when it is read again (200)"
	if shown != 1 || err == nil || err.Error() != want || failure.KindOf(err) != failure.Unexpected {
		t.Errorf("%d movements, then %v, want %q", shown, err, want)
	}
}

func TestFollowFlags(t *testing.T) {
	for line, want := range map[string]string{
		"--follow --interval 10ms": "--interval must be 1s or more, not 10ms",
		"--follow --limit=-1":      "--limit must be 0 or more with --follow, not -1",
		"--interval 3s":            "--interval requires --follow",
		"--limit 0":                "--limit must be 1 or more, not 0",
	} {
		_, err := inventorytest.Parse(t, newLogsCmd, strings.Fields(line)...)
		if err == nil || err.Error() != want || failure.KindOf(err) != failure.Usage {
			t.Errorf("%s: got %v, want %q", line, err, want)
		}
	}
	got, err := inventorytest.Parse(t, newLogsCmd, "--follow", "--limit", "0", "--action", "sold")
	if err != nil || !got.follow || got.limit != 0 || got.interval != 2*time.Second || got.action != "SOLD" {
		t.Errorf("got %+v and the error %v, want to follow the action SOLD with the defaults", got, err)
	}
}
