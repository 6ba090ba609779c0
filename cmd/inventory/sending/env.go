// Package sending has what commands with many writes share: their dependencies, and the
// progress display. It makes no decisions about writes.
package sending

import (
	"context"
	"time"

	"github.com/bayworks/stockctl/cmd/inventory/unfinished"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// defaultMaxWait is how long a run waits for an API that stopped responding,
// unless --max-wait says otherwise.
const defaultMaxWait = 15 * time.Minute

// Store returns the store with the runs on this machine.
func Store(a *app.App) (journal.Store, error) {
	dir, err := unfinished.Folder(a, "imports")
	return journal.Store{Dir: dir, GiveUp: "give it up with `stockctl inventory import forget %s`"}, err
}

// Env returns the dependencies of a run with the given number of concurrent writes.
func Env(ctx context.Context, a *app.App, workers int) (ledger.Env, error) {
	c, err := a.Config()
	if err != nil {
		return ledger.Env{}, err
	}
	reader, err := a.API(ctx)
	if err != nil {
		return ledger.Env{}, err
	}
	writer, err := a.Writer(ctx, workers)
	if err != nil {
		return ledger.Env{}, err
	}
	store, err := Store(a)
	if err != nil {
		return ledger.Env{}, err
	}
	maxWait := defaultMaxWait
	if wait, set := c.MaxWait(); set {
		maxWait = wait
	}
	return ledger.Env{
		Reader: reader, Writer: writer, Store: store, Now: a.Now,
		Profile: c.Profile(), BaseURL: unfinished.Owner(c), Account: a.Account, MaxWait: maxWait, Finish: app.Finish,
		Show: newMeter(a).show, Note: func(text string) { a.Note("%s", text) },
	}, nil
}
