package failure

import (
	"slices"
	"strings"
)

// Nearest returns up to three candidates that someone who typed word may have meant,
// nearest first: those within a third of its length in edits, and those that contain
// it. It ignores case.
func Nearest(word string, candidates []string) []string {
	type scored struct {
		text  string
		score int
	}
	low := []rune(strings.ToLower(word))
	var near []scored
	for _, c := range candidates {
		other := strings.ToLower(c)
		score := edits(low, []rune(other))
		if len(low) >= 2 && strings.Contains(other, string(low)) {
			score = min(score, 1)
		}
		if score <= max(2, len(low)/3) && score < len(low) {
			near = append(near, scored{c, score})
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int { return a.score - b.score })
	var out []string
	for _, s := range near {
		if len(out) == 3 {
			break
		}
		if !slices.Contains(out, s.text) {
			out = append(out, s.text)
		}
	}
	return out
}

// edits returns the Levenshtein distance. Both words are cut to 64 runes to limit
// the cost of hostile names.
func edits(a, b []rune) int {
	const most = 64
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], min(cost, row[j]+1)
		}
	}
	return row[len(b)]
}

// OneOf joins choices: "a", "a or b", "a, b or c".
func OneOf(choices []string) string {
	switch n := len(choices); n {
	case 0:
		return ""
	case 1:
		return choices[0]
	default:
		return strings.Join(choices[:n-1], ", ") + " or " + choices[n-1]
	}
}

// AllOf joins words: "a", "a and b", "a, b and c".
func AllOf(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}
