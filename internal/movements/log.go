package movements

import "time"

// Log is the movement log as far as it is known. It can be read any number of times,
// from one goroutine, until it is closed.
type Log struct {
	Count int // entries
	// Fresh is how many of them were not in the copy.
	Fresh int
	// NewestFirst is the order in which Each visits entries with the same time.
	NewestFirst bool
	// Complete means that the API returned as many entries as its total.
	Complete bool
	// Missing is how many fewer the API returned; 0 if it gives no total.
	Missing int
	// From is the time since when no entry is missing, usually that of the oldest
	// one. It is zero for a log without times, and Never reports true if the log
	// has gaps at unknown places.
	From time.Time
	// Undated is the number of entries without a time.
	Undated int

	file *storedLog
}

// Never reports whether no part of the log is known to be complete.
func (l *Log) Never() bool { return l.From.Equal(never()) }

// Each visits every entry once, in the order of the log.
func (l *Log) Each(visit func(Movement)) error {
	return l.file.each(func(m Movement, _ bool) { visit(m) })
}

// Close closes the log's file.
func (l *Log) Close() error { return l.file.drop() }
