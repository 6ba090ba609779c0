package ledger

// Observer hears of each write of a run what becomes of it. Its methods are called
// from several goroutines, but never two at a time.
type Observer interface {
	// Ended is called before the journal holds the outcome: when it returns, the
	// system has what it wrote, so that no write is missing there that the journal
	// calls done. An error stops the run.
	Ended(w *Write, o Outcome) error
	// NotAttempted is called for a write that may not be sent because of an earlier
	// one of the same record. A later session may send it.
	NotAttempted(w *Write, o Outcome) error
	// Doubted is called for a write that a stopped session leaves in doubt.
	Doubted(w *Write)
	// Once reports that Ended must not be called twice for a write, not even by two
	// sessions of which the first was killed.
	Once() bool
}
