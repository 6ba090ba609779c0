package columns

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/stock"
)

// Spread assigns the cells of a row to the fields, and applies --fill to blank ones. cell
// is the group in a wide file, and 0 in others.
func (p *Parser) Spread(raw *intake.Row, cell int) {
	for i := range p.from {
		p.text[i], p.from[i] = "", -1
	}
	c := p.Mapping
	for column, place := range c.target {
		if place >= 0 && column < len(raw.Cells) && (c.cell[column] == 0 || c.cell[column] == cell) {
			p.text[place], p.from[place] = raw.Cells[column], column
		}
	}
	for _, v := range c.values {
		p.text[v.field] = v.translate(p.text[v.field])
	}
	if cell > 0 {
		i := c.index(fieldWarehouse)
		p.text[i], p.from[i] = c.Groups[cell-1].warehouse, c.Groups[cell-1].Qty
	}
	for field, value := range p.options.Fill {
		if i := c.index(field); p.text[i] == "" {
			p.text[i] = value
		}
	}
	p.trim(p.at.location)
	p.trim(p.at.reference)
}

// trim removes the spaces around a text that is not a name, and counts it.
func (p *Parser) trim(i int) {
	if short := strings.TrimSpace(p.text[i]); len(short) < len(p.text[i]) {
		p.text[i] = short
		p.trimmed++
	}
}

// places are the fields that every row needs, by their place in text. They are determined
// once for each table. A field that the mode does not have is at the final blank.
type places struct {
	product, sku, code, warehouse, location, reference, occurrence, quantity int
	keeps                                                                    int // the warehouse that has the record
}

func placesIn(c *Mapping) places {
	of := func(field string) int {
		if i := c.index(field); i >= 0 {
			return i
		}
		return len(c.fields)
	}
	keeps := fieldWarehouse
	if c.mode == Move {
		keeps = FieldFrom
	}
	return places{
		product: of(stock.ProductID), sku: of(stock.SKUID), code: of(fieldSKUCode), warehouse: of(fieldWarehouse), location: of(stock.Location),
		reference: of(fieldReference), occurrence: of(FieldOccurrence), quantity: of(quantityOf(c.mode)), keeps: of(keeps),
	}
}

// Get returns a field of the current row. It is blank if the mode does not have the
// field.
func (p *Parser) Get(field string) string {
	if i := p.Mapping.index(field); i >= 0 {
		return p.text[i]
	}
	return ""
}

func (p *Parser) put(field, text string) { p.text[p.Mapping.index(field)] = text }

// Where returns the place of a field's cell, or of the row.
func (p *Parser) Where(raw *intake.Row, field string) string {
	return p.reader.Pos(raw, p.column(field)).String()
}

// column returns the column of a field in the current row, or -1.
func (p *Parser) column(field string) int {
	name, dim, _ := strings.Cut(field, ".")
	column := -1
	if i := p.Mapping.index(name); i >= 0 {
		column = p.from[i]
	}
	for c, d := range p.Mapping.dims {
		if dim != "" && d == dim {
			column = c
		}
	}
	if field == stock.SKUID && column < 0 {
		column = p.from[p.Mapping.index(fieldSKUCode)]
	}
	return column
}

// occurrence reads the column _n, which is N:HASH. It returns 0 if the row has changed
// since _n was written.
func (p *Parser) occurrence(w *ledger.Write) int {
	text := p.text[p.at.occurrence]
	if text == "" {
		return 0
	}
	number, hash, ok := strings.Cut(text, ":")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || hash != OccurrenceHash(w) {
		return 0
	}
	return n
}

// OccurrenceHash returns a short hash of a row's content.
func OccurrenceHash(w *ledger.Write) string {
	c := w.Change
	sum := sha256.Sum256([]byte(strings.Join([]string{w.Key.Text(), c.Action, strconv.FormatInt(c.Qty, 10), c.Reference, "", c.Notes}, "\x00")))
	return hex.EncodeToString(sum[:4])
}
