package intake

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// The bounds of a document. Use a Reader for a table of any size.
const (
	maxDocumentBytes = 16 << 20
	maxRecords       = 100_000
	maxDepth         = 32
)

// ReadDocuments reads records from YAML or JSON: one mapping, one list of mappings, or
// several YAML documents, each a mapping or a list. The source is JSON if its name ends
// in .json or its first character is { or [. Messages use the name for the source. It
// returns all mistakes that it can find in one pass as a *failure.Problems. An error of
// any other type comes from r.
func ReadDocuments(name string, r io.Reader) (Documents, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxDocumentBytes+1))
	if err != nil {
		return Documents{}, failure.New(failure.Usage, "reading %s: %w", name, err)
	}
	g := &gatherer{file: name}
	if text, ok := g.plainText(text); ok {
		g.document(text)
	}
	if err := g.problems.Err(); err != nil {
		return Documents{}, err
	}
	return Documents{Records: g.records, Single: g.single}, nil
}

// gatherer collects the records and mistakes of one source.
type gatherer struct {
	file     string
	problems failure.Problems
	records  []Value
	seen     int // records so far, including invalid ones
	single   bool
}

func (g *gatherer) fail(at Pos, format string, args ...any) {
	g.problems.Source = g.file
	g.problems.Add(problem(at, format, args...))
}

// twice reports a key that its mapping already has.
func (g *gatherer) twice(name string, first, at Pos) {
	g.fail(at, "duplicate key %q: it is also on line %d", clip(name), first.Line)
}

func (g *gatherer) document(text []byte) {
	switch {
	case isJSON(g.file, text):
		g.json(text)
	default:
		g.yaml(text)
	}
	if len(g.problems.List) == 0 && len(g.records) == 0 {
		g.fail(Pos{File: g.file}, "contains no records")
	}
}

// isJSON reports whether a source is JSON. It also recognises JSON in a .yaml file, but
// there it leaves YAML's {a: b} to the YAML reader.
func isJSON(name string, text []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return true
	case ".yaml", ".yml":
		return looksJSON(text) && validJSON(text)
	}
	return looksJSON(text)
}

func looksJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// add adds one document: a mapping, or a list of mappings.
func (g *gatherer) add(v Value, only bool) {
	if v.Type != List {
		g.single = only && v.Type == Map
		g.record(v)
		return
	}
	for _, item := range v.Items {
		g.record(item)
	}
}

func (g *gatherer) record(v Value) {
	g.seen++
	switch {
	case g.seen == maxRecords+1:
		g.fail(v.Pos, "more than %d records: write them as CSV and import that", maxRecords)
	case g.seen > maxRecords:
	case v.Type != Map:
		g.fail(v.Pos, "a record must be a mapping of fields, not %s", v.Type)
	default:
		g.records = append(g.records, v)
	}
}

// full reports whether no more records are accepted.
func (g *gatherer) full() bool { return g.seen > maxRecords }
