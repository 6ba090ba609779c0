package ledger

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

var errRow = errors.New("a row cannot be read")

// decoder reads what an encoder wrote, in the same order.
type decoder struct {
	mode   stock.Mode
	fields []stock.Field
	b      []byte // the rest of the current block
	bad    bool   // an encoder would not have written this
	last   []string
	known  [][]string
	n      int64
	line   int
	end    int64
}

func newDecoder(mode stock.Mode) decoder {
	fields := stock.CreateFields()
	columns := textColumns + len(fields)
	return decoder{mode: mode, fields: fields, last: make([]string, columns), known: make([][]string, columns)}
}

func (d *decoder) number() int64 {
	n, size := binary.Varint(d.b)
	return d.took(n, size)
}

func (d *decoder) unsigned() int64 {
	n, size := binary.Uvarint(d.b)
	return d.took(int64(n), size)
}

func (d *decoder) took(n int64, size int) int64 {
	if size <= 0 {
		d.bad = true
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) bytes(n int64) []byte {
	if n < 0 || n > int64(len(d.b)) {
		d.bad = true
		return nil
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) byte() byte {
	if b := d.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) text(column int) string {
	switch word := d.unsigned(); word {
	case wordBlank:
		return ""
	case wordSame:
		return d.last[column]
	case wordSpelt:
		text := string(d.bytes(d.unsigned()))
		if len(text) <= longestWord && len(d.known[column]) < dictionarySize {
			d.known[column] = append(d.known[column], text)
		}
		d.last[column] = text
	default:
		i := word - wordKnown
		if i < 0 || i >= int64(len(d.known[column])) {
			d.bad = true
			return ""
		}
		d.last[column] = d.known[column][i]
	}
	return d.last[column]
}

// read reads one row.
func (d *decoder) read(w *Write) error {
	flags := d.unsigned()
	d.n += d.unsigned()
	d.line += int(d.number())
	*w = Write{N: d.n, Line: d.line}
	w.Source.Offset = d.end + d.number()
	w.Source.Length, w.Source.Column = int(d.unsigned()), int(d.unsigned())
	if flags&hasCell != 0 {
		w.Cell = int(d.unsigned())
	}
	d.end = w.Source.Offset + int64(w.Source.Length)
	w.Key.Record = d.text(textRecord)
	w.Key.Product, w.Key.SKU, w.Key.Warehouse = d.text(textProduct), d.text(textSKU), d.text(textWarehouse)
	if d.mode == stock.Create {
		d.create(w, flags)
	} else {
		d.movement(w, flags)
	}
	if flags&hasOutcome != 0 {
		w.Decided = &Outcome{State: journal.State(d.byte()), Code: d.text(textCode), Message: d.text(textMessage)}
	}
	if d.bad {
		return fmt.Errorf("after row %d: %w", d.n, errRow)
	}
	return nil
}

func (d *decoder) create(w *Write, flags int64) {
	c := &w.Create
	c.ProductID, c.SKUID, c.WarehouseID = w.Key.Product, w.Key.SKU, w.Key.Warehouse
	c.Called = d.text(textCalled)
	for i := range d.fields {
		switch f := &d.fields[i]; f.Type {
		case stock.Quantity:
			if flags&(hasField<<i) != 0 {
				n := d.number()
				*c.Number(f.Name) = &n
			}
		case stock.Line:
			*c.Text(f.Name) = d.text(textColumns + i)
		case stock.Attributes:
			if text := d.text(textColumns + i); text != "" {
				d.bad = d.bad || json.Unmarshal([]byte(text), &c.VariantAttributes) != nil
			}
		}
	}
}

func (d *decoder) movement(w *Write, flags int64) {
	w.Record = d.text(textRecord)
	w.Occurrence = int(d.unsigned())
	if d.mode == stock.Set {
		w.Want, w.Seen = d.number(), d.number()
		if w.HasBaseline = flags&hasBaseline != 0; w.HasBaseline {
			w.Baseline = d.number()
		}
	} else {
		w.Change.Qty = d.number()
		w.Change.Action, w.Change.Reference, w.Change.Notes = d.text(textAction), d.text(textReference), d.text(textNotes)
	}
	if flags&hasTag == 0 {
		return
	}
	if tag := d.bytes(8); tag != nil {
		w.Tag = tagText(binary.LittleEndian.Uint64(tag))
	}
}
