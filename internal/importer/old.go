package importer

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
)

// closeOld ends a run that an older version began, and says how what is left of it is
// imported.
func closeOld(ctx context.Context, env Env, id string) error {
	closed, err := ledger.CloseOld(ctx, env.Env, id)
	if err != nil {
		return err
	}
	head, c := closed.Head, closed.Counts
	again := fmt.Sprintf("stockctl inventory import %s --mode %s", head.File, head.Mode)
	if head.Mode == string(Adjust) {
		again += " --import-id " + head.ImportID
	}
	if head.Shard != "" {
		again += " --shard " + head.Shard
	}
	return failure.New(failure.Partial,
		"run %s was begun by an older version of stockctl and is closed: of %s, %d were applied (%d found in the movement log now), %d already there, %d refused, and %d not sent",
		id, Counted(head.Rows, "row"), c.Applied+c.Confirmed, closed.Found, c.Already, c.Rejected+c.Conflict+c.Invalid, c.Held+c.NotAttempted).
		Hint("import the file again with `%s`: what was applied is not applied again", again)
}
