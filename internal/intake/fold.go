package intake

import (
	"strings"
	"unicode"
)

// Fold makes headers equal that people write differently: "Product ID",
// product_id and productId, on one line or broken over two.
func Fold(header string) string { return strings.Map(folded, header) }

// folded is a character of a folded header, -1 for one that does not count.
func folded(r rune) rune {
	if r == '_' || r == '-' || unicode.IsSpace(r) {
		return -1
	}
	return unicode.ToLower(r)
}

// CutFold returns what a header has between a beginning and an end that are
// compared as Fold does, without the blanks around it. There must be something
// between them.
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
