package api_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

func withNaps(n *naps) func(*api.Options) { return func(o *api.Options) { o.Sleep = n.sleep } }

func TestReadsAreTriedThreeTimes(t *testing.T) {
	good := says(200, `{"status":true,"data":[]}`)
	for name, tc := range map[string]struct {
		bad  http.HandlerFunc
		sent int
		kind failure.Kind
	}{
		"500":         {says(500, ""), 3, failure.Unavailable},
		"hangs up":    {hangsUp, 3, failure.Unavailable},
		"breaks off":  {breaksOff(200, `{"status":true`), 3, failure.Unavailable},
		"cut 404":     {breaksOff(404, `{"status":fal`), 3, failure.Unavailable},
		"refused":     {says(400, refusal("no")), 1, failure.Refused},
		"forbidden":   {breaksOff(403, `{"stat`), 1, failure.Permission},
		"wrong types": {says(200, `{"data":[{"id":1}]}`), 1, failure.Unexpected},
	} {
		t.Run(name, func(t *testing.T) {
			var n naps
			s := openShop(t, tc.bad)
			_, err := s.client(t, withNaps(&n)).LowStock(t.Context())
			isKind(t, err, tc.kind)
			same(t, "sent", len(s.requests()), tc.sent)
			same(t, "waits", len(n.list), tc.sent-1)
			for i, d := range n.list {
				if most := 250 * time.Millisecond << i; d < most/2 || d > most {
					t.Errorf("wait %d is %s, want %s to %s", i, d, most/2, most)
				}
			}
			if tc.sent == 1 {
				return
			}
			s = openShop(t, answers(tc.bad, tc.bad, good))
			if _, err := s.client(t).LowStock(t.Context()); err != nil {
				t.Errorf("the third try is good: %v", err)
			}
		})
	}
}

func TestWritesThatMayBeAppliedAreSentOnce(t *testing.T) {
	for name, bad := range map[string]http.HandlerFunc{
		"500": says(500, ""), "408": says(408, ""), "503 with a date": says(503, "", "Retry-After", "1"),
		"hangs up after the work": hangsUp, "breaks off": breaksOff(201, `{"status":true,"data":{"id":"inv_1"`),
		"breaks off at 500": breaksOff(500, "{"), "empty": says(201, ""),
	} {
		t.Run(name, func(t *testing.T) {
			warm := says(200, `{"status":true,"data":[]}`)
			s := openShop(t, answers(warm, bad))
			c := s.client(t)
			// On a connection that was used before, net/http may resend on its own.
			if _, err := c.LowStock(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, err := c.CreateRecord(t.Context(), aRecord())
			e := fault(t, err)
			same(t, "in doubt", e.InDoubt, true)
			same(t, "retryable", e.Retryable(), false)
			isKind(t, err, failure.OutcomeUnknown)
			same(t, "sent", len(s.requests()), 2)
		})
	}
	_, err := openShop(t, breaksOff(409, "{")).client(t).CreateRecord(t.Context(), aRecord())
	isKind(t, err, failure.Refused)
	same(t, "a refusal without its body is in doubt", fault(t, err).InDoubt, false)
}

func TestBusy(t *testing.T) {
	now := time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	clock := func(o *api.Options) { o.Now = func() time.Time { return now } }
	date := func(after time.Duration) string { return now.Add(after).Format(http.TimeFormat) }
	good := says(201, recordJSON)
	for name, tc := range map[string]struct {
		busy http.HandlerFunc
		want time.Duration
	}{
		"seconds":                  {says(429, "", "Retry-After", "7"), 7 * time.Second},
		"a date, by our clock":     {says(429, "", "Retry-After", date(9*time.Second), "Date", "gone"), 9 * time.Second},
		"a date, by their clock":   {says(429, "", "Retry-After", date(time.Hour+5*time.Second), "Date", date(time.Hour)), 5 * time.Second},
		"a status in a 200's body": {says(200, `{"status":false,"statusCode":429}`, "Retry-After", "3"), 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			var n naps
			s := openShop(t, answers(tc.busy, tc.busy, tc.busy, tc.busy, good))
			if _, err := s.client(t, withNaps(&n), clock).CreateRecord(t.Context(), aRecord()); err != nil {
				t.Fatal(err)
			}
			same(t, "sent", len(s.requests()), 5)
			if !slices.Equal(n.list, []time.Duration{tc.want, tc.want, tc.want, tc.want}) {
				t.Errorf("waits %v", n.list)
			}
		})
	}
	t.Run("no longer than allowed", func(t *testing.T) {
		var n naps
		s := openShop(t, says(429, refusal("Slow down."), "Retry-After", "25"))
		_, err := s.client(t, withNaps(&n)).CreateRecord(t.Context(), aRecord())
		same(t, "error", err.Error(), `the API asks to wait 25s, which is longer than the 10s still allowed: the API says "Slow down" (429)`)
		isKind(t, err, failure.Unavailable)
		e := fault(t, err)
		same(t, "in doubt", e.InDoubt, false)
		same(t, "asked for", e.RetryAfter, 25*time.Second)
		same(t, "sent", len(s.requests()), 3)
	})
	t.Run("without an end", func(t *testing.T) {
		for _, header := range []string{"0", "-5", "soon", "NaN", date(-time.Hour)} {
			var n naps
			s := openShop(t, says(429, "", "Retry-After", header))
			_, err := s.client(t, withNaps(&n), clock).LowStock(t.Context())
			same(t, "error", err.Error(), "the API is busy (429)")
			var total time.Duration
			for _, d := range n.list {
				total += d
			}
			if total > time.Minute || len(n.list) < 5 || len(n.list) > 25 {
				t.Errorf("%s: %d waits, %s", header, len(n.list), total)
			}
		}
	})
	t.Run("never", func(t *testing.T) {
		s := openShop(t, says(429, "", "Retry-After", "1e300"))
		_, err := s.client(t, func(o *api.Options) { o.MaxWait = -1 }).LowStock(t.Context())
		same(t, "error", err.Error(), "the API asks to wait 8760h0m0s, which is longer than the 0s still allowed (429)")
		same(t, "sent", len(s.requests()), 1)
	})
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := openShop(t, says(429, "", "Retry-After", "1"))
		_, err := s.client(t, func(o *api.Options) {
			o.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
		}).CreateRecord(ctx, aRecord())
		same(t, "error", err.Error(), "interrupted while waiting for the API (429)")
		isKind(t, err, failure.Interrupted)
		same(t, "in doubt", fault(t, err).InDoubt, false)
		same(t, "cancelled", errors.Is(err, context.Canceled), true)
	})
}

func TestRenewal(t *testing.T) {
	only := func(token string, status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				says(status, body)(w, r)
				return
			}
			says(201, recordJSON)(w, r)
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"401": only("tok2", 401, ""), "403 with the message": only("tok2", 403, refusal("Full authentication is required to access this resource")),
		"200 with shape 2": only("tok2", 200, shape2),
	} {
		t.Run(name, func(t *testing.T) {
			k := &keys{key: "pk_test_1", token: "tok", next: "tok2"}
			s := openShop(t, handler)
			if _, err := s.client(t, func(o *api.Options) { o.Auth = k }).CreateRecord(t.Context(), aRecord()); err != nil {
				t.Fatal(err)
			}
			same(t, "rejected", strings.Join(k.renewed, " "), "tok")
			same(t, "sent", len(s.requests()), 2)
		})
	}
	t.Run("once", func(t *testing.T) {
		k := &keys{token: "tok", next: "tok3"}
		s := openShop(t, only("tok2", 401, ""))
		_, err := s.client(t, func(o *api.Options) { o.Auth = k }).CreateRecord(t.Context(), aRecord())
		isKind(t, err, failure.Auth)
		same(t, "sent", len(s.requests()), 2)
	})
	t.Run("cannot", func(t *testing.T) {
		why := failure.New(failure.Auth, "the token ended and there is no password").Hint("run `stockctl auth login`")
		s := openShop(t, only("tok2", 401, ""))
		_, err := s.client(t, func(o *api.Options) { o.Auth = &keys{token: "tok", renewErr: why} }).CreateRecord(t.Context(), aRecord())
		same(t, "error", err.Error(), "not signed in: the token ended and there is no password (401)")
		same(t, "hint", failure.HintOf(err), "run `stockctl auth login`")
		isKind(t, err, failure.Auth)
		same(t, "in doubt", fault(t, err).InDoubt, false)
	})
	t.Run("the login is down", func(t *testing.T) {
		s := openShop(t, only("tok2", 401, ""))
		_, err := s.client(t, func(o *api.Options) {
			o.Auth = &keys{token: "tok", renewErr: failure.New(failure.Unavailable, "the API failed (503)")}
		}).CreateRecord(t.Context(), aRecord())
		same(t, "error", err.Error(), "signing in again: the API failed (503)")
		isKind(t, err, failure.Unavailable)
	})
	t.Run("not for a login", func(t *testing.T) {
		k := &keys{token: "tok", next: "tok2"}
		s := openShop(t, says(400, shape3))
		_, err := s.client(t, func(o *api.Options) { o.Auth = k }).Login(t.Context(), "a@b", "wrong")
		same(t, "error", err.Error(), `wrong email or password: the API says "Bad credentials" (400)`)
		isKind(t, err, failure.Auth)
		_, err = openShop(t, says(401, "")).client(t, func(o *api.Options) { o.Auth = k }).Login(t.Context(), "a@b", "wrong")
		isKind(t, err, failure.Auth)
		same(t, "renewed", len(k.renewed), 0)
		_, err = openShop(t, says(503, "")).client(t).Login(t.Context(), "a@b", "x")
		isKind(t, err, failure.Unavailable)
	})
}

func TestSecretsThatAreInvalidInHeaders(t *testing.T) {
	s := openShop(t, says(200, "[]"))
	_, err := s.client(t, func(o *api.Options) { o.Auth = &keys{key: "k", token: "tok\nX: y"} }).LowStock(t.Context())
	same(t, "error", err.Error(), "the token contains a control character")
	isKind(t, err, failure.Config)
	same(t, "sent", len(s.requests()), 0)
}

// A renewed token is checked like the first one.
func TestRenewedTokensThatAreInvalidInHeaders(t *testing.T) {
	s := openShop(t, says(401, ""))
	_, err := s.client(t, func(o *api.Options) { o.Auth = &keys{key: "k", token: "tok", next: "tok2\r\nX-Evil: 1"} }).LowStock(t.Context())
	same(t, "error", err.Error(), "the token contains a control character")
	isKind(t, err, failure.Config)
	same(t, "sent", len(s.requests()), 1)
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	other := openShop(t, says(200, recordJSON))
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, location := range map[string]string{
			"another host": other.URL + "/v1/inventory?x=1", "the same host": "/v2/inventory", "a downgrade": "http://api.example/x", "nowhere": "",
		} {
			s := openShop(t, answers(says(status, "", "Location", location), says(200, recordJSON)))
			host := strings.TrimPrefix(s.URL, "http://")
			target := map[string]string{"another host": other.URL, "the same host": s.URL, "a downgrade": "http://api.example", "nowhere": "an unknown address"}[name]
			c := s.client(t)
			_, err := c.CreateRecord(t.Context(), aRecord())
			kind, doubt := failure.Config, ""
			if status == 303 { // sent after a write
				kind, doubt = failure.OutcomeUnknown, ", so it is not known whether the change was made"
			}
			isKind(t, err, kind)
			same(t, "in doubt", fault(t, err).InDoubt, status == 303)
			same(t, name, err.Error(), host+" redirects to "+target+", which is not followed, to protect the keys"+doubt+" ("+itoa(status)+")")
			same(t, "sent", len(s.requests()), 1)
		}
	}
	same(t, "requests at the other host", len(other.requests()), 0)
}

// The usual response to a create is read in one pass, with the same result as the
// complete decoding.
func TestQuickRecord(t *testing.T) {
	var quick api.Record
	if !api.QuickRecord([]byte(recordJSON), &quick) {
		t.Fatal("the usual response is not decoded in one pass")
	}
	long, err := api.LongRecord(newClient(t, "https://api.example"), []byte(recordJSON))
	if diff := cmp.Diff(long, quick); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for _, body := range []string{
		`{"status":false,"data":{"id":"i"}}`, `{"status":true,"statusCode":500,"data":{"id":"i"}}`, `{"status":true,"data":{}}`,
		`{"status":200,"data":{"id":"i"}}`, `{"id":"i"}`, `{"status":true,"data":{"id":"i","onHandQty":"5"}}`, `{"status":true,"data":{"id":"i"}}x`,
	} {
		if api.QuickRecord([]byte(body), &quick) {
			t.Errorf("%s was accepted", body)
		}
	}
}
