package app

import (
	"context"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// Peek asks the API something for a shell that waits for the answer: in at most
// the given time, with the secrets there are, never signing in, waiting for a
// busy API or writing to stderr. What ask found is for its own variables; when
// time is out, Peek returns false and ask may still run: they must not be read.
func (a *App) Peek(ctx context.Context, most time.Duration, ask func(context.Context, *api.Client) error) bool {
	c, err := a.Config()
	if err != nil || c.RequireProfile() != nil || c.InKeyring() { // a keyring may ask to be unlocked
		return false
	}
	// A copy of its own: the run may end before ask does.
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
	case good := <-done: // it was done just then
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
