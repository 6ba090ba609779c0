package main

import (
	"regexp"
	"strings"
	"sync"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
)

// pictureDay is the day on which the pictures seem to be recorded.
const pictureDay = "2026-11-02"

// changing maps patterns of text that differs between runs (generated ids, times
// and speeds) to the text that a picture shows instead, for pictures recorded now.
var changing = sync.OnceValue(func() map[*regexp.Regexp]func(text string, now time.Time) string {
	always := func(fixed string) func(string, time.Time) string {
		return func(string, time.Time) string { return fixed }
	}
	return map[*regexp.Regexp]func(string, time.Time) string{
		regexp.MustCompile(`\binv_[a-z2-7]{16}\b`):                 always("inv_q5zkrzaryzpeeubb"),
		regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?\b`): moved,
		regexp.MustCompile(`\bin \d+\.\d s(, [\d,]+/s)?$`):         always("in 0.1 s, 60/s"),
	}
})

// moved moves a date by as many days as there are from now to the day of the
// pictures. A time becomes the same one everywhere.
func moved(text string, now time.Time) string {
	if len(text) > len(time.DateOnly) {
		return pictureDay + " 08:42"
	}
	date, err := time.Parse(time.DateOnly, text)
	to, _ := time.Parse(time.DateOnly, pictureDay) // a constant
	if err != nil {
		return text
	}
	return to.Add(date.Sub(now.UTC().Truncate(24 * time.Hour))).Format(time.DateOnly)
}

// steady replaces text that differs between runs by fixed text in the same
// colours. The rest of a row keeps its columns: only text at the end of a row may
// change its length. The cursor, which blinks, is removed.
func steady(rows [][]uv.Cell, now time.Time) [][]uv.Cell {
	for _, row := range rows {
		for x, c := range row {
			if c.Style.Attrs&uv.AttrReverse != 0 && strings.TrimSpace(c.Content) == "" {
				row[x] = uv.Cell{Content: " ", Width: 1}
			}
		}
		for pattern, replace := range changing() {
			shown := strings.TrimRight(plain(row), " ")
			for _, at := range pattern.FindAllStringIndex(shown, -1) {
				text := replace(shown[at[0]:at[1]], now)
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
