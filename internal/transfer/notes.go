package transfer

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/bayworks/stockctl/internal/api"
)

var notesForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\[([a-z0-9_/-]+)\] (\d{1,10}) from (\S+) to ([^\s;]+)`)
})

// readNotes reads the plan of a transfer from the notes of one of its halves. Notes
// come from a server, and anyone who may adjust stock can write them. So the token must
// belong to the plan that the notes describe, and the plan is compared with the log.
func readNotes(reference string, m api.Movement) (*Plan, Half, bool) {
	parts := notesForm().FindStringSubmatch(m.Notes)
	if parts == nil {
		return nil, "", false
	}
	qty, err := strconv.ParseInt(parts[2], 10, 32)
	from, badFrom := url.PathUnescape(parts[3])
	to, badTo := url.PathUnescape(parts[4])
	if err != nil || badFrom != nil || badTo != nil || qty < 1 {
		return nil, "", false
	}
	if api.CheckID("id", from) != nil || api.CheckID("id", to) != nil || from == to {
		return nil, "", false
	}
	p := &Plan{
		Reference: reference, ProductID: m.ProductID, Qty: qty,
		From: Side{RecordID: from, Label: from}, To: Side{RecordID: to, Label: to},
		Plain: !strings.HasPrefix(strings.ToUpper(m.Action), "TRANSFERRED"),
	}
	for p.Format = range format + 1 {
		for _, h := range halves() {
			if p.token(h) == parts[1] {
				return p, h, true
			}
		}
	}
	return nil, "", false
}
