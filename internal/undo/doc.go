// Package undo takes back a run of an import or of a count: what it has applied becomes
// a plan of counter-movements, which the ledger sends like any other. It deletes nothing,
// and knows nothing of what others did meanwhile.
package undo
