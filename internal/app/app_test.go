package app_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/fakeshop"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// run is an app with its own environment and server.
type run struct {
	*app.App
	env    map[string]string
	shop   *sandbox.Server
	logins atomic.Int64
}

func newRun(t *testing.T) *run {
	t.Helper()
	web := fakeshop.Open(t, sandbox.Options{})
	shop := web.Sandbox
	r := &run{shop: shop}
	web.Handle(func(w http.ResponseWriter, req *http.Request) {
		if strings.HasSuffix(req.URL.Path, "/login") {
			r.logins.Add(1)
		}
		shop.ServeHTTP(w, req)
	})
	streams, _, _, _ := iostreams.Test()
	r.App = app.New(streams, app.Build{Version: "test"})
	dir := t.TempDir()
	r.env = map[string]string{
		"HOME": dir, "STOCKCTL_BASE_URL": web.URL,
		"STOCKCTL_MERCHANT_API_KEY": shop.Account().MerchantAPIKey,
	}
	r.LookupEnv = func(name string) (string, bool) { v, ok := r.env[name]; return v, ok }
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *run) signInByItself() {
	r.env["STOCKCTL_EMAIL"], r.env["STOCKCTL_PASSWORD"] = r.shop.Account().Email, r.shop.Account().Password
}

func (r *run) read(ctx context.Context) error {
	client, err := r.API(ctx)
	if err != nil {
		return err
	}
	_, err = client.Warehouses(ctx)
	return err
}

// Runs share a pace if they have one key, and that does not reveal the key.
func TestAccount(t *testing.T) {
	account := func(change func(*run)) string {
		r := newRun(t)
		r.env["STOCKCTL_MERCHANT_API_KEY"] = "pk_one"
		change(r)
		return r.Account(t.Context())
	}
	one := account(func(*run) {})
	if len(one) != 64 || strings.Contains(one, "pk_one") {
		t.Errorf("got %q, want 64 characters without the key", one)
	}
	for name, c := range map[string]struct {
		change func(*run)
		want   bool
	}{
		"the same key":           {func(*run) {}, true},
		"as another user":        {func(r *run) { r.env["STOCKCTL_TOKEN"] = "other" }, true},
		"another key":            {func(r *run) { r.env["STOCKCTL_MERCHANT_API_KEY"] = "pk_other" }, false},
		"a key that is the name": {func(r *run) { r.env["STOCKCTL_MERCHANT_API_KEY"] = one }, false},
	} {
		if got := account(c.change); (got == one) != c.want || got == "" {
			t.Errorf("%s: got %q, the same as %q: want %t", name, got, one, c.want)
		}
	}
	for name, change := range map[string]func(*run){
		"no key":      func(r *run) { delete(r.env, "STOCKCTL_MERCHANT_API_KEY") },
		"the sandbox": func(r *run) { r.env["STOCKCTL_PROFILE"] = "sandbox" },
	} {
		if got := account(change); got != "" {
			t.Errorf("%s: got %q, want none", name, got)
		}
	}
}

// {"exp":1764000000}: 2025-11-24T16:00:00Z
const ended = "e30.eyJleHAiOjE3NjQwMDAwMDB9.x"

func TestCredentials(t *testing.T) {
	for name, test := range map[string]struct {
		set     func(*run)
		logins  int64
		kind    failure.Kind // "" for none
		message string
		hint    string
	}{
		"token":                   {set: func(r *run) { r.env["STOCKCTL_TOKEN"], _ = r.shop.IssueToken() }},
		"no token":                {set: func(*run) {}, kind: failure.Auth, message: "profile default is not signed in"},
		"no key":                  {set: func(r *run) { delete(r.env, "STOCKCTL_MERCHANT_API_KEY") }, kind: failure.Auth, message: "profile default has no merchant API key"},
		"signs in automatically":  {set: (*run).signInByItself, logins: 1},
		"expired token":           {set: func(r *run) { r.env["STOCKCTL_TOKEN"] = ended }, kind: failure.Auth, message: "the token from environment STOCKCTL_TOKEN expired at "},
		"expired token, signs in": {set: func(r *run) { r.env["STOCKCTL_TOKEN"] = ended; r.signInByItself() }, logins: 1},
		"refused token": {
			set: func(r *run) { r.env["STOCKCTL_TOKEN"] = "nonsense" }, kind: failure.Auth,
			message: "the API does not accept the token from environment STOCKCTL_TOKEN with the key from environment STOCKCTL_MERCHANT_API_KEY",
		},
		"refused token, signs in": {set: func(r *run) { r.env["STOCKCTL_TOKEN"] = "nonsense"; r.signInByItself() }, logins: 1},
		"signs in, wrong password": {
			set: func(r *run) { r.signInByItself(); r.env["STOCKCTL_PASSWORD"] = "no" }, logins: 1, kind: failure.Auth,
			message: "signing in as merchant@example.com: wrong email or password",
			hint:    "correct STOCKCTL_EMAIL and STOCKCTL_PASSWORD; or unset both to use the token from `stockctl auth login`",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(t)
			test.set(r)
			err := r.read(t.Context())
			if test.kind == "" && err != nil || test.kind != "" && (failure.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.message)) {
				t.Errorf("got %s: %v, want %s: %s", failure.KindOf(err), err, test.kind, test.message)
			}
			if got := r.logins.Load(); got != test.logins {
				t.Errorf("%d sign-ins, want %d", got, test.logins)
			}
			if hint := failure.HintOf(err); err != nil && hint == "" || test.hint != "" && hint != test.hint {
				t.Errorf("%v, hint %q", err, hint)
			}
		})
	}
}

// A token that is about to expire is not used, as it could expire on the way.
func TestTokenLeeway(t *testing.T) {
	for before, usable := range map[time.Duration]bool{time.Minute: false, 3 * time.Minute: true} {
		r := newRun(t)
		token, end := r.shop.IssueToken()
		r.env["STOCKCTL_TOKEN"] = token
		r.Now = func() time.Time { return end.Add(-before) }
		if err := r.read(t.Context()); (err == nil) != usable {
			t.Errorf("%s before its end: %v", before, err)
		}
	}
}

// The sandbox profile uses the API in this process and ignores servers and secrets
// in the environment.
func TestSandboxNeedsNothing(t *testing.T) {
	r := newRun(t)
	r.env["STOCKCTL_PROFILE"] = "sandbox"
	r.env["STOCKCTL_TOKEN"] = "nonsense"
	r.env["STOCKCTL_MERCHANT_API_KEY"] = "pk_live_real"
	if err := r.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r.logins.Load() != 0 {
		t.Error("the server of the environment was asked")
	}
}

func TestUnknownProfile(t *testing.T) {
	r := newRun(t)
	r.env["STOCKCTL_PROFILE"] = "lagos"
	if err := r.read(t.Context()); failure.KindOf(err) != failure.Config {
		t.Errorf("got %v, want a configuration error", err)
	}
}

// A write that has begun gets ten more seconds after Ctrl-C, and then ends with the
// same cause as the command.
func TestFinishWaitsTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		why := errors.New("interrupted")
		ctx, interrupt := context.WithCancelCause(t.Context())
		writing, done := app.Finish(ctx)
		defer done()
		time.Sleep(time.Hour) // the write itself has no time limit
		interrupt(why)
		time.Sleep(10*time.Second - 1)
		if synctest.Wait(); writing.Err() != nil {
			t.Errorf("the write was abandoned too soon: %v", context.Cause(writing))
		}
		time.Sleep(time.Nanosecond)
		if synctest.Wait(); !errors.Is(context.Cause(writing), why) {
			t.Errorf("the write never ends: %v", context.Cause(writing))
		}
	})
}

// A write that has begun outlives Ctrl-C, but ends when its caller cancels it.
func TestFinish(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	writing, done := app.Finish(ctx)
	interrupt()
	if err := writing.Err(); err != nil {
		t.Errorf("Ctrl-C ended the write immediately: %v", err)
	}
	done()
	if !errors.Is(writing.Err(), context.Canceled) {
		t.Errorf("the write continues after its caller is done: %v", writing.Err())
	}
}

// When several requests are refused, only the first signs in again; the others use
// its session.
func TestWorkersShareOneRenewedSession(t *testing.T) {
	const workers = 8
	r := newRun(t)
	r.env["STOCKCTL_TOKEN"] = "nonsense"
	r.signInByItself()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	client, err := r.Writer(ctx, workers)
	if err != nil {
		t.Fatal(err)
	}
	start, errs := make(chan struct{}), make(chan error, workers)
	for range workers {
		go func() {
			<-start
			_, err := client.Warehouses(ctx)
			errs <- err
		}()
	}
	close(start)
	for range workers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if got := r.logins.Load(); got != 1 {
		t.Errorf("%d workers signed in %d times", workers, got)
	}
}
