package workbook

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// style is the number format of a cell, as far as it matters for reading.
type style struct {
	date   bool
	digits int // the minimum number of digits, with leading zeros; 0: any
}

// readStyles reads the number formats of cells. A workbook may have none.
func (w *workbook) readStyles(part string) error {
	if w.parts[strings.ToLower(part)] == nil {
		return nil
	}
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.part(part, &sheet); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, f := range sheet.Formats {
		codes[f.ID] = f.Code
	}
	for _, c := range sheet.Cells {
		w.styles = append(w.styles, styleOf(c.Format, codes[c.Format]))
	}
	return nil
}

// styleOf returns the style of a number format, which is a number that every spreadsheet
// knows, or spelt out.
func styleOf(id int, code string) style {
	switch {
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 45 && id <= 47, id >= 50 && id <= 58:
		return style{date: true}
	case len(code) > 1 && strings.Trim(code, "0") == "":
		return style{digits: len(code)}
	}
	for plain, inside := range sections(code) {
		if !inside && strings.ContainsAny(strings.ToLower(plain), "ymdhs") && !strings.Contains(strings.ToLower(plain), "general") {
			return style{date: true}
		}
	}
	return style{}
}

// sections yields the pieces of a number format, and whether each is in quotes or
// brackets: a text, a colour or a condition.
func sections(code string) func(yield func(string, bool) bool) {
	return func(yield func(string, bool) bool) {
		for code != "" {
			i := strings.IndexAny(code, `"[\`)
			if i < 0 {
				yield(code, false)
				return
			}
			if i > 0 && !yield(code[:i], false) {
				return
			}
			end := map[byte]string{'"': `"`, '[': "]"}[code[i]]
			if end == "" { // a backslash quotes one character
				code = code[min(i+2, len(code)):]
				continue
			}
			_, code, _ = strings.Cut(code[i+1:], end)
		}
	}
}

// exactNumbers is the first whole number that a spreadsheet does not store exactly.
const exactNumbers = 1e15

// number returns a stored number as its cell shows it. Whole numbers have no decimals,
// and dates look like dates. A number with more digits than a spreadsheet stores is
// written with an exponent, so that it is not mistaken for an id.
func (w *workbook) number(text string, format int) string {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return text
	}
	var s style
	if format > 0 && format < len(w.styles) {
		s = w.styles[format]
	}
	switch {
	case s.date && f >= 0 && f < 2958466: // the year 10000
		return w.date(f)
	case math.Abs(f) >= exactNumbers:
		return strconv.FormatFloat(f, 'E', 5, 64)
	case f == math.Trunc(f):
		whole := strconv.FormatInt(int64(f), 10)
		if pad := s.digits - len(whole); pad > 0 && f >= 0 {
			whole = strings.Repeat("0", pad) + whole
		}
		return whole
	}
	// A spreadsheet has 15 digits: 0.1 is stored as 0.10000000000000001.
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// date returns a number of days as a date, with the time of day if there is one.
func (w *workbook) date(days float64) string {
	whole, rest := math.Modf(days)
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(whole)+w.from)
	if rest == 0 {
		return day.Format(time.DateOnly)
	}
	return day.Add(time.Duration(math.Round(rest*86400)) * time.Second).Format(time.DateTime)
}
