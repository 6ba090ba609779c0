package prompt

import (
	"bytes"
	"context"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// lineReader reads a terminal only up to the next Enter. What a scanner types after it
// stays in the terminal for the next question; a form would read and drop it. It also
// cancels a question if its terminal goes away: to bubbletea, the end of the input looks
// like a person who types nothing.
type lineReader struct {
	*os.File
	ctx     context.Context
	end     context.CancelCauseFunc
	decided chan bool   // whether the question continues after an Enter
	waiting atomic.Bool // for decided
}

// decisionTime is how long a question may take to decide about an Enter. It is only
// exceeded if the Enter was not a key for the question, as in pasted text.
const decisionTime = time.Second

func newLineReader(ctx context.Context, f *os.File, end context.CancelCauseFunc) *lineReader {
	return &lineReader{File: f, ctx: ctx, end: end, decided: make(chan bool, 1)}
}

// Read returns what was typed, at most up to the first Enter.
func (l *lineReader) Read(b []byte) (int, error) {
	if l.waiting.Load() {
		timer := time.NewTimer(decisionTime)
		defer timer.Stop()
		select {
		case continues := <-l.decided:
			if !continues {
				return 0, io.EOF
			}
		case <-l.ctx.Done():
			return 0, io.EOF
		case <-timer.C:
		}
		l.waiting.Store(false)
	}
	n := 0
	for n < len(b) {
		more, err := l.File.Read(b[n : n+1])
		if err != nil {
			l.end(failure.ErrCancelled)
			return n, err
		}
		n += more
		if b[n-1] == '\n' { // typed before the question, while the terminal translated it
			b[n-1] = '\r'
		}
		if b[n-1] == '\r' && !pasting(b[:n]) {
			select {
			case <-l.decided: // from an Enter that took too long
			default:
			}
			l.waiting.Store(true)
			break
		}
		if !available(l.File) {
			break
		}
	}
	return n, nil
}

// pasting reports whether the text ends within what a terminal marks as pasted.
func pasting(text []byte) bool {
	return bytes.LastIndex(text, []byte("\x1b[200~")) > bytes.LastIndex(text, []byte("\x1b[201~"))
}

// decide reports to Read whether the question continues after an Enter.
func (l *lineReader) decide(continues bool) {
	if l.waiting.Load() {
		select {
		case l.decided <- continues:
		default:
		}
	}
}
