package importer

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/stock"
)

// closeOld ends a run that an older version began. The error says how to import what is
// left of it.
func closeOld(ctx context.Context, env Env, id string) error {
	closed, err := ledger.CloseOld(ctx, env.Env, id)
	if err != nil {
		return err
	}
	head, c := closed.Head, closed.Counts
	again := fmt.Sprintf("stockctl inventory import %s --mode %s", failure.Arg(head.File), head.Mode)
	if head.Mode == string(stock.Adjust) {
		again += " --import-id " + failure.Arg(head.ImportID)
	}
	if head.Shard != "" {
		again += " --shard " + head.Shard
	}
	if head.Mode != string(stock.Adjust) { // in the other modes, a row may always be imported again
		c.NotAttempted += c.Held
	}
	text := fmt.Sprintf("run %s was started by an older version of stockctl and is closed: of %s, %d were applied (%d found in the movement log now), %d already there, %d refused, and %d not sent",
		id, failure.Count(head.Rows, "row", "rows"), c.Applied+c.Confirmed, closed.Found, c.Already, c.Rejected+c.Conflict+c.Invalid, c.NotAttempted)
	if c.Held > 0 && head.Mode == string(stock.Adjust) {
		return failure.New(failure.OutcomeUnknown, "%s; for %d of them it is unknown whether they were applied", text, c.Held).
			Hint("look for them with `stockctl inventory logs --since 30d` before you import the file again with `%s`, which would send them", again)
	}
	return failure.New(failure.Partial, "%s", text).
		Hint("import the file again with `%s`: what was applied is not applied again", again)
}
