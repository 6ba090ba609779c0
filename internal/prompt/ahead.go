package prompt

import (
	"bytes"
	"context"
	"io"
	"os"
	"sync/atomic"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/bayworks/stockctl/internal/failure"
)

// lineReader reads a terminal only up to the next key that may end the question. What a
// scanner types after it stays in the terminal for the next question; a form would read and
// drop it. It also cancels a question if its terminal goes away: to bubbletea, the end of
// the input looks like a person who types nothing.
type lineReader struct {
	*os.File
	ctx  context.Context
	end  context.CancelCauseFunc
	send func(tea.Msg) // returns when the form has processed everything sent before, or is gone
	stop bool          // the last key may have ended the question
	over atomic.Bool   // it did
}

// allRead follows the keys that a lineReader has passed on.
type allRead struct{}

// shiftTab is the key that goes back to the previous question, as terminals send it.
const shiftTab = "\x1b[Z"

// Read returns what was typed, at most up to the first Enter or Shift-Tab. If that key
// ended the question, the next call returns io.EOF. However long the form takes to decide
// that, Read waits for it.
func (l *lineReader) Read(b []byte) (int, error) {
	if l.stop {
		l.send(allRead{})
		if l.over.Load() || l.ctx.Err() != nil {
			return 0, io.EOF
		}
		l.stop = false
	}
	n := 0
	for n < len(b) && !l.stop {
		more, err := l.File.Read(b[n : n+1])
		if err != nil {
			l.end(failure.ErrCancelled)
			return n, err
		}
		n += more
		if b[n-1] == '\n' { // typed before the question, while the terminal translated it
			b[n-1] = '\r'
		}
		l.stop = b[n-1] == '\r' || bytes.HasSuffix(b[:n], []byte(shiftTab))
		if !torn(b[:n]) && !available(l.File) {
			break
		}
	}
	return n, nil
}

// torn reports whether a text ends within a character. Over a slow line the rest arrives
// later, and bubbletea drops bytes that are no character.
func torn(text []byte) bool {
	from := len(text) - 1
	for from > 0 && len(text)-from < utf8.UTFMax && !utf8.RuneStart(text[from]) {
		from--
	}
	return !utf8.FullRune(text[from:])
}
