package ledger

import (
	"encoding/binary"
	"encoding/json"

	"github.com/bayworks/stockctl/internal/stock"
)

// The text columns of a plan, each with its own dictionary. The fields of a create
// request follow them, in order.
const (
	textProduct = iota
	textCalled
	textSKU
	textWarehouse
	textRecord
	textAction
	textReference
	textNotes
	textCode
	textMessage
	textColumns
)

const (
	// dictionarySize bounds the number of texts in the dictionary of a column.
	dictionarySize = 4096
	// longestWord is the maximum length of a text in a dictionary.
	longestWord = 64
)

// The ways to write a text: blank, same as in the previous row, spelt out, or as its
// dictionary number plus wordKnown.
const (
	wordBlank = iota
	wordSame
	wordSpelt
	wordKnown
)

// The flags of a write.
const (
	hasOutcome = 1 << iota
	hasTag
	hasCell
	hasBaseline
	hasField // set if the first field of a create request is a quantity that is given; the next bit is for the second field, and so on
)

// words is the writer's dictionary for one column.
type words struct {
	last  string
	known map[string]uint64
	hits  int // texts that were found, and that were not since it is full
	fails int
}

// hopeless reports whether lookups cost more than they save, because nearly every text
// is new.
func (w *words) hopeless() bool { return w.fails > dictionarySize && w.hits < w.fails/8 }

// encoder writes the rows of a plan: numbers as differences from the previous row,
// texts through a dictionary. Rows must be written in order.
type encoder struct {
	mode   stock.Mode
	fields []stock.Field // of a create request
	b      []byte
	texts  []words
	n      int64 // of the previous row
	line   int
	end    int64 // of its text
}

func newEncoder(mode stock.Mode) *encoder {
	fields := stock.CreateFields()
	e := &encoder{mode: mode, fields: fields, texts: make([]words, textColumns+len(fields))}
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
	e.unsigned(int64(e.flags(w)))
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

func (e *encoder) flags(w *Write) (flags uint64) {
	set := func(flag uint64, yes bool) {
		if yes {
			flags |= flag
		}
	}
	set(hasOutcome, w.Decided != nil)
	set(hasTag, w.Tag != "")
	set(hasCell, w.Cell != 0)
	set(hasBaseline, w.HasBaseline)
	if e.mode != stock.Create {
		return flags
	}
	for i := range e.fields {
		if f := &e.fields[i]; f.Type == stock.Quantity {
			set(hasField<<i, *w.Create.Number(f.Name) != nil)
		}
	}
	return flags
}

// create writes the fields of a create request except its ids, which are in the key.
func (e *encoder) create(w *Write, attributes string) {
	e.text(textCalled, w.Create.Called)
	for i := range e.fields {
		switch f := &e.fields[i]; f.Type {
		case stock.Quantity:
			if qty := *w.Create.Number(f.Name); qty != nil {
				e.number(*qty)
			}
		case stock.Line:
			e.text(textColumns+i, *w.Create.Text(f.Name))
		case stock.Attributes:
			e.text(textColumns+i, attributes)
		}
	}
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

// attributesText encodes a SKU's dimensions as one text, in a stable order.
func attributesText(attributes map[string]string) (string, error) {
	if len(attributes) == 0 {
		return "", nil
	}
	text, err := json.Marshal(attributes)
	return string(text), err
}
