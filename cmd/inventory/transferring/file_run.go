package transferring

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/transfer"
)

const (
	// workers is how many items are moved concurrently.
	workers = 4
	// meterAfter is how long moves take before progress is shown.
	meterAfter = time.Second
	// maxMoves is the maximum number of moves from one file.
	maxMoves = 20_000
)

// batches returns the store for the files of transfers on this machine.
func batches(a *app.App) (transfer.Batches, error) {
	dir, err := unfinished.Folder(a, "transfer-files")
	return transfer.Batches{Dir: dir}, err
}

// fileRun is one run of `inventory transfer -f`.
type fileRun struct {
	*fileOptions
	printer *output.Printer
	reader  ledger.Env
	env     transfer.Env
	store   transfer.Batches
	plan    *importer.Plan
}

// runTransferFile reads and checks the file, shows what it would do, asks for consent,
// and makes the moves.
func runTransferFile(ctx context.Context, opts *fileOptions) (err error) {
	r := &fileRun{fileOptions: opts}
	if r.printer, err = app.PrinterFor(opts.app, movedView()); err != nil {
		return err
	}
	if r.env, err = transferEnv(ctx, opts.app); err != nil {
		return err
	}
	if r.reader, err = sending.Env(ctx, opts.app, 1); err != nil {
		return err
	}
	if r.store, err = batches(opts.app); err != nil {
		return err
	}
	if err := r.read(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.plan.Close()) }()
	if opts.dryRun {
		moves, err := r.check(ctx)
		if err != nil {
			return err
		}
		return r.showDryRun(ctx, moves)
	}
	giveBack, err := r.claim()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, giveBack()) }()
	moves, err := r.check(ctx)
	if err == nil {
		err = r.confirm(ctx, moves)
	}
	if err != nil {
		return err
	}
	return r.move(ctx, moves)
}

// read reads the file.
func (r *fileRun) read(ctx context.Context) (err error) {
	names, err := r.app.Names(ctx)
	if err != nil {
		return err
	}
	r.plan, err = mapping.Check(ctx, r.app, importer.Env{Env: r.reader, Names: names, Barcodes: names, In: r.app.Stdin(ctx)}, &r.reading)
	return err
}

// check works out the moves of the file from the store's records. It sends nothing.
func (r *fileRun) check(ctx context.Context) ([]transfer.Move, error) {
	names, err := r.app.Names(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.plan.Moves()
	if err != nil {
		return nil, err
	}
	if len(rows) > maxMoves {
		return nil, failure.Usagef("%s has %d moves, but one file can have at most %d", r.plan.Source(), len(rows), maxMoves).Hint("split the file")
	}
	store, err := readStore(ctx, r.env.Client, names, rows)
	if err != nil {
		return nil, err
	}
	moves, wrong := store.plan(ctx, rows)
	if err := r.plan.Refuse(wrong); err != nil {
		return nil, err
	}
	r.describe(moves)
	return moves, nil
}

// describe prints on stderr how the file was read.
func (r *fileRun) describe(moves []transfer.Move) {
	mapping.Describe(r.app, r.plan, r.plan.Parts()+fmt.Sprintf(": %s of %s to make in profile %s",
		failure.Count(len(moves), "move", "moves"), failure.Count(transfer.Batch{Moves: moves}.Units(), "unit", "units"), r.app.Target()))
}

// showDryRun shows what would be moved.
func (r *fileRun) showDryRun(ctx context.Context, moves []transfer.Move) error {
	rows, err := rowsOf(ctx, r.app, moves, nil)
	if err != nil {
		return err
	}
	if err := output.List(r.printer, movedView(), output.Items(rows)); err != nil {
		return err
	}
	r.app.Note("dry run: nothing was sent")
	return nil
}

// claim keeps other processes from moving the same file, and refuses one that was moved
// before.
func (r *fileRun) claim() (giveBack func() error, err error) {
	digest := r.plan.Digest()
	giveBack, taken, err := r.store.Claim(r.env.BaseURL + "\x00" + digest)
	if err != nil {
		return nil, err
	}
	if !taken {
		return nil, failure.Usagef("another process is making the moves of %s now", r.plan.Source())
	}
	before, err := r.store.Same(r.env.BaseURL, digest)
	if err == nil && before.ID != "" && !r.again {
		err = alreadyMoved(r.plan.Source(), before)
	}
	if err != nil {
		return nil, errors.Join(err, giveBack())
	}
	return giveBack, nil
}

// alreadyMoved refuses a file that would be moved twice.
func alreadyMoved(file string, before transfer.Batch) error {
	when := before.Started.Format(time.RFC3339)
	if before.Finished == nil {
		return failure.New(importer.AlreadyImported, "the moves of %s were started on %s, as %s, and are not finished", file, when, before.ID).
			Hint("continue with `stockctl inventory transfer resume %s`", before.ID)
	}
	return failure.New(importer.AlreadyImported, "the moves of %s were made on %s, as %s", file, when, before.ID).
		Hint("--again makes them once more, `stockctl inventory transfer undo %s` undoes them", before.ID)
}

// confirm asks on a terminal. Elsewhere, a live key or a profile with confirm needs
// --yes.
func (r *fileRun) confirm(ctx context.Context, moves []transfer.Move) error {
	if len(moves) == 0 {
		return nil
	}
	title := output.Clean("Make " + failure.Count(len(moves), "move", "moves") + " of " + r.plan.Source() + " in " + r.app.Target() + "?")
	if yes, err := r.app.ConfirmMany(ctx, title, "these moves write", "add --yes, or --dry-run"); err != nil || yes {
		return err
	}
	return failure.New(failure.Interrupted, "cancelled: nothing was moved")
}

// move begins the batch and makes its moves.
func (r *fileRun) move(ctx context.Context, moves []transfer.Move) (err error) {
	invalid, err := mapping.LeaveOut(r.plan, r.reading.Rejects, r.store.Dir, "move")
	if err != nil {
		return err
	}
	if len(moves) == 0 {
		r.app.Note("nothing was moved")
		return invalid
	}
	now := r.app.Now()
	if err := errors.Join(r.store.Prune(now), r.env.Store.Prune(now)); err != nil {
		return err
	}
	w, err := r.env.BeginBatch(r.store, transfer.Batch{File: r.reading.File, Digest: r.plan.Digest(), Moves: moves})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	cause := carryOut(ctx, r.reader, w.Run)
	return showBatch(ctx, r.app, r.printer, w, cause, invalid)
}

// carryOut runs a step of a batch and shows its progress. It returns what ended the step
// early.
func carryOut(ctx context.Context, env ledger.Env, step func(stop, send context.Context, workers int, show func(done, of int)) error) error {
	writing, done := app.Finish(ctx)
	defer done()
	began := env.Now()
	var mu sync.Mutex
	progress := ledger.Progress{}
	show := func(done, of int) {
		spent := env.Now().Sub(began)
		if spent < meterAfter {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		progress.Done, progress.Total = int64(done), int64(of)
		progress.PerSecond = float64(done) / spent.Seconds()
		progress.Left = time.Duration(float64(of-done) / progress.PerSecond * float64(time.Second))
		env.Show(progress)
	}
	err := step(ctx, writing, workers, show)
	progress.Last = true
	env.Show(progress)
	return err
}

// openBatch continues or undoes the moves of a file that were begun before.
func openBatch(ctx context.Context, a *app.App, id string, undo bool) (err error) {
	printer, err := app.PrinterFor(a, movedView())
	if err != nil {
		return err
	}
	env, err := transferEnv(ctx, a)
	if err != nil {
		return err
	}
	sender, err := sending.Env(ctx, a, 1)
	if err != nil {
		return err
	}
	store, err := batches(a)
	if err != nil {
		return err
	}
	w, err := env.OpenBatch(store, id)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	b, step := w.Head(), w.Run
	if undo {
		step = w.Undo
		err = confirmStep(ctx, a, "Take the "+failure.Count(len(b.Moves), "move", "moves")+" of "+b.File+" back")
	} else {
		err = a.Consent(ctx, output.Clean("Resume the moves of "+b.File))
	}
	if err != nil {
		return err
	}
	return showBatch(ctx, a, printer, w, carryOut(ctx, sender, step), nil)
}
