// Package ledger sends a sealed plan: every write of it is applied once and
// accounted for, whatever happens on the way. A write is one change of stock,
// resolved to ids, with what its token is made of.
//
// It knows no file, no column and no name of a person's: whoever makes a plan has
// read and checked all of that. It prints nothing.
package ledger
