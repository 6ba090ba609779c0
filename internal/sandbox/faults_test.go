package sandbox_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
)

const create = `{"productId":"p","warehouseId":"wh_def456","initialQty":1}`

func TestFailRate(t *testing.T) {
	s := open(t, sandbox.Options{Faults: sandbox.Faults{FailRate: 1}})
	s.call("POST", "/v1/inventory", create).wants(t, 500, plain("Internal server error: failed on request (fail rate 1)."))

	run := func(seed uint64) (statuses []int, failed int) {
		s := open(t, sandbox.Options{Faults: sandbox.Faults{FailRate: 0.3, Seed: seed}})
		for range 200 {
			status := s.call("GET", "/v1/users/profile", "").status
			statuses = append(statuses, status)
			if status == 500 {
				failed++
			}
		}
		return statuses, failed
	}
	one, failed := run(1)
	again, _ := run(1)
	other, _ := run(2)
	if failed < 40 || failed > 80 {
		t.Errorf("%d of 200 failed, want about 60", failed)
	}
	if !slices.Equal(one, again) || slices.Equal(one, other) {
		t.Error("the same seed must affect the same calls, and another seed other calls")
	}
}

// TestDropRate checks that the work is done before the connection is cut, both in
// the process and over HTTP.
func TestDropRate(t *testing.T) {
	path := database(t)
	whole := open(t, sandbox.Options{Path: path})
	s := open(t, sandbox.Options{Path: path, Faults: sandbox.Faults{DropRate: 1}})
	_, err := s.client.Do(s.request("POST", "/v1/inventory", create))
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want an unexpected EOF", err)
	}
	if got := whole.stock("p"); len(got) != 1 {
		t.Errorf("the work was not done: %+v", got)
	}

	server := httptest.NewServer(s.server)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), "PATCH", server.URL+red+"adjust", nil)
	if err != nil {
		t.Fatal(err)
	}
	from := s.request("PATCH", red+"adjust", `{"qty":1,"action":"RECEIVED"}`)
	r.Header, r.Body = from.Header, from.Body
	if response, err := server.Client().Do(r); err == nil {
		response.Body.Close()
		t.Errorf("got %s over HTTP, want a cut connection", response.Status)
	}
	if got := whole.stock("prod_phone_789/sku/sku_red_256gb"); got[0].OnHandQty != 4 {
		t.Errorf("the work was not done: %+v", got)
	}
}

func TestRateLimit(t *testing.T) {
	var elapsed atomic.Int64
	now := func() time.Time { return moment().Add(time.Duration(elapsed.Load())) }
	s := open(t, sandbox.Options{Now: now, Faults: sandbox.Faults{RateLimit: 2}})
	status := func() int { return s.call("GET", "/v1/users/profile", "").status }
	if a, b := status(), status(); a != 200 || b != 200 {
		t.Fatalf("the first second's calls return %d and %d", a, b)
	}
	for range 3 {
		got := s.call("GET", "/v1/users/profile", "")
		got.wants(t, 429, plain("Too many requests. Please try again later."))
		if after := got.header.Get("Retry-After"); after != "1" {
			t.Errorf("Retry-After is %q, want 1", after)
		}
	}
	elapsed.Store(int64(500 * time.Millisecond))
	if a, b := status(), status(); a != 200 || b != 429 {
		t.Errorf("half a second later: %d and %d, want one response: refused calls do not count", a, b)
	}

	slow := open(t, sandbox.Options{Now: now, Faults: sandbox.Faults{RateLimit: 0.1}})
	slow.call("GET", "/v1/users/profile", "").data(t, new(any))
	if after := slow.call("GET", "/v1/users/profile", "").header.Get("Retry-After"); after != "10" {
		t.Errorf("Retry-After is %q, want 10", after)
	}
}

func TestLatencyEndsWithTheCall(t *testing.T) {
	s := open(t, sandbox.Options{Faults: sandbox.Faults{Latency: time.Hour}})
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	_, err := s.client.Do(s.request("GET", "/v1/inventory", "").WithContext(ctx))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's end", err)
	}
}

func TestFaultsAreChecked(t *testing.T) {
	for _, c := range []struct {
		faults sandbox.Faults
		want   string
	}{
		{sandbox.Faults{Latency: -time.Second}, "the latency -1s is negative"},
		{sandbox.Faults{RateLimit: -1}, "invalid rate limit -1: want a number of calls per second, 0 or more"},
		{sandbox.Faults{RateLimit: math.Inf(1)}, "invalid rate limit +Inf: want a number of calls per second, 0 or more"},
		{sandbox.Faults{FailRate: math.NaN()}, "invalid fail rate NaN: want a number from 0 to 1"},
		{sandbox.Faults{DropRate: -0.1}, "invalid drop rate -0.1: want a number from 0 to 1"},
	} {
		_, err := sandbox.Open(t.Context(), sandbox.Options{Path: ":memory:", Faults: c.faults})
		if err == nil || err.Error() != c.want || failure.KindOf(err) != failure.Usage {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
