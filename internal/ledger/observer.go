package ledger

// Observer receives the outcome of each write of a run. Its methods are called from
// several goroutines, but never concurrently.
type Observer interface {
	// Ended is called before the journal records the outcome. When it returns, the
	// operating system must have what it wrote, so that no write is missing there that
	// the journal calls done. An error stops the run.
	Ended(w *Write, o Outcome) error
	// NotAttempted is called for a write that must not be sent because an earlier write
	// of the same record was not decided. A later session may send it.
	NotAttempted(w *Write, o Outcome) error
	// Doubted is called for a write that a stopped session leaves in doubt.
	Doubted(w *Write)
	// Once reports whether Ended must not be called twice for a write, even by two
	// sessions if the first was killed.
	Once() bool
}
