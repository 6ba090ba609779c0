package importer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

// input is stored with a run: how its input was read.
type input struct {
	Options Options        `json:"options"`
	Name    string         `json:"name"`
	Dialect intake.Dialect `json:"verdict"`
	Header  []string       `json:"header"`
	Remarks []string       `json:"remarks,omitempty"`
	Lines   int64          `json:"lines,omitempty"`
}

// Run passes the plan to the ledger, which sends it. The summary accounts for every row,
// whatever happens. The error is the run's failure; its kind decides the exit code. Run
// closes the plan.
func (p *Plan) Run(ctx context.Context) (_ *Summary, err error) {
	defer func() { err = errors.Join(err, p.Close()) }()
	p.rowTags = nil // no longer needed; frees memory
	if p.run == nil {
		if err := p.seal(ctx); err != nil {
			return nil, err
		}
	}
	files, err := p.openFiles()
	if err != nil {
		if !p.run.Resumed() { // a run that sent nothing need not be resumed
			err = errors.Join(err, p.run.Discard())
			p.run, p.dir = nil, ""
		}
		return nil, err
	}
	result, err := p.run.Send(ctx, files)
	if err != nil {
		return nil, errors.Join(err, files.close())
	}
	s := p.summary(result)
	fault := errors.Join(result.Fault, p.finish(files, s))
	return s, failure.List(s.problem(result, fault), files.listed)
}

// seal begins the run: from here on it can be resumed.
func (p *Plan) seal(ctx context.Context) error {
	if p.unkept != nil {
		return fmt.Errorf("the run cannot be saved: %w", p.unkept)
	}
	d, err := p.draft()
	if err != nil {
		return err
	}
	d.Folder = p.folder
	p.run, err = ledger.Begin(ctx, p.env.Env, d)
	if err == nil {
		p.folder = nil // it belongs to the run now
		if d.Options.Reviewed && p.options.Mode == stock.Set {
			p.run.Use(p.onHand)
		}
	}
	return err
}

// draft returns the plan as the ledger takes it, without a folder.
func (p *Plan) draft() (ledger.Draft, error) {
	text, err := json.Marshal(input{p.options, p.name, p.Dialect, p.found, p.Remarks, p.Lines})
	sending := p.options.Options
	sending.Named = sending.Named || p.options.ImportID != ""
	return ledger.Draft{
		File: p.options.File, Digest: p.digest, ImportID: p.ImportID, Tenant: p.Tenant, Shard: p.options.Shard.String(),
		Lookback: p.options.Lookback, Plan: p.writes, Needs: []*os.File{p.copied}, Input: text, Options: sending,
	}, err
}

// openFiles opens the files of the run, and stores their names immediately, so that a run
// that is killed still knows what it wrote.
func (p *Plan) openFiles() (*files, error) {
	if p.run.Resumed() {
		if err := p.run.Change(dropEmpty); err != nil {
			return nil, err
		}
	}
	f, err := openFiles(p, p.run.Dir(), p.run.Resumed())
	if err != nil {
		return nil, err
	}
	return f, p.run.Change(func(h *journal.Head) {
		h.Rejects, h.Holds = withName(h.Rejects, f.refused.file.Name()), withName(h.Holds, f.held.file.Name())
	})
}

// finish closes the files. It removes the copy of the input after a finished run, which
// does not need the customers' data any more.
func (p *Plan) finish(f *files, s *Summary) error {
	s.Rejects, s.Held = f.refused.name(), f.held.name()
	if f.report != nil {
		s.Report = f.report.file.Name()
	}
	if !f.lines {
		s.report, f.report = f.report, nil // the command writes it once everything is known
	}
	err := errors.Join(f.close(), p.run.Change(dropEmpty))
	head := p.run.Head()
	s.AllRejects, s.AllHeld = head.Rejects, head.Holds
	if s.Rejects == "" && len(s.AllRejects) > 0 {
		s.Rejects = s.AllRejects[len(s.AllRejects)-1]
	}
	if s.Finished {
		err = errors.Join(err, p.copied.Close(), os.Remove(p.copied.Name()))
		p.copied = nil
	}
	return err
}

// Reopen reopens an import that was stopped or killed, or that has rows on hold. The
// store and the address of the API must be the same as before. The file is not needed.
func Reopen(ctx context.Context, env Env, id string) (*Plan, error) {
	run, err := ledger.Reopen(env.Env, id)
	if errors.Is(err, ledger.ErrOldRun) {
		return nil, closeOld(ctx, env, id)
	}
	if err != nil {
		return nil, err
	}
	p := &Plan{env: env, id: id, dir: run.Dir(), run: run, writes: run.Plan(), ImportID: run.Head().ImportID, Rows: run.Head().Rows}
	if err := p.reopen(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Plan) reopen(ctx context.Context) error {
	head := p.run.Head()
	var in input
	err := json.Unmarshal(head.Input, &in)
	if err == nil {
		p.copied, err = os.Open(filepath.Join(p.dir, ledger.CopyName))
	}
	if err != nil {
		return failure.WithHint(fmt.Errorf("run %s: %w", head.ID, err),
			"give the run up with `stockctl inventory import forget %s`, and import %s again", head.ID, head.File)
	}
	p.options = in.Options
	if err := p.restore(ctx, in); err != nil {
		return err
	}
	if err := p.readTenant(ctx); err != nil {
		return err
	}
	if p.Tenant != head.Tenant {
		return failure.Usagef("run %s is for another store", head.ID).StartedWith(head.Profile)
	}
	if p.options.Mode != stock.Set {
		return nil
	}
	return p.readAgain(ctx)
}

// readAgain reads the records of the remaining rows again: stock may have moved since the
// plan was made.
func (p *Plan) readAgain(ctx context.Context) error {
	p.products = map[string]bool{}
	err := p.writes.Each(func(w *ledger.Write) error {
		if w.Decided == nil && !p.run.Done(w) {
			p.named(w.Key.Product)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.run.Use(p.onHand)
	return p.askRecords(ctx)
}

// onHand returns the quantity on hand of a row's record when it was last read.
func (p *Plan) onHand(w *ledger.Write) (int64, error) {
	now, found := p.records.get(w.Key)
	switch {
	case !found || now.id != w.Record:
		return 0, failure.New(failure.NotFound, "the record %s no longer exists", w.Record)
	case !now.known:
		return 0, failure.New(failure.Refused, "the API no longer reports the quantity on hand of record %s", w.Record)
	}
	return now.onHand, nil
}

// restore restores how the input was read.
func (p *Plan) restore(ctx context.Context, in input) error {
	p.name, p.Dialect, p.found, p.Remarks, p.Lines = in.Name, in.Dialect, in.Header, in.Remarks, in.Lines
	p.names = columns.NewNames(p.env.Names, p.env.Barcodes, p.options.Mode)
	parser := columns.NewParser(ctx, &p.options.Reading, p.names, nil)
	parser.Mapping.MapHeader(p.found, func(int) string { return "" })
	p.columns = parser.Mapping
	return parser.Failed
}
