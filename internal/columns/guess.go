package columns

import (
	_ "embed" // synonyms.txt
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/bayworks/stockctl/internal/stock"
)

//go:embed synonyms.txt
var synonymText string

// synonyms returns what other systems call a field, spelt as by plainWord, the most
// likely first.
func synonyms(field string) []string {
	switch field {
	case stock.InitialQty, fieldOnHand, fieldQty, fieldCounted:
		field = fieldQuantity
	}
	for line := range strings.Lines(synonymText) {
		if words, ok := strings.CutPrefix(line, field+": "); ok {
			return strings.Fields(words)
		}
	}
	return nil
}

// plainWord returns only the letters and digits of a header, in lower case and without
// accents.
func plainWord(header string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(header))
}

// guess returns a column that may be the missing field, and the field to map it to. If
// the missing field is the item, any field that names items will do.
func guess(c *Mapping, missing string) (name, field string) {
	field, _, _ = strings.Cut(missing, " ")
	fields := []string{field}
	if field == stock.ProductID {
		fields = []string{fieldSKUCode, fieldBarcode, fieldName}
	}
	for _, field := range fields {
		for _, word := range synonyms(field) {
			if name := c.called(word); name != "" {
				return name, field
			}
		}
	}
	if name := c.place(); field == stock.WarehouseID && name != "" {
		return name, field
	}
	return "", ""
}

// called returns the first unmapped column with a name or, if there is none, the only one
// that has it before a bracket, as in "Qty (pcs)".
func (c *Mapping) called(word string) string {
	var similar []string
	for i, name := range c.names {
		bare, _, _ := strings.Cut(name, "(")
		switch {
		case c.target[i] >= 0:
		case plainWord(name) == word:
			return name
		case plainWord(bare) == word:
			similar = append(similar, name)
		}
	}
	if len(similar) == 1 {
		return similar[0]
	}
	return ""
}

// place returns the column that is mapped to location because of its name; "" if there is
// none. In the files of many systems, that column names the warehouse.
func (c *Mapping) place() string {
	for i, name := range c.names {
		if at := c.target[i]; at >= 0 && c.fields[at] == stock.Location && slices.Contains(c.free, i) {
			return name
		}
	}
	return ""
}
