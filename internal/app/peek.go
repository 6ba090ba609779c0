package app

import (
	"context"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// Peek calls the API for shell completion. It takes at most the given time and uses
// existing secrets; it never signs in, waits for a busy API or writes to stderr. ask
// stores results in its own variables. If Peek returns false, ask may still be
// running, and those variables must not be read.
func (a *App) Peek(ctx context.Context, most time.Duration, ask func(context.Context, *api.Client) error) bool {
	c, err := a.Config()
	if err != nil || c.RequireProfile() != nil || c.InKeyring() { // a keyring could prompt to be unlocked
		return false
	}
	// Use a copy, since the run may end before ask does.
	shadow := *a
	shadow.service, shadow.closers = nil, nil
	if _, err := a.Copy(); err != nil {
		return false
	}
	shadow.names = a.names
	limited, cancel := context.WithTimeout(ctx, most)
	done := make(chan bool, 1)
	go func() {
		defer cancel()
		client, err := shadow.peeker(limited, c)
		if err == nil {
			err = ask(limited, client)
		}
		done <- shadow.Close() == nil && err == nil
	}()
	select {
	case good := <-done:
		return good
	case <-limited.Done():
	}
	select {
	case good := <-done: // it finished just in time
		return good
	default:
		return false
	}
}

func (a *App) peeker(ctx context.Context, c *config.Config) (*api.Client, error) {
	o, err := a.connect(ctx, c)
	if err != nil {
		return nil, err
	}
	o.MaxWait, o.Debug, o.Learner = -1, nil, a.names
	if own, is := o.Auth.(*credentials); is {
		own.login = func(context.Context, string, string) (api.Session, error) {
			return api.Session{}, failure.New(failure.Auth, "not signed in")
		}
	}
	return api.New(o)
}
