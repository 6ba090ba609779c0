package importer

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

// Plan is a file that was read and checked, and what the API was asked about
// it. Nothing was written yet.
type Plan struct {
	env     Env
	options Options
	source  *source // nil: the run was begun before
	names   *columns.Names
	id      string          // the run's
	dir     string          // where the plan is
	folder  *journal.Folder // the run's, until it has begun; nil: unkept says why there is none
	unkept  error

	name    string           // the input, for messages
	digest  string           // of the input
	found   []string         // the columns, all of them
	columns *columns.Mapping // what they were taken for
	copied  *os.File         // the input's text
	writes  ledger.Plan      // the newest version of the plan
	version int              // its number
	wrong   *mistakes        //

	Rows  int64 // writes that belong to this run
	Lines int64 // rows of the file; a wide one gives several writes
	// LeftOut counts the rows that the reading left out, by the code of the reason.
	LeftOut   map[string]int64
	Outside   int64          // rows of other shards
	Identical int64          // adjust: rows that repeat another one entirely
	Dialect   intake.Dialect // what the file was found to be
	Tenant    string         // the store
	ImportID  string         // adjust: what the tokens are made of
	Remarks   []string       // what is ignored

	takers   []taker            // move: the warehouses that take
	products map[string]bool    // of the rows, up to maxProducts; nil when there are more
	records  *records           // adjust and set: what the store has
	right    int64              // set: rows that need no request
	twoNames bool               // rows with an inventoryId have other names, too
	rowTags  *keyHashes[string] // adjust: the tags of the rows, until the run begins

	run     *ledger.Run  // once it was begun
	release func() error // gives the claim to this import back; nil: there is none
}

// ID is the run's name.
func (p *Plan) ID() string { return p.id }

// Mode is what the rows do.
func (p *Plan) Mode() stock.Mode { return p.options.Mode }

// Source names the file for messages.
func (p *Plan) Source() string { return p.name }

// Size is how many rows there are; of a wide file, writes and their rows.
func (p *Plan) Size() string {
	if len(p.columns.Groups) == 0 {
		return counted(p.Rows, 0)
	}
	return counted(p.Rows, p.Lines)
}

// Parts says how many of the rows are not like the others.
func (p *Plan) Parts() (text string) {
	for _, part := range []struct {
		what string
		n    int64
	}{{"invalid", p.Invalid()}, {"left out as duplicates", p.LeftOut[failure.CodeSkippedDuplicate]}, {"added to another row", p.LeftOut[failure.CodeSummed]}, {"skipped, without a quantity", p.LeftOut[failure.CodeBlank]}, {"of other warehouses", p.LeftOut[failure.CodeOtherWarehouse]}, {"applied before", p.Known()}, {"identical to another row", p.Identical}, {"of other shards", p.Outside}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %s %s", humanize.Comma(part.n), part.what)
		}
	}
	return text
}

// Sendable is how many rows will be sent.
func (p *Plan) Sendable() int64 {
	if p.run != nil {
		return p.run.Left()
	}
	return p.Rows - p.writes.Decided.Sum()
}

// Requests is how many rows need a request: in set mode, those that are not
// right as they are.
func (p *Plan) Requests() int64 { return max(0, p.Sendable()-p.right) }

// Invalid is how many rows cannot be sent.
func (p *Plan) Invalid() int64 { return p.writes.Decided[journal.Invalid] }

// Skipped is how many rows are left out.
func (p *Plan) Skipped() int64 { return p.writes.Decided[journal.Skipped] }

// Known is how many rows were applied before.
func (p *Plan) Known() int64 { return p.writes.Decided[journal.Already] }

const (
	guessedLatency = 50 * time.Millisecond
	// perRow is what a row costs here, however quick the API is.
	perRow = 80 * time.Microsecond
)

// Estimate is how long the writes will take if each takes as long as the quickest
// read so far: it is shown as "about".
func (p *Plan) Estimate() time.Duration {
	each, n := guessedLatency, p.Requests()
	var allowed float64
	if gate := p.env.Reader.Pace(); gate != nil {
		if latency := gate.Latency(); latency > 0 {
			each = latency
		}
		allowed = gate.Report().PerSecond
	}
	d := time.Duration(n) * max(each/time.Duration(p.options.Workers()), perRow)
	for _, rate := range []float64{p.options.Rate, allowed} {
		if rate > 0 {
			d = max(d, time.Duration(float64(n)/rate*float64(time.Second)))
		}
	}
	return d
}

// Close gives up a plan. A run that was not begun leaves nothing behind.
func (p *Plan) Close() error {
	if p == nil {
		return nil
	}
	err := p.source.close()
	if p.copied != nil {
		err = errors.Join(err, p.copied.Close())
		p.copied = nil
	}
	switch {
	case p.run != nil:
		err = errors.Join(err, p.run.Close())
	case p.folder != nil:
		err = errors.Join(err, p.folder.Discard())
	case p.dir != "":
		err = errors.Join(err, os.RemoveAll(p.dir))
	}
	p.run, p.folder, p.dir = nil, nil, ""
	if p.release != nil {
		err = errors.Join(err, p.release())
		p.release = nil
	}
	return err
}
