package transfer

import (
	"cmp"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Half identifies one movement of a transfer.
type Half string

// The movements: two forward, and two that reverse them.
const (
	Out     Half = "out"      // leaves the first warehouse
	In      Half = "in"       // arrives in the second warehouse
	BackIn  Half = "undo-in"  // reverses In
	BackOut Half = "undo-out" // reverses Out
)

func halves() []Half { return []Half{Out, In, BackIn, BackOut} }

// State is what is known about a half.
type State string

// The states of a half.
const (
	Open    State = ""        // not applied and not in flight
	Sent    State = "sent"    // it may have been applied
	Applied State = "applied" // it was applied, once
)

// Progress is the progress of one half.
type Progress struct {
	State State     `json:"state"`
	Sent  time.Time `json:"sent"` // when it was last sent, on our clock
}

// Side is one end of a transfer.
type Side struct {
	RecordID    string `json:"recordId"`
	WarehouseID string `json:"warehouseId"`
	Label       string `json:"label"` // the name of the warehouse in messages
	OnHand      *int64 `json:"onHand,omitempty"`
}

// Plan is a transfer: what it should do, and its progress. It contains no secrets.
type Plan struct {
	Reference string `json:"reference"`
	Profile   string `json:"profile"`
	BaseURL   string `json:"baseUrl"`
	ProductID string `json:"productId"`
	SKUID     string `json:"skuId,omitempty"`
	Called    string `json:"called,omitempty"` // the item's name in messages; blank: its ids
	From      Side   `json:"from"`
	To        Side   `json:"to"`
	Qty       int64  `json:"qty"` // 1 or more
	Notes     string `json:"notes,omitempty"`

	Started  time.Time         `json:"started"`           // on our clock; zero: unknown
	LogFrom  *time.Time        `json:"logFrom,omitempty"` // when it began on the server's clock, if known
	Timeout  time.Duration     `json:"timeout"`           // the longest time that a request of the process that began it could take
	Finished *time.Time        `json:"finished,omitempty"`
	Plain    bool              `json:"plain"`   // uses ADJUSTED, because the API refused the actions of a transfer
	Undoing  bool              `json:"undoing"` // an undo was requested
	Halves   map[Half]Progress `json:"halves"`
	// Format is how its movements are identified: 0, from the previous version, by
	// "[REFERENCE/HALF]" at the start of their notes; 1 by the token that every
	// movement of this program carries.
	Format int `json:"format,omitempty"`
}

// format is the format of new transfers.
const format = 1

// alphabetLength is the number of random characters in a reference.
const alphabetLength = 12

// NewReference returns a new reference: "tr_" and twelve characters of lower-case
// base32.
func NewReference() string {
	b := make([]byte, 8)
	rand.Read(b) // documented never to fail
	return "tr_" + strings.ToLower(base32.StdEncoding.EncodeToString(b))[:alphabetLength]
}

var referenceForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^tr_[a-z2-7]{12}$`) })

// ValidReference reports whether a text has the form of a reference.
func ValidReference(text string) bool { return referenceForm().MatchString(text) }

// Item returns the item as PRODUCT[/SKU], or "" if it is unknown.
func (p *Plan) Item() string {
	return cmp.Or(p.Called, stock.Address{Product: p.ProductID, SKU: p.SKUID}.String())
}

// state returns what is known about a half.
func (p *Plan) state(h Half) State { return p.Halves[h].State }

func (p *Plan) set(h Half, s State, sent time.Time) {
	if p.Halves == nil {
		p.Halves = map[Half]Progress{}
	}
	p.Halves[h] = Progress{State: s, Sent: sent}
}

// token returns the token of a half, which is unique in the store.
func (p *Plan) token(h Half) string {
	if p.Format == 0 {
		return p.Reference + "/" + string(h)
	}
	return settle.Token(settle.Tag(p.Reference), settle.RowTag(p.side(h).RecordID, string(h), p.Qty, p.Reference, 1))
}

// side returns the side that a half changes.
func (p *Plan) side(h Half) Side {
	if h == Out || h == BackOut {
		return p.From
	}
	return p.To
}

// change returns a half as it is sent.
func (p *Plan) change(h Half) api.Adjustment {
	a := api.Adjustment{Qty: p.Qty, Action: api.ActionTransferredIn, Reference: p.Reference}
	if h == Out || h == BackIn {
		a.Qty, a.Action = -p.Qty, api.ActionTransferredOut
	}
	if p.Plain {
		a.Action = api.ActionAdjusted
	}
	a.Of = api.Subject{ProductID: p.ProductID, SKUID: p.SKUID, WarehouseID: p.side(h).WarehouseID}
	a.Notes = fmt.Sprintf("[%s] %d from %s to %s", p.token(h), p.Qty,
		url.PathEscape(p.From.RecordID), url.PathEscape(p.To.RecordID))
	if p.Notes != "" {
		a.Notes += "; " + p.Notes
	}
	return a
}

// Problem returns what is wrong with the plan's notes or quantity, or "". The token and
// the text of a half take up part of the maximum length of notes.
func (p *Plan) Problem() string {
	named := *p
	named.Reference, named.Format = NewReference(), format // all references have the same length
	longest := named.change(BackOut)
	room := api.MaxText - utf8.RuneCountInString(longest.Notes) + utf8.RuneCountInString(p.Notes)
	if utf8.RuneCountInString(p.Notes) > room {
		return fmt.Sprintf("--notes: is longer than the %d characters that a transfer has room for", room)
	}
	var found []string
	for _, problem := range longest.Validate() {
		found = append(found, fmt.Sprintf("--%s: %s", problem.Field, problem.What))
	}
	return strings.Join(found, "; ")
}
