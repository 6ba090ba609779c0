package seeing

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
)

// item are the names of what a record holds and where, as people know them; nil
// where they are not known.
type item = api.Named

// namer returns what names a record: the one place where the verbs of this
// package learn names. Names that cannot be read are left out.
func namer(ctx context.Context, a *app.App) (func(api.Record) item, error) {
	names, err := a.Names(ctx)
	if err != nil {
		return nil, err
	}
	return func(r api.Record) item {
		_ = names.NameRecord(ctx, &r)
		return r.Named
	}, nil
}

// text is what a name says, or else the id.
func text(name *string, id string) string {
	if name == nil || *name == "" {
		return id
	}
	return *name
}
