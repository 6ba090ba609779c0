// Package intake turns bytes into values and rows of text that know their
// file, line and column. Documents (YAML, JSON) are read whole with
// ReadDocuments; tables (CSV, TSV, JSON lines, JSON arrays) are streamed with a
// Reader and written back with a Writer.
//
// It does no network and no printing, and it knows no field: which columns
// there must be, and what a quantity looks like, is for its callers. Nothing is
// converted on the way: a number stays the literal that was written, so that
// 00123 and 1e3 can be told from 123 and 1000. Every input is taken for hostile
// and read within fixed bounds.
package intake
