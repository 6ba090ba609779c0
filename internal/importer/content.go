package importer

import (
	"strconv"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/ledger"
)

// content identifies a movement: rows with the same content are numbered to distinguish
// them. It has the fields that go into the token, and so not the notes.
type content struct {
	key               Key
	action, reference string
	qty               int64
}

func contentOf(w *ledger.Write) content {
	return content{idOnly(w.Key), w.Change.Action, w.Change.Reference, w.Change.Qty}
}

// contentWithNotes is content and the notes: rows with the same value are identical.
type contentWithNotes struct {
	content
	notes string
}

// occurrenceText returns the value of column _n in a rejects file.
func occurrenceText(w *ledger.Write) string {
	if w.Occurrence == 0 {
		return ""
	}
	return strconv.Itoa(w.Occurrence) + ":" + columns.OccurrenceHash(w)
}
