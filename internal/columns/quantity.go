package columns

import (
	"strings"
	"unicode"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// The values of --decimal.
const (
	DecimalPoint = "."
	DecimalComma = ","
)

// wholeNumber turns a number as spreadsheets and other systems write it into digits: 12.0
// and 16,0000 are whole numbers. Other text is returned unchanged, and refused later.
func (p *Parser) wholeNumber(field, text string) (string, *failure.Problem) {
	if isDigits(text) {
		return text, nil
	}
	wrong := func(what string) (string, *failure.Problem) {
		return "", &failure.Problem{Field: field, Value: text, What: what}
	}
	if what := stock.Debris(text); what != "" && text[0] != '\'' && (text[0] < '0' || text[0] > '9') {
		return wrong(what)
	}
	text = strings.TrimSpace(text)
	if unit := withUnit(field, text); unit != "" {
		return wrong(unit)
	}
	sign, digits := "", text
	if digits != "" && (digits[0] == '+' || digits[0] == '-') {
		sign, digits = digits[:1], digits[1:]
	}
	if p.options.Decimal == "" {
		if mark := grouped(digits); mark != "" {
			return wrong("has thousands separators: read it with --decimal " + mark)
		}
	}
	if p.options.Decimal != "" {
		digits = ungrouped(digits, p.options.Decimal)
	}
	at := strings.IndexAny(digits, ".,")
	if at < 1 || at == len(digits)-1 || !isDigits(digits[:at]) || !isDigits(digits[at+1:]) {
		return sign + digits, nil
	}
	mark, rest := digits[at:at+1], digits[at+1:]
	switch {
	case p.options.Decimal != "" && mark != p.options.Decimal:
		return text, nil
	case p.options.Decimal == "" && at <= 3 && len(rest) == 3 && digits[0] != '0':
		return wrong("may be " + digits[:at] + " or " + digits[:at] + rest + ": choose with --decimal . or --decimal ,")
	case strings.Trim(rest, "0") == "":
		return sign + digits[:at], nil
	}
	return wrong("must be a whole number, not " + text)
}

// withUnit returns what to type if a number is followed by a unit, as in "12 pcs", or has
// its sign at an unusual place, as in "(3)" and "3-". It returns "" for other texts.
func withUnit(field, text string) string {
	const figures = "0123456789"
	from, to := strings.IndexAny(text, figures), strings.LastIndexAny(text, figures)+1
	if from < 0 || to-from > 20 || len(text) > 40 || strings.ContainsAny(text, "*:=") {
		return ""
	}
	before, number, after := strings.TrimLeft(text[:from], "+-"), text[from:to], text[to:]
	brackets, becomes := before == "(" && after == ")", "*"
	switch {
	case !brackets && (before != "" || strings.Trim(after, " .,") == ""), strings.ContainsFunc(number, unicode.IsLetter):
		return "" // no unit, or one that changes the number, as in "> 100"
	case brackets, after == "-":
		becomes = "-*"
	}
	return "contains more than a number: read it with --value " + failure.Arg(field+":"+before+"*"+after+"="+becomes)
}

// spaces are what may separate thousands besides a comma or a point.
const spaces = " \u00a0\u202f'\u2019"

// grouped returns the decimal sign with which a number has thousands separators, or "" if
// it has none, or only one that may be the decimal sign.
func grouped(digits string) string {
	if !strings.ContainsAny(digits, spaces) && strings.Count(digits, ".")+strings.Count(digits, ",") < 2 {
		return ""
	}
	marks := []string{DecimalComma, DecimalPoint}
	if last := strings.LastIndexAny(digits, ".,"); last >= 0 && digits[last:last+1] == DecimalPoint {
		marks = []string{DecimalPoint, DecimalComma}
	}
	for _, mark := range marks {
		if ungrouped(digits, mark) != digits {
			return mark
		}
	}
	return ""
}

// ungrouped removes the thousands separators from a number with a known decimal sign. A
// number that is grouped differently is returned unchanged.
func ungrouped(digits, decimal string) string {
	separator := DecimalComma
	if decimal == DecimalComma {
		separator = DecimalPoint
	}
	head, tail, _ := strings.Cut(digits, decimal)
	if !strings.Contains(head, separator) && strings.ContainsAny(head, spaces) {
		head = strings.Join(strings.FieldsFunc(head, func(r rune) bool { return strings.ContainsRune(spaces, r) }), separator)
	}
	groups := strings.Split(head, separator)
	if len(groups) < 2 || len(groups[0]) > 3 || !isDigits(groups[0]) {
		return digits
	}
	for _, g := range groups[1:] {
		if len(g) != 3 || !isDigits(g) {
			return digits
		}
	}
	head = strings.Join(groups, "")
	if tail != "" {
		head += decimal + tail
	}
	return head
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// quantity parses a required whole number.
func (p *Parser) quantity(field string) (int64, *failure.Problem) {
	text := p.Get(field)
	if text == "" {
		return 0, &failure.Problem{Field: field, What: "is required"}
	}
	digits, bad := p.wholeNumber(field, text)
	if bad != nil {
		return 0, bad
	}
	n, err := api.ParseQuantity(digits)
	if err != nil {
		return 0, &failure.Problem{Field: field, Value: text, What: err.Error()}
	}
	return n, nil
}
