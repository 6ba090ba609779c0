package output

import "bytes"

// The colours of JSON, those of gh.
const (
	keyColor    = "\x1b[1;34m"
	stringColor = "\x1b[32m"
	boolColor   = "\x1b[33m"
	nullColor   = "\x1b[36m"
	noColor     = "\x1b[0m"
)

// inColour returns a JSON text in colour if the printer uses colour.
func (p *Printer) inColour(text []byte) []byte {
	if !p.color {
		return text
	}
	var out bytes.Buffer
	for len(text) > 0 {
		color, n := "", 1
		switch text[0] {
		case '"':
			n = stringLength(text)
			if color = stringColor; bytes.HasPrefix(text[n:], []byte(":")) {
				color = keyColor
			}
		case 't', 'f':
			color, n = boolColor, wordLength(text)
		case 'n':
			color, n = nullColor, wordLength(text)
		}
		if color == "" {
			out.WriteByte(text[0])
		} else {
			out.WriteString(color)
			out.Write(text[:n])
			out.WriteString(noColor)
		}
		text = text[n:]
	}
	return out.Bytes()
}

// stringLength returns the length of the JSON string at the beginning of a text.
func stringLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

func wordLength(text []byte) int {
	for i, c := range text {
		if c < 'a' || c > 'z' {
			return i
		}
	}
	return len(text)
}
