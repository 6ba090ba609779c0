package counting

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/cmd/inventory/unfinished"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
)

// counting is one run of `count` or of `count resume`.
type counting struct {
	*countOptions
	printer *output.Printer
	env     ledger.Env
	names   *lookup.Names
	store   count.Store
	ask     bool
	session *count.Session
	codes   *count.Codes
	plan    *importer.Plan // the file, until its rows are counted; nil: no file

	ownBarcodes bool // the user named the barcode file
}

func (o *countOptions) begin(ctx context.Context) (*counting, error) {
	c := &counting{countOptions: o}
	var err error
	if c.printer, err = app.PrinterFor(o.app, varianceView()); err != nil {
		return nil, err
	}
	if c.ask, err = o.app.CanAsk(); err != nil {
		return nil, err
	}
	if c.ask {
		o.app.Mute()
	}
	if o.app.Guarded() && !c.ask && !o.app.Yes && !o.dryRun {
		return nil, failure.Usagef("this count writes to %s, and there is no terminal to prompt on", o.app.Target()).Hint("add --yes, or --dry-run")
	}
	cfg, err := o.app.Config()
	if err != nil {
		return nil, err
	}
	if c.ownBarcodes = o.aliases != ""; !c.ownBarcodes {
		o.aliases = filepath.Join(filepath.Dir(cfg.Path()), "barcodes.csv")
	}
	if o.aliases, err = filepath.Abs(o.aliases); err != nil {
		return nil, err
	}
	if c.store, err = store(o.app); err != nil {
		return nil, err
	}
	if c.names, err = o.app.Names(ctx); err != nil {
		return nil, err
	}
	c.env, err = sending.Env(ctx, o.app, ledger.MaxWorkers)
	return c, err
}

// runCount starts a count.
func runCount(ctx context.Context, opts *countOptions) (err error) {
	if ask, err := opts.app.CanAsk(); err != nil || opts.file == "" && opts.warehouse == "" && !ask {
		return cmp.Or(err, error(failure.Usagef("--scan needs --warehouse: the warehouse to count")))
	}
	c, err := opts.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.plan.Close()) }()
	in, err := c.place(ctx)
	if err != nil {
		return err
	}
	now := opts.app.Now()
	if err := c.store.Prune(now); err != nil {
		return err
	}
	c.warnOfUnfinished(in)
	source, read := "scan", c.readNothing
	if opts.file != "" {
		source, read = opts.file, c.readFile
	}
	counts, base, err := read(ctx, in)
	if err != nil {
		return err
	}
	c.session, err = c.store.Create(count.Head{
		Source: source, Profile: c.env.Profile, BaseURL: c.env.BaseURL, Warehouse: in.ID, Place: warehouseName(in), Complete: opts.complete, Aliases: opts.aliases, Started: now,
		IfMoved: opts.reading.IfMoved,
	}, base)
	if err != nil {
		return err
	}
	for _, one := range counts {
		if err := c.session.Set(one.Item, one.Qty); err != nil {
			return errors.Join(err, c.session.Close())
		}
	}
	if opts.file != "" {
		if err := c.session.Finish(); err != nil {
			return errors.Join(err, c.session.Close())
		}
	}
	return c.close(c.complete(ctx))
}

// place returns the warehouse to count, and asks for it if a scan has none. A file may have
// a column for it.
func (c *counting) place(ctx context.Context) (w api.Warehouse, err error) {
	if c.warehouse == "" && c.file == "" {
		c.warehouse, err = c.askPlace(ctx)
	}
	if err != nil || c.warehouse == "" {
		return w, err
	}
	return c.names.Warehouse(ctx, c.warehouse)
}

// askPlace asks for the warehouse to count.
func (c *counting) askPlace(ctx context.Context) (string, error) {
	list, err := c.names.Warehouses(ctx)
	if err != nil {
		return "", err
	}
	choice, err := show.WarehouseChoice("Warehouse to count", list, "")
	if err != nil {
		return "", err
	}
	return c.app.Select(ctx, choice)
}

// runCountResume continues a count.
func runCountResume(ctx context.Context, opts *countOptions) error {
	c, err := opts.begin(ctx)
	if err != nil {
		return err
	}
	if opts.session == "" {
		open, err := c.store.Unfinished()
		if err != nil {
			return err
		}
		var ids, sources []string
		for _, h := range open {
			ids, sources = append(ids, h.ID), append(sources, strings.TrimSpace(h.Source+" "+h.Place))
		}
		if opts.session, err = unfinished.Only(ctx, c.app, "count", ids, sources); err != nil {
			return err
		}
	}
	if c.session, err = c.store.Open(opts.session); err != nil {
		return err
	}
	head := c.session.Head
	opts.aliases = head.Aliases
	switch {
	case head.Finished != nil:
		err = failure.Usagef("count %s is finished: there is nothing left to do", head.ID)
	case head.BaseURL != c.env.BaseURL:
		err = failure.Usagef("count %s is for %s, not %s", head.ID, head.BaseURL, c.env.BaseURL).StartedWith(head.Profile)
	}
	if err != nil {
		return errors.Join(err, c.session.Close())
	}
	opts.app.Note("count %s: %s, %s so far", head.ID,
		failure.Count(c.session.Items(), "item", "items"), failure.Count(c.session.Scans(), "scan", "scans"))
	return c.close(c.complete(ctx))
}

// close keeps an unfinished session so that it can be resumed, and says so. It deletes a
// session that is empty or only repeats its file.
func (c *counting) close(err error) error {
	s := c.session
	if s.Head.Finished != nil {
		return errors.Join(err, s.Close())
	}
	_, agreed, failed := s.Agreed()
	if !agreed && failed == nil && (s.Items() == 0 || s.Head.Source != "scan") {
		return errors.Join(err, s.Discard())
	}
	closed := s.Close()
	if err == nil {
		c.app.Note("the count is saved: continue with `stockctl inventory count resume %s`", s.Head.ID)
		return closed
	}
	if hint := failure.HintOf(err); hint != "" && failure.KindOf(err) == failure.Usage {
		return failure.WithHint(err, "%s; then continue with `stockctl inventory count resume %s`", hint, s.Head.ID)
	}
	return failure.WithHint(errors.Join(err, closed), "the count is saved: continue with `stockctl inventory count resume %s`", s.Head.ID)
}

// complete reads the remaining scans of a session, and shows or posts the result.
func (c *counting) complete(ctx context.Context) error {
	lines, agreed, err := c.session.Agreed()
	if err != nil {
		return err
	}
	if agreed {
		if c.dryRun {
			return c.show(ctx, lines)
		}
		return c.post(ctx, lines)
	}
	store, err := c.barcodeStore(ctx)
	if err != nil {
		return err
	}
	aliases, err := count.ReadAliases(ctx, c.aliases, store)
	if err != nil {
		return err
	}
	if c.codes, err = count.ReadCodes(ctx, c.names, c.session.Base(), aliases); err != nil {
		return err
	}
	if !c.session.Done() {
		in := bufio.NewReaderSize(c.app.IO.In, 64<<10)
		if c.ask { // what follows "done" answers the next question
			in = bufio.NewReader(iostreams.ByteByByte(c.app.IO.In))
		}
		loop := &scanning{app: c.app, session: c.session, codes: c.codes, in: in, person: c.ask}
		if c.ask {
			loop.say("%s", scanHelp)
		}
		if err := loop.run(ctx); err != nil {
			return err
		}
		if n := loop.in.Buffered(); n > 0 {
			c.app.Note("input after \"done\" was not counted (%d characters)", n)
		}
	}
	if c.session.Items() == 0 && !c.session.Head.Complete {
		return failure.Usagef("nothing was counted")
	}
	return c.settle(ctx)
}

// barcodeStore returns the store for the barcodes. A file that the user named applies
// to any store.
func (c *counting) barcodeStore(ctx context.Context) (string, error) {
	own, err := c.app.Barcodes()
	if err != nil || own.File("") == "" {
		return "", err
	}
	if path, err := filepath.Abs(own.File("")); err != nil || path != c.aliases {
		return "", err
	}
	return c.names.Store(ctx)
}

// settle turns the counts into a variance, asks for consent, and posts it.
func (c *counting) settle(ctx context.Context) error {
	if err := c.askCodes(ctx); err != nil {
		return err
	}
	counts, unknown := c.session.Counts(c.known)
	now, err := count.Snapshot(ctx, c.env.Reader, c.session.Head.Warehouse, nil)
	if err != nil {
		return fmt.Errorf("reading movements since the count began: %w", err)
	}
	lines, uncounted := c.session.Variance(counts, unknown, now)
	c.describe(ctx, lines, uncounted)
	if c.dryRun {
		c.app.Note("dry run: nothing was sent")
		return c.show(ctx, lines)
	}
	if differing(lines) > 0 {
		if err := c.confirm(ctx, lines); err != nil {
			return err
		}
	}
	if err := c.session.Agree(lines); err != nil {
		return err
	}
	return c.post(ctx, lines)
}

// known returns the item of a code that was unknown when it was scanned.
func (c *counting) known(code string) (count.Item, bool) {
	item, why := c.codes.Find(code)
	item.Warehouse = c.session.Head.Warehouse
	return item, why == ""
}

// waited prints on stderr how long the API's limits delayed the count.
func (c *counting) waited(sent *ledger.Result) {
	if sent == nil {
		return
	}
	if waiting := sent.Pace.Waiting(); waiting != "" {
		c.app.Note("sent in %.1f s: %s", sent.Seconds, waiting)
	}
}

// post sends the movements and shows their outcome.
func (c *counting) post(ctx context.Context, lines []count.Line) error {
	invalid, err := mapping.LeaveOut(c.plan, c.reading.Rejects, c.store.Dir, "count")
	if err != nil {
		return err
	}
	if differing(lines) > 0 {
		posted, failed := c.session.Post(ctx, c.env, lines)
		if failed != nil {
			return errors.Join(posted.Err, failed)
		}
		c.waited(posted.Sent)
		if err = posted.Err; posted.Finished {
			err = errors.Join(err, c.session.End(c.app.Now()))
		}
	} else {
		err = c.session.End(c.app.Now())
	}
	shown := c.show(ctx, lines)
	if n := inState(lines, count.Adjusted); n > 0 {
		c.app.NoteLive("adjusted %s", failure.Count(n, "record", "records"))
	}
	return cmp.Or(c.countError(lines, err, shown), invalid)
}
