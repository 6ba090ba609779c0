package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/settle"
)

// carried is reference and notes of a movement with its token in place.
func carried(token string, a api.Adjustment) (reference, notes string) {
	return settle.Carry(token, a.Reference, a.Notes)
}

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

// whole is content with the notes: rows that are equal in all they say.
type whole struct {
	content
	notes string
}

// occurrenceHash tells in a short word what a row said.
func occurrenceHash(w *ledger.Write) string {
	c := w.Change
	sum := sha256.Sum256([]byte(strings.Join([]string{w.Key.Text(), c.Action, strconv.FormatInt(c.Qty, 10), c.Reference, "", c.Notes}, "\x00")))
	return hex.EncodeToString(sum[:4])
}

// occurrenceText is what the column _n of a reject file holds.
func occurrenceText(w *ledger.Write) string {
	if w.Occurrence == 0 {
		return ""
	}
	return strconv.Itoa(w.Occurrence) + ":" + occurrenceHash(w)
}
