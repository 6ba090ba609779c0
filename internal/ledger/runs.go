package ledger

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/workdir"
)

// DefaultLookback is how far back rows are compared with the movement log: as long as
// finished runs are kept.
const DefaultLookback = workdir.Finished

// CopyName is the name of the copy of the input in the folder of an unfinished run.
const CopyName = "input"

// Prune removes the journals of finished runs that are older than every lookback: the
// default, the given one, and the one that the run started with.
func Prune(store journal.Store, now time.Time, lookback time.Duration) error {
	return store.Prune(now, func(head journal.Head) time.Duration {
		// A process that died while finishing may have left the input, which is
		// customers' data.
		_ = os.Remove(filepath.Join(store.Dir, head.ID, CopyName))
		return max(lookback, head.Lookback)
	})
}

// Unfinished lists the runs that can be resumed, oldest first.
func Unfinished(store journal.Store) ([]journal.Info, error) {
	all, err := Runs(store)
	return slices.DeleteFunc(all, func(i journal.Info) bool { return i.Finished != nil }), err
}

// Runs lists the runs, oldest first.
func Runs(store journal.Store) ([]journal.Info, error) {
	ids, err := store.IDs()
	if err != nil {
		return nil, err
	}
	out := make([]journal.Info, 0, len(ids))
	for _, id := range ids {
		info, err := store.Inspect(id)
		if failure.KindOf(err) == failure.NotFound {
			continue // it was forgotten just now
		}
		if err != nil { // an unreadable run must not hide the others
			head, _ := store.Head(id)
			info = journal.Info{Head: head, Damaged: err}
		}
		out = append(out, info)
	}
	return out, nil
}

// Tenant asks the API for the id of the store. It returns "" if the account may not
// ask; the writes will show what it may do.
func Tenant(ctx context.Context, client *api.Client) (string, error) {
	profile, err := client.Profile(ctx)
	switch failure.KindOf(err) {
	case failure.Permission, failure.NotFound, failure.Refused:
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("checking who is signed in: %w", err)
	}
	return profile.TenantID, nil
}
