// Package undo reverses a run of an import or of a count. It turns what the run
// applied into a plan of counter-movements, which the ledger sends like any other plan.
// It deletes nothing, and does not consider what others did in the meantime.
package undo
