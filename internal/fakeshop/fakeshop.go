// Package fakeshop is a store for tests: the sandbox with responses that a test may change,
// behind an HTTP server or within the process. It is opened and closed with the test. No
// program imports this package.
package fakeshop

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// Shop is a store behind an HTTP server of its own.
type Shop struct {
	*httptest.Server
	*Local
}

// Open starts a shop in memory.
func Open(t testing.TB, o sandbox.Options) *Shop {
	t.Helper()
	local := OpenLocal(t, o)
	s := &Shop{Server: httptest.NewServer(http.HandlerFunc(local.ServeHTTP)), Local: local}
	t.Cleanup(s.Close)
	return s
}

// Local is a store without a server.
type Local struct {
	Sandbox *sandbox.Server
	handler atomic.Pointer[http.HandlerFunc]
}

// OpenLocal opens a store in memory.
func OpenLocal(t testing.TB, o sandbox.Options) *Local {
	t.Helper()
	o.Path = ":memory:"
	server, err := sandbox.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	l := &Local{Sandbox: server}
	l.Handle(server.ServeHTTP)
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// Handle lets a function handle the requests that follow. It may hand them to Sandbox.
func (l *Local) Handle(handler http.HandlerFunc) { l.handler.Store(&handler) }

// ServeHTTP handles a request with the function of the last Handle.
func (l *Local) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*l.handler.Load())(w, r) }

// Account returns the credentials of the shop.
func (l *Local) Account() Account {
	token, _ := l.Sandbox.IssueToken()
	return Account{l.Sandbox.Account().MerchantAPIKey, token}
}

// Account is a merchant API key and a token that cannot be renewed. Requests of an
// api.Client carry them.
type Account struct{ Key, Bearer string }

// MerchantKey returns the merchant API key.
func (a Account) MerchantKey(context.Context) (string, error) { return a.Key, nil }

// Token returns the token.
func (a Account) Token(context.Context) (string, error) { return a.Bearer, nil }

// Renew fails: a test that needs it has a token that was refused.
func (a Account) Renew(context.Context, string) (string, error) {
	return "", errors.New("this test must not sign in")
}
