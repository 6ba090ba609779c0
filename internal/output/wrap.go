package output

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Wrap breaks the lines of a text at spaces, because a terminal breaks them inside words.
// What is in backticks stays whole, so that a command can be copied, and so do indented
// lines.
func Wrap(text string, width int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if runewidth.StringWidth(line) > width && !strings.HasPrefix(line, " ") {
			lines[i] = wrapLine(line, width)
		}
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, width int) string {
	var b strings.Builder
	used, quoted := 0, false
	word := ""
	add := func() {
		size := runewidth.StringWidth(word)
		switch {
		case used == 0:
		case used+1+size > width:
			b.WriteByte('\n')
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used, word = used+size, ""
	}
	for _, r := range line {
		if r == '`' {
			quoted = !quoted
		}
		if r == ' ' && !quoted {
			add()
			continue
		}
		word += string(r)
	}
	add()
	return b.String()
}
