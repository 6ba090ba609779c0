package intake

import (
	"encoding/csv"
	"strings"
)

// sampleRows is how many rows are cut at each possible delimiter.
const sampleRows = 50

// delimiterOf returns the character that cuts the rows of a sample into the
// same number of cells, as many as possible; the comma when none cuts.
func delimiterOf(text string) rune {
	if line, _, _ := strings.Cut(text, "\n"); len(line) > 4 && strings.EqualFold(line[:4], "sep=") {
		if said := []rune(strings.TrimSpace(line[4:])); len(said) == 1 && strings.ContainsRune(",;|", said[0]) {
			return said[0]
		}
		if strings.HasPrefix(line[4:], "\t") {
			return '\t'
		}
	}
	best, bestAgree, bestCells := ',', 0.0, 1
	for _, candidate := range []rune{',', ';', '\t', '|'} {
		agree, cells := cutAt(text, candidate)
		if cells > 1 && (agree > bestAgree || agree == bestAgree && cells > bestCells) {
			best, bestAgree, bestCells = candidate, agree, cells
		}
	}
	return best
}

// cutAt returns how many cells the first row has, and the share of the rows
// that have as many.
func cutAt(text string, delimiter rune) (agree float64, cells int) {
	r := lenient(text, delimiter)
	rows, same := 0, 0
	for rows < sampleRows {
		record, err := r.Read()
		if err != nil {
			break
		}
		if rows == 0 {
			cells = len(record)
		}
		rows++
		if len(record) == cells {
			same++
		}
	}
	if rows == 0 {
		return 0, 0
	}
	return float64(same) / float64(rows), cells
}

// firstRow is the header of a sample, as far as it can be read.
func firstRow(text string, delimiter rune) []string {
	r := lenient(text, delimiter)
	row, err := r.Read()
	if err == nil && isSepLine(row, delimiter) {
		row, err = r.Read()
	}
	if err != nil {
		return nil
	}
	return row
}

func lenient(text string, delimiter rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = delimiter
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	return r
}
