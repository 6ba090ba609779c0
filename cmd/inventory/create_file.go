package inventory

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

// readDrafts reads the records of a file, or of a stream that is already open. single
// is true if the file is one record and not a list.
func readDrafts(ctx context.Context, in io.Reader, name string) (drafts []*draft.Create, single bool, err error) {
	called := name
	if name == "-" {
		called = "standard input"
	}
	if in == nil {
		f, err := await.Open(ctx, name)
		if err != nil {
			return nil, false, unreadable(name, err)
		}
		defer func() { _ = f.Close() }() // it was only read
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, false, failure.Usagef("%s is a folder, not a file", name)
		}
		in = await.Reader(ctx, f)
	}
	docs, err := intake.ReadDocuments(called, in)
	if err != nil {
		return nil, false, err
	}
	for _, v := range docs.Records {
		drafts = append(drafts, draft.FromValue(v))
	}
	return drafts, docs.Single, nil
}

// unreadable returns in one sentence why a file could not be opened.
func unreadable(name string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return failure.Usagef("cannot read %s: %w", name, err)
}
