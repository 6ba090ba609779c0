package intake

import (
	"strings"
	"unicode"
)

// Fold makes different spellings of a header equal: "Product ID", product_id and
// productId, on one line or on two.
func Fold(header string) string { return strings.Map(folded, header) }

// folded returns a character of a folded header, or -1 if it does not count.
func folded(r rune) rune {
	if r == '_' || r == '-' || unicode.IsSpace(r) {
		return -1
	}
	return unicode.ToLower(r)
}

// CutFold returns the text of a header between a beginning and an end, which are compared
// as in Fold. It removes the blanks around the text, and returns false if nothing is left.
func CutFold(header, before, after string) (rest string, ok bool) {
	text := []rune(header)
	want := []rune(Fold(before))
	from := 0
	for ; len(want) > 0 && from < len(text); from++ {
		switch r := folded(text[from]); {
		case r < 0:
		case r == want[0]:
			want = want[1:]
		default:
			return "", false
		}
	}
	end := []rune(Fold(after))
	to := len(text)
	for ; len(end) > 0 && to > from; to-- {
		switch r := folded(text[to-1]); {
		case r < 0:
		case r == end[len(end)-1]:
			end = end[:len(end)-1]
		default:
			return "", false
		}
	}
	rest = strings.TrimFunc(string(text[from:to]), func(r rune) bool { return folded(r) < 0 })
	return rest, len(want) == 0 && len(end) == 0 && rest != ""
}
