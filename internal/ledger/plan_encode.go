package ledger

import (
	"encoding/binary"
	"encoding/json"

	"github.com/bayworks/stockctl/internal/stock"
)

// The columns of texts in a plan. Each has a dictionary of its own.
const (
	textProduct = iota
	textSKU
	textWarehouse
	textRecord
	textLocation
	textAction
	textReference
	textNotes
	textAttributes
	textCode
	textMessage
	textColumns
)

const (
	// dictionarySize bounds what is remembered of a column.
	dictionarySize = 4096
	// longestWord is the longest text that a dictionary takes.
	longestWord = 64
)

// How a text is written: blank, as in the row before, spelt out, or by its number
// in the dictionary, which is counted from wordKnown on.
const (
	wordBlank = iota
	wordSame
	wordSpelt
	wordKnown
)

// The flags of a write.
const (
	hasOutcome = 1 << iota
	hasQty
	hasReorderLevel
	hasReorderQty
	hasTag
	hasCell
	hasBaseline
)

// words is the dictionary of one column, as the writer keeps it.
type words struct {
	last  string
	known map[string]uint64
	hits  int // texts that were known, and those that were not, since it is full
	fails int
}

// hopeless reports that looking a text up costs more than it saves: nearly every one
// is new.
func (w *words) hopeless() bool { return w.fails > dictionarySize && w.hits < w.fails/8 }

// encoder writes the rows of a plan: numbers as differences to the row before,
// texts by a dictionary. It must be used in the order of the rows.
type encoder struct {
	mode  stock.Mode
	b     []byte
	texts [textColumns]words
	n     int64 // of the row before
	line  int
	end   int64 // of its text
}

func newEncoder(mode stock.Mode) *encoder {
	e := &encoder{mode: mode}
	for i := range e.texts {
		e.texts[i].known = map[string]uint64{}
	}
	return e
}

func (e *encoder) number(n int64)   { e.b = binary.AppendVarint(e.b, n) }
func (e *encoder) unsigned(n int64) { e.b = binary.AppendUvarint(e.b, uint64(n)) }

func (e *encoder) text(column int, text string) {
	w := &e.texts[column]
	switch text {
	case "":
		e.b = append(e.b, wordBlank)
		return
	case w.last:
		e.b = append(e.b, wordSame)
		return
	}
	w.last = text
	if !w.hopeless() {
		if i, known := w.known[text]; known {
			w.hits++
			e.b = binary.AppendUvarint(e.b, wordKnown+i)
			return
		}
	}
	e.b = append(e.b, wordSpelt)
	e.unsigned(int64(len(text)))
	e.b = append(e.b, text...)
	if len(text) <= longestWord && len(w.known) < dictionarySize {
		w.known[text] = uint64(len(w.known))
		return
	}
	w.fails++
}

// write adds one row.
func (e *encoder) write(w *Write) error {
	attributes, err := attributesText(w.Create.VariantAttributes)
	if err != nil {
		return err
	}
	e.b = append(e.b, flagsOf(w))
	e.unsigned(w.N - e.n)
	e.number(int64(w.Line - e.line))
	e.number(w.Source.Offset - e.end)
	e.unsigned(int64(w.Source.Length))
	e.unsigned(int64(w.Source.Column))
	if w.Cell != 0 {
		e.unsigned(int64(w.Cell))
	}
	e.n, e.line, e.end = w.N, w.Line, w.Source.Offset+int64(w.Source.Length)
	e.text(textRecord, w.Key.Record)
	e.text(textProduct, w.Key.Product)
	e.text(textSKU, w.Key.SKU)
	e.text(textWarehouse, w.Key.Warehouse)
	if e.mode == stock.Create {
		e.create(w, attributes)
	} else {
		e.movement(w)
	}
	if w.Decided != nil {
		e.b = append(e.b, byte(w.Decided.State))
		e.text(textCode, w.Decided.Code)
		e.text(textMessage, w.Decided.Message)
	}
	return nil
}

func flagsOf(w *Write) (flags byte) {
	set := func(flag byte, yes bool) {
		if yes {
			flags |= flag
		}
	}
	set(hasOutcome, w.Decided != nil)
	set(hasQty, w.Create.InitialQty != nil)
	set(hasReorderLevel, w.Create.ReorderLevel != nil)
	set(hasReorderQty, w.Create.ReorderQty != nil)
	set(hasTag, w.Tag != "")
	set(hasCell, w.Cell != 0)
	set(hasBaseline, w.HasBaseline)
	return flags
}

func (e *encoder) create(w *Write, attributes string) {
	for _, qty := range []*int64{w.Create.InitialQty, w.Create.ReorderLevel, w.Create.ReorderQty} {
		if qty != nil {
			e.number(*qty)
		}
	}
	e.text(textLocation, w.Create.Location)
	e.text(textAttributes, attributes)
}

func (e *encoder) movement(w *Write) {
	e.text(textRecord, w.Record)
	e.unsigned(int64(w.Occurrence))
	if e.mode == stock.Set {
		e.number(w.Want)
		e.number(w.Seen)
		if w.HasBaseline {
			e.number(w.Baseline)
		}
	} else {
		e.number(w.Change.Qty)
		e.text(textAction, w.Change.Action)
		e.text(textReference, w.Change.Reference)
		e.text(textNotes, w.Change.Notes)
	}
	if w.Tag != "" {
		e.b = binary.LittleEndian.AppendUint64(e.b, tagNumber(w.Tag))
	}
}

// attributesText writes a SKU's dimensions in one piece, in a stable order.
func attributesText(attributes map[string]string) (string, error) {
	if len(attributes) == 0 {
		return "", nil
	}
	text, err := json.Marshal(attributes)
	return string(text), err
}
