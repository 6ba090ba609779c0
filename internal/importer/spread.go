package importer

import (
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
)

// spread puts the cells of a row into the fields, and --fill where they are blank.
// cell is the group of a wide file, 0 in others.
func (p *parser) spread(raw *intake.Row, cell int) {
	for i := range p.text {
		p.text[i], p.from[i] = "", -1
	}
	c := p.columns
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
		p.text[i], p.from[i] = c.groups[cell-1].warehouse, c.groups[cell-1].qty
	}
	for field, value := range p.options.Fill {
		if i := c.index(field); p.text[i] == "" {
			p.text[i] = value
		}
	}
	p.trim(draft.Location)
	p.trim(fieldReference)
}

// trim takes the blanks around a text away that is no identity, and counts it.
func (p *parser) trim(field string) {
	i := p.columns.index(field)
	if i < 0 || p.text[i] == "" {
		return
	}
	if short := strings.TrimSpace(p.text[i]); len(short) < len(p.text[i]) {
		p.text[i] = short
		p.trimmed++
	}
}

// get is a field of the current row; blank where the mode has no such field.
func (p *parser) get(field string) string {
	if i := p.columns.index(field); i >= 0 {
		return p.text[i]
	}
	return ""
}

func (p *parser) put(field, text string) { p.text[p.columns.index(field)] = text }

// where is the place of a field's cell, or of the row.
func (p *parser) where(raw *intake.Row, field string) string {
	return p.reader.Pos(raw, p.column(field)).String()
}

// column is where a field of the current row came from, -1 for nowhere.
func (p *parser) column(field string) int {
	name, dim, _ := strings.Cut(field, ".")
	column := -1
	if i := p.columns.index(name); i >= 0 {
		column = p.from[i]
	}
	for c, d := range p.columns.dims {
		if dim != "" && d == dim {
			column = c
		}
	}
	if field == draft.SKUID && column < 0 {
		column = p.from[p.columns.index(fieldSKUCode)]
	}
	return column
}

// occurrence reads the column _n: N:HASH, which counts while the row is as it
// was when it was written. It is 0 otherwise.
func (p *parser) occurrence(w *ledger.Write) int {
	text := p.get(fieldOccurrence)
	if text == "" {
		return 0
	}
	number, hash, ok := strings.Cut(text, ":")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || hash != occurrenceHash(w) {
		return 0
	}
	return n
}
