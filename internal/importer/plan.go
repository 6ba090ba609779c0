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

// Plan is a file that was read, checked and compared with the store. Nothing has been
// written to the store yet.
type Plan struct {
	env     Env
	options Options
	source  *source // nil: the run had begun before
	names   *columns.Names
	id      string          // of the run
	dir     string          // the folder with the plan
	folder  *journal.Folder // of the run, until it begins; nil: unkept says why
	unkept  error

	name    string           // the input, for messages
	digest  string           // of the input
	found   []string         // all columns
	columns *columns.Mapping // the field of each column
	copied  *os.File         // a copy of the input
	writes  ledger.Plan      // the newest version of the plan
	version int              // number of that version
	wrong   *mistakes        //

	Rows  int64 // writes of this run
	Lines int64 // rows of the file; a row of a wide file makes several writes
	// LeftOut counts the rows that were left out when reading, by the code of the reason.
	LeftOut   map[string]int64
	Outside   int64          // rows in other shards
	Identical int64          // adjust: rows identical to another row
	Dialect   intake.Dialect // format of the file
	Tenant    string         // the store
	ImportID  string         // adjust: the tokens are derived from it
	Remarks   []string       // about ignored columns and the like

	receivers []receiver         // move: the receiving warehouses
	products  map[string]bool    // of the rows; nil if there are more than maxProducts
	records   *records           // adjust and set: the store's records
	right     int64              // set: rows that need no request
	twoNames  bool               // some rows have an inventoryId and another name
	rowTags   *keyHashes[string] // adjust: tags of the rows, until the run begins

	run     *ledger.Run  // nil: not yet begun
	release func() error // releases the claim on this import; nil: not claimed
}

// Mode returns what the rows do.
func (p *Plan) Mode() stock.Mode { return p.options.Mode }

// Source returns the name of the file for messages.
func (p *Plan) Source() string { return p.name }

// Size returns the number of rows as text; for a wide file, of writes and of rows.
func (p *Plan) Size() string {
	if len(p.columns.Groups) == 0 {
		return counted(p.Rows, 0)
	}
	return counted(p.Rows, p.Lines)
}

// Parts returns how many rows are left out, known or otherwise special, as text.
func (p *Plan) Parts() (text string) {
	for _, part := range []struct {
		what string
		n    int64
	}{
		{"invalid", p.Invalid()},
		{"left out as duplicates", p.LeftOut[failure.CodeSkippedDuplicate]},
		{"added to another row", p.LeftOut[failure.CodeSummed]},
		{"skipped (no quantity)", p.LeftOut[failure.CodeBlank]},
		{"for other warehouses", p.LeftOut[failure.CodeOtherWarehouse]},
		{"applied before", p.Known()},
		{"identical to another row", p.Identical},
		{"in other shards", p.Outside},
	} {
		if part.n > 0 {
			text += fmt.Sprintf(", %s %s", humanize.Comma(part.n), part.what)
		}
	}
	return text
}

// Sendable returns how many rows will be sent.
func (p *Plan) Sendable() int64 {
	if p.run != nil {
		return p.run.Left()
	}
	return p.Rows - p.writes.Decided.Sum()
}

// Requests returns how many rows need a request. In set mode, rows whose quantity is
// already right do not.
func (p *Plan) Requests() int64 { return max(0, p.Sendable()-p.right) }

// Invalid returns how many rows cannot be sent.
func (p *Plan) Invalid() int64 { return p.writes.Decided[journal.Invalid] }

// Known returns how many rows were applied before.
func (p *Plan) Known() int64 { return p.writes.Decided[journal.Already] }

const (
	guessedLatency = 50 * time.Millisecond
	// perRow is the local cost of a row, however fast the API is.
	perRow = 80 * time.Microsecond
)

// Estimate returns how long the writes will take if each takes as long as the fastest
// read so far. It is shown as "about".
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

// Close discards a plan. If its run has not begun, nothing is left on disk.
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
