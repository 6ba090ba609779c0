package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
	"github.com/google/go-cmp/cmp"
)

// The committed pictures must equal newly played ones to the byte.
func TestPicturesAreFresh(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	want, err := pictures(t.Context(), filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join("..", "..", "docs", "pictures")
	for name, svg := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != string(svg) {
			t.Errorf("docs/pictures/%s is stale: run `go run ./cmd/gen` in the project's root\n%s",
				name, cmp.Diff(strings.Split(string(got), "\n"), strings.Split(string(svg), "\n")))
		}
	}
	there, err := os.ReadDir(dir)
	if err != nil || len(there) != len(want) {
		t.Errorf("docs/pictures contains %d files, %d are generated", len(there), len(want))
	}
}

// The README must show every picture with its description.
func TestReadmeShowsThePictures(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(readme)), " ")
	for _, p := range append(album(), pagePicture()) {
		if want := "![" + p.text + "](docs/pictures/" + p.file + ")"; !strings.Contains(text, want) {
			t.Errorf("README.md lacks %s", want)
		}
	}
}

// shown returns the rows that a terminal shows for a text.
func shown(t *testing.T, text string, rows int) [][]uv.Cell {
	t.Helper()
	s := &session{screen: vt.NewEmulator(columns, lines)}
	if _, err := s.screen.WriteString(text); err != nil {
		t.Fatal(err)
	}
	cells := s.cells()
	if len(cells) != rows {
		t.Fatalf("%d rows, want %d", len(cells), rows)
	}
	return cells
}

// Text that differs between runs is replaced, keeping its place and colour, and
// nothing else changes.
func TestSteady(t *testing.T) {
	now := time.Date(2031, 1, 9, 23, 59, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"ID  inv_abcdefghijklmnop  x":                "ID  inv_q5zkrzaryzpeeubb  x",
		"due 2031-01-12  5":                          "due 2026-11-05  5",
		"> blue\x1b[7m \x1b[m":                       "> blue",
		"inv_xyz789":                                 "inv_xyz789",
		"\x1b[31mCREATED  2031-01-09 23:59\x1b[m  y": "CREATED  2026-11-02 08:42  y",
		"✓ imported a.csv into sandbox · 6 rows in 0.0 s, 727/s": "✓ imported a.csv into sandbox · 6 rows in 0.1 s, 60/s",
		"✓ 6 rows in 0.0 s":        "✓ 6 rows in 0.1 s, 60/s",
		"1 row in 12.0 s, or more": "1 row in 12.0 s, or more",
	} {
		row := steady(shown(t, text, 1), now)[0]
		if got := strings.TrimRight(plain(row), " "); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
		if len(row) != columns {
			t.Errorf("%q has %d cells", text, len(row))
		}
	}
	row := steady(shown(t, "\x1b[31m2031-01-09 23:59\x1b[m", 1), now)[0]
	if s := spansOf(row); len(s) != 1 || s[0].class() != "c1" {
		t.Errorf("the time lost its colour: %+v", s)
	}
}

// Each part of a row keeps its column and its colours, whatever the font.
func TestSpans(t *testing.T) {
	type part struct {
		From, Cells             int
		Text, Class, Background string
	}
	for text, want := range map[string][]part{
		"ID     ON HAND":              {{0, 7, "ID     ", "", ""}, {7, 7, "ON HAND", "", ""}},
		"✓ ok …x":                     {{0, 1, "✓", "", ""}, {1, 4, " ok ", "", ""}, {5, 1, "…", "", ""}, {6, 1, "x", "", ""}},
		"漢a":                          {{0, 2, "漢", "", ""}, {2, 1, "a", "", ""}},
		"a\x1b[1;31mb\x1b[mc":         {{0, 1, "a", "", ""}, {1, 1, "b", "c1 bold", ""}, {2, 1, "c", "", ""}},
		"\x1b[90;47mx\x1b[0;2;4my":    {{0, 1, "x", "c8", "c7"}, {1, 1, "y", "faint underline", ""}},
		"\x1b[7mno\x1b[32;44mg\x1b[m": {{0, 2, "no", "c0", "c7"}, {2, 1, "g", "c4", "c2"}},
	} {
		var got []part
		for _, s := range spansOf(shown(t, text, 1)[0]) {
			got = append(got, part{s.from, s.cells, s.text, s.class(), s.background()})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// Text on the screen must not become markup in the picture.
func TestPicturesAreWellFormed(t *testing.T) {
	drawn := svg("a & b", `"<c>"`, shown(t, "x < y && \x1b[7m\"z\"\x1b[m\r\n\r\n</svg><script>", 3))
	dec := xml.NewDecoder(strings.NewReader(string(drawn)))
	var text strings.Builder
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, drawn)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "script" {
				t.Error("a script was not escaped")
			}
			if token.Name.Local == "text" {
				text.WriteString("\n")
			}
		case xml.CharData:
			text.Write(token)
		}
	}
	for _, want := range []string{"a & b", `"<c>"`, `x < y && "z"`, "</svg><script>"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the picture lacks %q:\n%s", want, drawn)
		}
	}
}
