package movements

import "time"

// Log is the movement log as far as it is known. It is read as often as wanted,
// from one goroutine, until it is closed.
type Log struct {
	Count int // entries
	// Fresh is how many of them the copy did not have.
	Fresh int
	// NewestFirst is the order of Each, for entries of one moment.
	NewestFirst bool
	// Whole: the API handed out all that it stated.
	Whole bool
	// Missing is how many more it states; 0 where it states no total.
	Missing int
	// From is the moment since when no entry is missing: of the oldest one, as a
	// rule. It is zero for a log without any time, and Never where the log has
	// gaps that cannot be placed.
	From time.Time
	// Undated is how many entries have no time.
	Undated int

	file *kept
}

// Never tells that no part of the log is known to be complete.
func (l *Log) Never() bool { return l.From.Equal(never()) }

// Each hands out every entry once, in the order of the log.
func (l *Log) Each(visit func(Movement)) error {
	return l.file.each(func(m Movement, _ bool) { visit(m) })
}

// Close lets go of the log's file.
func (l *Log) Close() error { return l.file.drop() }
