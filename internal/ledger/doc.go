// Package ledger sends the writes of a sealed plan. Each write is applied once and
// accounted for, even if the process is killed. A write is one change of stock: the ids
// of its record, and the part of its token that does not depend on the run.
//
// It does not read input files, columns or names: the maker of the plan has checked
// those. It does not print.
package ledger
