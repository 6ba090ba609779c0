// Package intake parses bytes into values and rows of text, each with its file,
// line and column. ReadDocuments reads whole documents (YAML, JSON). A Reader
// streams tables (CSV, TSV, JSON lines, JSON arrays), and a Writer writes them.
//
// It uses no network, prints nothing and knows no fields: callers decide which
// columns are needed and what a quantity looks like. It converts nothing: a number
// stays the literal that was written, so that 00123 and 1e3 differ from 123 and
// 1000. All input is treated as hostile and read within fixed bounds.
package intake
