// Package fakeshop is a store over HTTP for tests: the sandbox behind a server of which
// a test may change the answers. It is started and closed with the test. No program
// imports this package.
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

// Shop is a store of its own.
type Shop struct {
	*httptest.Server
	Sandbox *sandbox.Server
	answer  atomic.Pointer[http.HandlerFunc]
}

// Open starts a shop in memory.
func Open(t testing.TB, o sandbox.Options) *Shop {
	t.Helper()
	o.Path = ":memory:"
	server, err := sandbox.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	s := &Shop{Sandbox: server}
	s.Answer(server.ServeHTTP)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*s.answer.Load())(w, r) }))
	t.Cleanup(func() {
		s.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Answer lets a function answer the requests that follow. It may hand them to Sandbox.
func (s *Shop) Answer(answer http.HandlerFunc) { s.answer.Store(&answer) }

// Account returns the credentials of the shop.
func (s *Shop) Account() Account {
	token, _ := s.Sandbox.IssueToken()
	return Account{s.Sandbox.Account().MerchantAPIKey, token}
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
