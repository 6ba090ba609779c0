package intake

import (
	"encoding/csv"
	"strings"
)

// sampleRows is how many rows to split at each possible delimiter.
const sampleRows = 50

// delimiterOf returns the character that splits the rows of a sample most consistently
// into the same number of cells, as many as possible. The default is the comma.
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

// cutAt returns the most frequent number of cells, and the share of the rows that have
// it. Not all need to: there may be a title above the header, and remarks below the rows.
func cutAt(text string, delimiter rune) (agree float64, cells int) {
	r := lenient(text, delimiter)
	rows, have := 0, map[int]int{}
	for rows < sampleRows {
		record, err := r.Read()
		if err != nil {
			break
		}
		rows++
		have[len(record)]++
	}
	same := 0
	for count, n := range have {
		if n > same || n == same && count > cells {
			same, cells = n, count
		}
	}
	if rows == 0 {
		return 0, 0
	}
	return float64(same) / float64(rows), cells
}

// searchedRows is how many rows of a sample to search for the header.
const searchedRows = 100

// headerOf returns the header of a sample and the number of lines above it. The header is
// the line that the options choose, else the first that IsHeader accepts, else the first
// line below a title, so that its columns can be listed.
func headerOf(text string, delimiter rune, o Options) (header []string, above int) {
	for range o.SkipLines {
		_, text, _ = strings.Cut(text, "\n")
	}
	r := lenient(text, delimiter)
	var below []string
	var belowTitle int
	for n := range searchedRows {
		row, err := r.Read()
		if err != nil {
			break
		}
		line, _ := r.FieldPos(0)
		if n == 0 && isSepLine(row, delimiter) {
			continue
		}
		if header == nil {
			header = row
		}
		if o.IsHeader == nil || o.SkipLines > 0 {
			break
		}
		if o.IsHeader(row) {
			if len(header) > 0 && &header[0] == &row[0] { // nothing is above it except perhaps sep=
				return row, 0
			}
			return row, line - 1
		}
		if below == nil && filled(row) > 2 {
			below, belowTitle = row, line-1
		}
	}
	if below != nil && filled(header) == 1 {
		return below, belowTitle
	}
	return header, o.SkipLines
}

// filled returns how many cells of a row are not blank.
func filled(row []string) (n int) {
	for _, cell := range row {
		if strings.TrimSpace(cell) != "" {
			n++
		}
	}
	return n
}

func lenient(text string, delimiter rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = delimiter
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	return r
}
