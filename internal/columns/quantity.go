package columns

import (
	"strings"

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
	sign, digits := "", text
	if digits != "" && (digits[0] == '+' || digits[0] == '-') {
		sign, digits = digits[:1], digits[1:]
	}
	if last := strings.LastIndexAny(digits, ".,"); last >= 0 && p.options.Decimal == "" {
		if mark := digits[last : last+1]; strings.ContainsAny(digits[:last], ".,") && ungrouped(digits, mark) != digits {
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

// ungrouped removes the thousands separators from a number with a known decimal sign. A
// number that is grouped differently is returned unchanged.
func ungrouped(digits, decimal string) string {
	separator := DecimalComma
	if decimal == DecimalComma {
		separator = DecimalPoint
	}
	head, tail, _ := strings.Cut(digits, decimal)
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
