package failure

// listing is an error that lists mistakes which its message only counts.
type listing struct {
	error
	list []Problem
}

// List adds mistakes to an error for programs: DetailsOf finds them, and the message
// stays as it is. No error, or no mistake, changes nothing.
func List(err error, list []Problem) error {
	if err == nil || len(list) == 0 {
		return err
	}
	return &listing{err, list}
}

// Unwrap returns the error.
func (l *listing) Unwrap() error { return l.error }

// Listed are the mistakes one by one.
func (l *listing) Listed() []Problem { return l.list }
