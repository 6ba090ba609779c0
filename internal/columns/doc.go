// Package columns turns the rows of a table into writes: which field each column is,
// by its name, by --map or by a layout; how a quantity is written; what a name means.
// It reads one table at a time, sends nothing, and keeps nothing but layouts.
package columns
