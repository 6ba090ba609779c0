package main

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Sizes of a picture in tenths of a pixel, so that a cell of 8.4 is exact.
const (
	cellWidth  = 84
	lineHeight = 200
	margin     = 180
	titleBar   = 380
)

// svgHead is a window with a title bar and a dark screen. Its colours are those
// that programs select by number; no font is fetched.
const svgHead = `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]s" height="%[2]s" viewBox="0 0 %[1]s %[2]s" role="img" aria-labelledby="title text">
<title id="title">%[3]s</title>
<desc id="text">%[4]s</desc>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; fill: #d6dde6; white-space: pre }
.bar { font-size: 13px; fill: #8b97a6 }
.bold { font-weight: bold } .faint { opacity: .6 } .underline { text-decoration: underline }
.c0 { fill: #161b22 } .c1 { fill: #ff7b72 } .c2 { fill: #56d364 } .c3 { fill: #e3b341 } .c4 { fill: #79c0ff } .c5 { fill: #d2a8ff } .c6 { fill: #56d4dd } .c7 { fill: #d6dde6 }
.c8 { fill: #8b97a6 } .c9 { fill: #ffa198 } .c10 { fill: #7ee787 } .c11 { fill: #f2cc60 } .c12 { fill: #a5d6ff } .c13 { fill: #e2c5ff } .c14 { fill: #b3f0ff } .c15 { fill: #ffffff }
</style>
<rect x="0.5" y="0.5" width="%[5]s" height="%[6]s" rx="9.5" fill="#0d1117" stroke="#30363d"/>
<path d="M1 37.5V10a9 9 0 0 1 9-9H%[7]sa9 9 0 0 1 9 9V37.5z" fill="#1c222b"/>
<circle cx="20" cy="19" r="6" fill="#ff5f57"/><circle cx="40" cy="19" r="6" fill="#febc2e"/><circle cx="60" cy="19" r="6" fill="#28c840"/>
<text class="bar" x="%[8]s" y="23.5" text-anchor="middle">%[3]s</text>
`

// svg draws a screen in a window.
func svg(title, text string, rows [][]uv.Cell) []byte {
	width, height := columns*cellWidth+2*margin, titleBar+len(rows)*lineHeight+2*margin
	var b strings.Builder
	fmt.Fprintf(&b, svgHead, px(width), px(height), escape(title), escape(text), px(width-10), px(height-10), px(width-100), px(width/2))
	for y, row := range rows {
		top := titleBar + margin + y*lineHeight
		spans := spansOf(row)
		for _, s := range spans {
			if fill := s.background(); fill != "" {
				fmt.Fprintf(&b, `<rect class=%q x="%s" y="%s" width="%s" height="%s"/>`+"\n", fill, px(margin+s.from*cellWidth), px(top), px(s.cells*cellWidth), px(lineHeight))
			}
		}
		if len(spans) == 0 {
			continue
		}
		fmt.Fprintf(&b, `<text y="%s" xml:space="preserve">`, px(top+145))
		for _, s := range spans {
			class := ""
			if c := s.class(); c != "" {
				class = fmt.Sprintf(" class=%q", c)
			}
			fmt.Fprintf(&b, `<tspan x="%s" textLength="%s"%s>%s</tspan>`, px(margin+s.from*cellWidth), px(s.cells*cellWidth), class, escape(s.text))
		}
		b.WriteString("</text>\n")
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// span is a part of a row that is drawn at one place in one style.
type span struct {
	from, cells int // in columns
	text        string
	style       uv.Style
}

// spansOf splits a row where its style changes, after two spaces, where a table
// column may begin, and after each character that a font may lack: a fallback
// font has other widths, which must not move the text that follows. Trailing
// spaces are left out.
func spansOf(row []uv.Cell) []span {
	for len(row) > 0 && blank(row[len(row)-1]) {
		row = row[:len(row)-1]
	}
	var spans []span
	for x, c := range row {
		if c.Width == 0 {
			continue // the second half of a wide character
		}
		text := c.Content
		if text == "" {
			text = " "
		}
		if len(spans) > 0 {
			last := &spans[len(spans)-1]
			before, _ := utf8.DecodeLastRuneInString(last.text)
			column := strings.HasSuffix(last.text, "  ") && text != " "
			if last.style.Equal(&c.Style) && !column && before < utf8.RuneSelf && text[0] < utf8.RuneSelf {
				last.text += text
				last.cells += c.Width
				continue
			}
		}
		spans = append(spans, span{x, c.Width, text, c.Style})
	}
	return spans
}

// blank reports whether a cell is invisible.
func blank(c uv.Cell) bool {
	return strings.TrimSpace(c.Content) == "" && c.Style.Bg == nil && c.Style.Attrs&uv.AttrReverse == 0 && c.Style.Underline == 0
}

// class returns the classes of a span's text.
func (s span) class() string {
	ink := hue(s.style.Fg, "")
	if s.style.Attrs&uv.AttrReverse != 0 {
		ink = hue(s.style.Bg, "c0")
	}
	all := []string{ink}
	for _, more := range []struct {
		is   bool
		name string
	}{
		{s.style.Attrs&uv.AttrBold != 0, "bold"},
		{s.style.Attrs&uv.AttrFaint != 0, "faint"},
		{s.style.Underline != 0, "underline"},
	} {
		if more.is {
			all = append(all, more.name)
		}
	}
	return strings.TrimSpace(strings.Join(all, " "))
}

// background returns the class of a span's background, if it has one.
func (s span) background() string {
	if s.style.Attrs&uv.AttrReverse != 0 {
		return hue(s.style.Fg, "c7")
	}
	return hue(s.style.Bg, "")
}

// hue returns the class of one of the sixteen terminal colours.
func hue(c color.Color, otherwise string) string {
	if c == nil {
		return otherwise
	}
	return fmt.Sprintf("c%d", ansi.Convert16(c))
}

func px(tenths int) string {
	if tenths%10 == 0 {
		return fmt.Sprint(tenths / 10)
	}
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder never fails
	return b.String()
}
