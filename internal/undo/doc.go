// Package undo takes a run back: what it has applied becomes a plan of
// counter-movements, which the ledger sends like any other. It deletes nothing, and
// knows nothing of what others did meanwhile.
package undo
