package config

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// hidden are secrets that an editor does not show, because others may see the screen. Each
// has a text in its place; the number is its position.
type hidden [][]byte

// place returns the text in place of a secret.
func (h hidden) place(i int) []byte { return fmt.Appendf(nil, "(hidden-%d)", i+1) }

// isPlaceholder reports whether a value is a text in place of a secret.
func isPlaceholder(value string) bool {
	number, begins := strings.CutPrefix(value, "(hidden-")
	number, ends := strings.CutSuffix(number, ")")
	return begins && ends && number != "" && strings.Trim(number, "0123456789") == ""
}

// hide replaces the secrets in a configuration file, which may be invalid.
func hide(text []byte) ([]byte, hidden) {
	var h hidden
	value := regexp.MustCompile(`\b((?:merchant-api-key|token): *)("[^"\n]*"|'[^'\n]*'|[^\s,}#]+)`)
	shown := value.ReplaceAllFunc(text, func(found []byte) []byte {
		parts := value.FindSubmatch(found)
		i := slices.IndexFunc(h, func(secret []byte) bool { return bytes.Equal(secret, parts[2]) })
		if i < 0 {
			i, h = len(h), append(h, parts[2])
		}
		return append(slices.Clone(parts[1]), h.place(i)...)
	})
	return shown, h
}

// reveal puts the secrets back, wherever the user moved them.
func (h hidden) reveal(text []byte) []byte {
	for i, secret := range h {
		text = bytes.ReplaceAll(text, h.place(i), secret)
	}
	return text
}
