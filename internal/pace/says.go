package pace

import (
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
)

// worthSaying is the shortest wait to mention.
const worthSaying = 2 * time.Second

// Waiting returns a text with the time spent waiting for the limits of the API, or "" if it
// was short.
func (r Report) Waiting() string {
	if r.Waited < worthSaying {
		return ""
	}
	text := fmt.Sprintf("%.1f s of it were spent waiting for the API", r.Waited.Seconds())
	if allowed := r.Allowed(); allowed != "" {
		text += ", which seems to allow " + allowed
	}
	return text
}

// Allowed returns what the API seems to allow: "~100/s", "~8 at a time", or "".
func (r Report) Allowed() string {
	switch {
	case r.PerSecond >= 10:
		return "~" + humanize.Comma(int64(r.PerSecond+.5)) + "/s"
	case r.PerSecond > 0:
		return fmt.Sprintf("~%.2g/s", r.PerSecond)
	case r.AtATime > 0:
		return fmt.Sprintf("~%d at a time", r.AtATime)
	}
	return ""
}
