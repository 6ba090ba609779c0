package columns

import "testing"

// A word of a file cannot leave its quotes, and does not begin another line.
func TestQuote(t *testing.T) {
	for word, want := range map[string]string{
		"stock.csv":        "stock.csv",
		"":                 "''",
		"two words":        "'two words'",
		"$(id)":            "'$(id)'",
		"it's; touch /tmp": `'it'\''s; touch /tmp'`,
		"a\nb\x7fc":        "'a b c'",
	} {
		if got := Quote(word); got != want {
			t.Errorf("Quote(%q): got %s, want %s", word, got, want)
		}
	}
}
