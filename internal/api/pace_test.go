package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/pace"
)

func TestStatedLimits(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for name, one := range map[string]struct {
		header map[string]string
		want   pace.Stated
	}{
		"Spring Cloud Gateway":   {map[string]string{"X-RateLimit-Replenish-Rate": "50", "X-RateLimit-Burst-Capacity": "100", "X-RateLimit-Remaining": "0"}, pace.Stated{Rate: 50}},
		"a window":               {map[string]string{"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "12", "X-RateLimit-Reset": "7"}, pace.Stated{Limit: 300, Reset: 7 * time.Second}},
		"an empty window":        {map[string]string{"RateLimit-Limit": "300", "RateLimit-Remaining": "0", "RateLimit-Reset": "7"}, pace.Stated{Limit: 300, Reset: 7 * time.Second, Empty: true}},
		"its end as a time":      {map[string]string{"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "1800000005"}, pace.Stated{Limit: 300, Reset: 5 * time.Second}},
		"a limit with a window":  {map[string]string{"RateLimit-Limit": "100, 100;w=50", "RateLimit-Remaining": "9"}, pace.Stated{Limit: 100, Rate: 2}},
		"the IETF's fields":      {map[string]string{"RateLimit-Policy": `"default";q=100;w=10`, "RateLimit": `"default";r=0;t=3`}, pace.Stated{Rate: 10, Reset: 3 * time.Second, Empty: true}},
		"the IETF's older field": {map[string]string{"RateLimit": "limit=100, remaining=50, reset=5"}, pace.Stated{Limit: 100, Reset: 5 * time.Second}},
	} {
		h := http.Header{}
		for key, value := range one.header {
			h.Set(key, value)
		}
		if s, is := stated(h, now); !is || s != one.want {
			t.Errorf("%s: %+v, %v, not %+v", name, s, is, one.want)
		}
	}
	for _, value := range []string{"", "many", "-1", "NaN", "1e300"} {
		h := http.Header{}
		h.Set("X-RateLimit-Limit", value)
		h.Set("X-RateLimit-Reset", value)
		if s, is := stated(h, now); is {
			t.Errorf("%q is read as %+v", value, s)
		}
	}
}

func TestRetryAfterOfBucket4j(t *testing.T) {
	h := http.Header{}
	h.Set("X-Rate-Limit-Retry-After-Seconds", "4")
	if got := (&Client{now: time.Now}).retryAfter(h); got != 4*time.Second {
		t.Errorf("it waits %v", got)
	}
}
