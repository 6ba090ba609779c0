package seeing

import (
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/app"
)

const (
	meterAfter = time.Second      // what takes less needs no meter
	meterEvery = 10 * time.Second // between two lines, where there is no terminal
)

// meter shows the progress of reading the log: as one line that is rewritten on a
// terminal, and as an occasional line elsewhere.
type meter struct {
	app   *app.App
	quiet bool
	began time.Time
	last  time.Time
	drawn bool
}

func newMeter(a *app.App) *meter {
	c, err := a.Config()
	now := a.Now()
	return &meter{app: a, quiet: err != nil || c.Quiet(), began: now, last: now}
}

func (m *meter) show(read, total int) {
	now := m.app.Now()
	if m.quiet || now.Sub(m.began) < meterAfter {
		return
	}
	line := "reading the movement log: " + humanize.Comma(int64(read))
	if total > 0 {
		line += " of " + humanize.Comma(int64(total))
	}
	if m.app.IO.ErrTTY {
		m.drawn = true
		fmt.Fprintf(m.app.IO.Err, "\r\x1b[K%s", line[:min(len(line), m.app.IO.Width()-1)])
		return
	}
	if now.Sub(m.last) >= meterEvery {
		m.last = now
		m.app.Note("%s", line)
	}
}

// clear erases the line.
func (m *meter) clear() {
	if m.drawn {
		fmt.Fprint(m.app.IO.Err, "\r\x1b[K")
	}
}
