// Package ledger sends a sealed plan: every write of it is applied once and accounted
// for, whatever happens on the way. A write is one change of stock, resolved to ids,
// with the part of its token that does not depend on the run.
//
// It knows no files, columns or names: whoever makes a plan has read and checked those.
// It prints nothing.
package ledger
