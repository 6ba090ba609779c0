package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// The status classes have the bounds of HTTP: a good body does not turn a bad status
// into a success, and only 3xx is a redirect.
func TestTheEdgesOfStatusClasses(t *testing.T) {
	for status, kind := range map[int]failure.Kind{
		200: "", 201: "", 299: "", 300: failure.Config, 399: failure.Config, 400: failure.Refused, 401: failure.Auth, 402: failure.Refused,
		403: failure.Permission, 404: failure.NotFound, 408: failure.OutcomeUnknown, 409: failure.Refused,
		428: failure.Refused, 429: failure.Unavailable, 430: failure.Refused, 499: failure.Refused, 500: failure.OutcomeUnknown, 599: failure.OutcomeUnknown,
	} {
		s := openShop(t, says(status, recordJSON))
		_, err := s.client(t, func(o *api.Options) { o.MaxWait, o.Auth = -1, &keys{token: "t", renewErr: errors.New("no")} }).CreateRecord(t.Context(), aRecord())
		if kind == "" && err != nil || kind != "" && failure.KindOf(err) != kind {
			t.Errorf("%d: kind %q, want %q: %v", status, failure.KindOf(err), kind, err)
		}
		same(t, fmt.Sprint("sent under ", status), len(s.requests()), 1)
	}
	// A redirect counts even if its body never ends.
	for _, status := range []int{300, 302} {
		s := openShop(t, breaksOff(status, "{"))
		_, err := s.client(t).LowStock(t.Context())
		isKind(t, err, failure.Config)
		_, err = s.client(t).CreateRecord(t.Context(), aRecord())
		isKind(t, err, failure.Config)
		same(t, "in doubt", fault(t, err).InDoubt, false)
	}
}

// A number in a body that is not an HTTP status is ignored.
func TestStatusesThatABodyStates(t *testing.T) {
	for body, kind := range map[string]failure.Kind{
		`{"status":200,"data":[]}`: "", `{"status":399,"data":[]}`: "", `{"status":600,"data":[]}`: "", `{"status":999,"data":[]}`: "", `{"status":99,"data":[]}`: "",
		`{"status":4040,"data":[]}`: "", `{"status":"404","data":[]}`: "", `{"status":null,"data":[]}`: "", `{"status":true,"statusCode":200,"data":[]}`: "",
		`{"status":400,"data":[]}`: failure.Refused, `{"status":404,"data":[]}`: failure.NotFound, `{"status":599,"data":[]}`: failure.Unavailable,
		`{"status":true,"statusCode":403,"data":[]}`: failure.Permission, `{"status":false,"data":[]}`: failure.Refused,
	} {
		_, err := openShop(t, says(200, body)).client(t).LowStock(t.Context())
		if kind == "" && err != nil || kind != "" && failure.KindOf(err) != kind {
			t.Errorf("%s: kind %q, want %q: %v", body, failure.KindOf(err), kind, err)
		}
	}
}

// A 200 whose body says in other words that the call failed is no success, and neither is
// one with two values of a field. Whether a write was made is unknown then.
func TestSuccessesThatContradictThemselves(t *testing.T) {
	const record = `{"id":"inv_1","productId":"p1","warehouseId":"w1","onHandQty":7}`
	for body, ok := range map[string]bool{
		`{"status":"success","data":` + record + `}`: true, `{"status":"true","data":` + record + `}`: true, `{"success":true,"data":` + record + `}`: true,
		`{"status":"false","data":` + record + `}`: false, `{"status":"FAILED","data":` + record + `}`: false, `{"status":"Error","data":` + record + `}`: false,
		`{"status":"fail","data":` + record + `}`: false, `{"status":"failure","data":` + record + `}`: false, `{"success":false,"data":` + record + `}`: false,
		`{"status":false,"status":true,"data":` + record + `}`:                                         false,
		`{"status":true,"data":{"id":"inv_9","id":"inv_1","productId":"p1","warehouseId":"w1"}}`:       false,
		`{"status":true,"data":{"id":"inv_1","productId":"p1","onHandQty":9999,"onHandQty":7}}`:        false,
		`{"status":true,"data":` + record + `,"data":{"id":"inv_1","productId":"p1","onHandQty":900}}`: false,
		`{"status":true,"data":{"id":"inv_1","location":"B-` + "\xff" + `"}}`:                          true,
	} {
		s := openShop(t, says(200, body))
		_, err := s.client(t).CreateRecord(t.Context(), api.CreateRecord{ProductID: "p1", WarehouseID: "w1", InitialQty: ptr(int64(7))})
		if ok != (err == nil) || err != nil && failure.KindOf(err) != failure.OutcomeUnknown {
			t.Errorf("a create that is answered %s: %v", body, err)
		}
		list := strings.NewReplacer(`"data":{`, `"data":[{`, "}}", "}]}", `},"data"`, `}],"data"`).Replace(body)
		_, err = openShop(t, says(200, list)).client(t).LowStock(t.Context())
		if ok != (err == nil) {
			t.Errorf("a list %s: %v", list, err)
		}
	}
}

// If a server fails, its message about credentials is not about ours: no token is
// renewed, and a write stays in doubt.
func TestServerErrorsDoNotConcernCredentials(t *testing.T) {
	for _, words := range []string{"Full authentication is required to access this resource", "Bad credentials"} {
		for _, status := range []int{500, 503} {
			k := &keys{key: "pk_test_1", token: "tok", next: "tok2"}
			s := openShop(t, says(status, refusal(words)))
			c := s.client(t, func(o *api.Options) { o.Auth = k })
			_, err := c.CreateRecord(t.Context(), aRecord())
			isKind(t, err, failure.OutcomeUnknown)
			_, err = c.LowStock(t.Context())
			isKind(t, err, failure.Unavailable)
			same(t, "renewed", len(k.renewed), 0)
			same(t, "sent", len(s.requests()), 1+3)
		}
	}
	// A busy API does not say that the password is wrong.
	isKind(t, &api.Error{Status: 429, Reason: api.ReasonBadCredentials}, failure.Unavailable)
	isKind(t, &api.Error{Status: 499, Reason: api.ReasonBadCredentials}, failure.Auth)
	isKind(t, &api.Error{Status: 499, Reason: api.ReasonUnauthenticated}, failure.Auth)
	isKind(t, &api.Error{Status: 500, Reason: api.ReasonUnauthenticated}, failure.Unavailable)
	isKind(t, &api.Error{Status: 300}, failure.Config)
	isKind(t, &api.Error{Status: 399}, failure.Config)
	isKind(t, &api.Error{Status: 400}, failure.Refused)
}

// Reading a response that stalls ends when the caller cancels or the request times out.
func TestAResponseThatStopsHalfway(t *testing.T) {
	half := func(begun func()) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			says(200, `{"status":true,"data":[`)(w, r)
			_ = http.NewResponseController(w).Flush()
			begun()
			<-r.Context().Done()
		}
	}
	for name, call := range map[string]func(context.Context, *api.Client) error{
		"write": func(ctx context.Context, c *api.Client) error { _, err := c.CreateRecord(ctx, aRecord()); return err },
		"read":  func(ctx context.Context, c *api.Client) error { _, err := c.LowStock(ctx); return err },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		err := call(ctx, openShop(t, half(cancel)).client(t))
		same(t, name+" is in doubt", fault(t, err).InDoubt, name == "write")
		if want := "interrupted"; !strings.HasPrefix(err.Error(), want) || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want it to begin with %q", name, err, want)
		}

		s := openShop(t, half(func() {}))
		host := strings.TrimPrefix(s.URL, "http://")
		// On a slow machine not even the beginning may arrive in time: wait longer.
		for timeout := 50 * time.Millisecond; timeout < 10*time.Second; timeout *= 2 {
			err = call(t.Context(), s.client(t, func(o *api.Options) { o.Timeout, o.MaxWait = timeout, -1 }))
			want := "the response from " + host + " did not end within " + timeout.String()
			if strings.HasPrefix(err.Error(), want) {
				break
			}
			if !strings.HasPrefix(err.Error(), host+" did not respond within ") {
				t.Fatalf("%s: %v, want %s", name, err, want)
			}
		}
		if !strings.HasPrefix(err.Error(), "the response from ") {
			t.Error(err)
		}
		same(t, name+" is in doubt", fault(t, err).InDoubt, name == "write")
	}
}

// Secrets are checked whenever they change, not just once per client.
func TestASecretThatChangesIsCheckedAgain(t *testing.T) {
	s := openShop(t, says(200, "[]"))
	k := &keys{key: "pk_test_1", token: "tok"}
	c := s.client(t, func(o *api.Options) { o.Auth = k })
	for range 2 {
		if _, err := c.LowStock(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	k.token = "tok\r\nX-Evil: 1"
	_, err := c.LowStock(t.Context())
	isKind(t, err, failure.Config)
	same(t, "error", err.Error(), "the token contains a control character")
	k.token, k.key = "tok", "pk_test_1\n"
	_, err = c.LowStock(t.Context())
	same(t, "error", err.Error(), "the merchant API key contains a control character")
	same(t, "sent", len(s.requests()), 2)
}

// The client waits as long as the API asks before it sends the next request, for reads
// and writes. The test adds up the waits.
func TestRetryAfterDelaysTheNextRequest(t *testing.T) {
	var passed time.Duration
	var at []time.Duration // the time of each request
	s := openShop(t, func(w http.ResponseWriter, r *http.Request) {
		at = append(at, passed)
		if len(at)%3 != 0 {
			says(429, "", "Retry-After", "2.5")(w, r)
			return
		}
		says(200, recordJSON)(w, r)
	})
	c := s.client(t, func(o *api.Options) {
		o.Sleep = func(ctx context.Context, d time.Duration) error { passed += d; return ctx.Err() }
	})
	if _, err := c.CreateRecord(t.Context(), aRecord()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Adjust(t.Context(), "inv_1", api.Adjustment{Qty: 1, Action: "SOLD"}); err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{0, 2500 * time.Millisecond, 5 * time.Second, 5 * time.Second, 7500 * time.Millisecond, 10 * time.Second}
	same(t, "requests at", fmt.Sprint(at), fmt.Sprint(want))
}
