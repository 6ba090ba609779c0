package seeing

import (
	"context"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/movements"
)

// readLog reads the movement log, using the copy on this machine. The embedded
// sandbox needs no copy, as it runs in the same process.
func readLog(ctx context.Context, a *app.App) (*movements.Log, error) {
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	client, err := a.API(ctx)
	if err != nil {
		return nil, err
	}
	m := newMeter(a)
	o := movements.Options{Client: client, Server: c.BaseURL().Value, Account: c.Account(), Progress: m.show}
	if dir, err := c.CacheDir(); err == nil && !c.IsSandbox() {
		o.Dir = filepath.Join(dir, "movements")
	}
	log, err := movements.Read(ctx, o)
	m.clear()
	return log, err
}

// warnPart warns that the API returned only a part of its log.
func warnPart(a *app.App, log *movements.Log) {
	switch {
	case log.Missing > 0:
		a.Note("warning: the API counts %s more than it returns", failure.Count(log.Missing, "movement", "movements"))
	case !log.Complete:
		a.Note("warning: the API may not return the whole movement log")
	}
}
