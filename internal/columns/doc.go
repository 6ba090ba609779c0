// Package columns turns the rows of a table into writes. It maps columns to fields, by
// name, --map or a layout, parses quantities, and resolves names. It reads one table at
// a time, sends no writes, and stores only layouts.
package columns
