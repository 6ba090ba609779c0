package importer

import (
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
)

// spread puts the cells into the fields, and --fill where they are blank.
func (p *parser) spread(raw *intake.Row) {
	for i := range p.text {
		p.text[i], p.from[i] = "", -1
	}
	for column, place := range p.columns.target {
		if place >= 0 && column < len(raw.Cells) {
			p.text[place], p.from[place] = raw.Cells[column], column
		}
	}
	for field, value := range p.options.Fill {
		if i := p.columns.index(field); p.text[i] == "" {
			p.text[i] = value
		}
	}
}

func (p *parser) get(field string) string { return p.text[p.columns.index(field)] }

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
