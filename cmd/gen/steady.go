package main

import (
	"regexp"
	"strings"
	"sync"

	uv "github.com/charmbracelet/ultraviolet"
)

// changing maps patterns of text that differs between runs (generated ids, times
// and speeds) to the fixed text that a picture shows instead.
var changing = sync.OnceValue(func() map[*regexp.Regexp]string {
	return map[*regexp.Regexp]string{
		regexp.MustCompile(`\binv_[a-z2-7]{16}\b`):              "inv_q5zkrzaryzpeeubb",
		regexp.MustCompile(`\b\d{4}-\d{2}-\d{2} \d{2}:\d{2}\b`): "2026-11-02 08:42",
		regexp.MustCompile(`\bin \d+\.\d s(, [\d,]+/s)?$`):      "in 0.1 s, 60/s",
	}
})

// steady replaces text that differs between runs by fixed text in the same
// colours. The rest of a row keeps its columns: only text at the end of a row may
// change its length.
func steady(rows [][]uv.Cell) [][]uv.Cell {
	for _, row := range rows {
		for pattern, text := range changing() {
			shown := strings.TrimRight(plain(row), " ")
			for _, at := range pattern.FindAllStringIndex(shown, -1) {
				from, to := len([]rune(shown[:at[0]])), len([]rune(shown[:at[1]]))
				style := row[from].Style
				for x := from; x < max(to, from+len(text)); x++ {
					row[x] = uv.Cell{Content: " ", Width: 1, Style: style}
					if x-from < len(text) {
						row[x].Content = text[x-from : x-from+1]
					}
				}
			}
		}
	}
	return rows
}
