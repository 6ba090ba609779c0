package app_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Only a write that may have reached the API changes what a failure is: no read, and no
// write without a connection.
func TestOnceSomethingWasSent(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	read := func(c *api.Client) { _, _ = c.Warehouses(t.Context()) }
	write := func(c *api.Client) {
		_, _ = c.Adjust(t.Context(), "inv_1", api.Adjustment{Qty: 1, Action: api.ActionReceived})
	}
	const hint = "a change was sent before this happened: check it before you repeat the command"
	for name, test := range map[string]struct {
		url  string
		do   func(*api.Client)
		sent bool
	}{
		"nothing":       {web.URL, func(*api.Client) {}, false},
		"a read":        {web.URL, read, false},
		"no connection": {gone.URL, write, false},
		"a write":       {web.URL, write, true},
	} {
		r := newRun(t)
		r.env["STOCKCTL_BASE_URL"], r.env["STOCKCTL_TOKEN"], r.env["STOCKCTL_MAX_WAIT"] = test.url, "token", "1ms"
		client, err := r.Writer(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		test.do(client)
		for kind, becomes := range map[failure.Kind]failure.Kind{
			failure.Usage: failure.Unexpected, failure.Config: failure.Unexpected,
			failure.Refused: failure.Refused, failure.NotFound: failure.NotFound, failure.Partial: failure.Partial,
		} {
			if !test.sent {
				becomes = kind
			}
			err := r.OnceSent(failure.New(kind, "it went wrong"))
			if failure.KindOf(err) != becomes || err.Error() != "it went wrong" || (failure.HintOf(err) == hint) != (becomes != kind) {
				t.Errorf("%s, %s: got %s, %v, hint %q, want %s", name, kind, failure.KindOf(err), err, failure.HintOf(err), becomes)
			}
		}
		if err := r.OnceSent(failure.New(failure.Usage, "x").Hint("its own")); test.sent && failure.HintOf(err) != hint+"; its own" {
			t.Errorf("hint %q", failure.HintOf(err))
		}
		if r.OnceSent(nil) != nil {
			t.Error("no failure becomes one")
		}
	}
}
