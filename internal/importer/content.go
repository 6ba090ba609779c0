package importer

import (
	"strconv"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/ledger"
)

// content is what makes two rows of a file the same movement. What has to be
// told apart by counting is the part of the token that leaves the notes out.
type content struct {
	key               Key
	action, reference string
	qty               int64
}

func contentOf(w *ledger.Write) content {
	return content{bare(w.Key), w.Change.Action, w.Change.Reference, w.Change.Qty}
}

// contentWithNotes is content with the notes: rows that are equal in all they say.
type contentWithNotes struct {
	content
	notes string
}

// occurrenceText is what the column _n of a reject file holds.
func occurrenceText(w *ledger.Write) string {
	if w.Occurrence == 0 {
		return ""
	}
	return strconv.Itoa(w.Occurrence) + ":" + columns.OccurrenceHash(w)
}
