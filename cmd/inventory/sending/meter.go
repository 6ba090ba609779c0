package sending

import (
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/ledger"
)

const (
	meterEvery = 10 * time.Second // time between lines without a terminal
	meterShare = 10               // percentage after which a line is also written
)

// meter shows the progress of a run: on a terminal, one line that is redrawn; elsewhere,
// a new line from time to time.
type meter struct {
	app   *app.App
	quiet bool
	last  time.Time
	share int64
	drawn bool
}

func newMeter(a *app.App) *meter {
	c, err := a.Config()
	return &meter{app: a, quiet: err != nil || c.Quiet(), last: a.Now()}
}

func (m *meter) show(p ledger.Progress) {
	if m.quiet || p.Total == 0 {
		return
	}
	if m.app.IO.ErrTTY {
		m.draw(p)
		return
	}
	share, now := p.Done*100/p.Total/meterShare, m.app.Now()
	if p.Last || now.Sub(m.last) < meterEvery && (share == m.share || now.Sub(m.last) < time.Second) {
		return
	}
	m.last, m.share = now, share
	m.app.Note("%s", meterLine(p))
}

// draw redraws the line; at the end it clears it.
func (m *meter) draw(p ledger.Progress) {
	if p.Last {
		if m.drawn {
			fmt.Fprint(m.app.IO.Err, "\r\x1b[K")
		}
		return
	}
	m.drawn = true
	line := []rune(meterLine(p))
	if width := m.app.IO.Width() - 1; len(line) > width {
		line = line[:width]
	}
	fmt.Fprintf(m.app.IO.Err, "\r\x1b[K%s", string(line))
}

func meterLine(p ledger.Progress) string {
	line := fmt.Sprintf("%s/%s rows, %s/s", humanize.Comma(p.Done), humanize.Comma(p.Total), humanize.Comma(int64(p.PerSecond)))
	if p.Left > 0 {
		line += ", " + p.Left.Round(time.Second).String() + " left"
	}
	if allowed := p.Pace.Allowed(); allowed != "" {
		line += ", " + allowed + " allowed"
	}
	if p.Pace.Waited >= time.Second {
		line += ", waited " + p.Pace.Waited.Round(time.Second).String()
	}
	if p.Refused > 0 {
		line += fmt.Sprintf(", %d refused", p.Refused)
	}
	if p.InDoubt > 0 {
		line += fmt.Sprintf(", %d in doubt", p.InDoubt)
	}
	return line
}
