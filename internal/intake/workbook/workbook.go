package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// The bounds of a workbook: what is kept of it, and what is read. A workbook is
// unpacked while it is read, and may unpack to anything.
const (
	maxStrings    = 128 << 20 // of the texts that its cells share
	maxSheetBytes = 4 << 30
	maxPartBytes  = 16 << 20 // of the parts that describe it
	maxRowBytes   = 1 << 20  // of a row of it
	maxSheetRows  = 1 << 20  // as many as a spreadsheet has
	maxSheetCells = 1 << 14
)

// Is reports whether the first bytes of a file may be an XLSX workbook.
func Is(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// Sheet is one sheet of a workbook, read as CSV in UTF-8: a line for each row, so
// that line 7 is row 7.
type Sheet struct {
	Title string
	*rows
	close func() error
}

// Close ends the reading.
func (s *Sheet) Close() error { return s.close() }

// workbook is an opened XLSX file.
type workbook struct {
	file    string
	parts   map[string]*zip.File
	links   map[string]string // relation → part
	strings sharedTexts
	room    int     // for them
	styles  []style // of cells, by number
	from    int     // days between the year 1900 of spreadsheets and its first day
}

// Open opens a sheet of a workbook: the one that is asked for, or the only one.
func Open(name string, r io.ReaderAt, size int64, sheet string) (*Sheet, error) {
	return openBounded(name, r, size, sheet, maxStrings)
}

func openBounded(name string, r io.ReaderAt, size int64, sheet string, room int) (*Sheet, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fault(name, "is damaged: it cannot be unpacked")
	}
	w := &workbook{file: name, room: room, parts: map[string]*zip.File{}, links: map[string]string{}}
	for _, f := range archive.File {
		w.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	if what := w.foreign(); what != "" {
		return nil, fault(name, "%s", what)
	}
	out, err := w.open(sheet)
	if err != nil && failure.KindOf(err) == failure.Unexpected {
		err = fault(name, "is damaged: its parts cannot be read (%s)", err)
	}
	return out, err
}

// fault is a mistake of the file as a whole.
func fault(file, format string, args ...any) error {
	return &failure.Problems{Source: file, List: []failure.Problem{{Where: file, What: fmt.Sprintf(format, args...)}}}
}

// foreign says what an archive is that is no XLSX workbook, with the cure.
func (w *workbook) foreign() string {
	switch {
	case w.parts["xl/workbook.xml"] != nil:
		return ""
	case w.parts["xl/workbook.bin"] != nil:
		return "is a binary workbook (.xlsb): save it as .xlsx or CSV and give that file"
	case w.parts["content.xml"] != nil:
		return "is an OpenDocument sheet (.ods): save it as .xlsx or CSV and give that file"
	case w.parts["word/document.xml"] != nil:
		return "is a Word document: copy its table into a spreadsheet and save that as .xlsx or CSV"
	}
	return "is a zip archive: unpack it and give the file that is in it"
}

// part reads one of the parts that describe a workbook.
func (w *workbook) part(name string, into any) error {
	f := w.parts[strings.ToLower(name)]
	if f == nil {
		return fmt.Errorf("%s is missing", name)
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	bounded := &io.LimitedReader{R: in, N: maxPartBytes}
	err = xml.NewDecoder(bounded).Decode(into)
	if bounded.N == 0 {
		err = fault(w.file, "is no workbook that can be read: its %s is larger than %d MiB", path.Base(name), maxPartBytes>>20)
	}
	return errors.Join(err, in.Close())
}

// sheetEntry is a sheet as the workbook lists it.
type sheetEntry struct {
	Name  string `xml:"name,attr"`
	State string `xml:"state,attr"`
	ID    string `xml:"id,attr"`
}

func (w *workbook) open(sheet string) (*Sheet, error) {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []sheetEntry `xml:"sheets>sheet"`
	}
	if err := w.part("xl/workbook.xml", &book); err != nil {
		return nil, err
	}
	if d := book.Properties.Date1904; d == "1" || d == "true" {
		w.from = 1462
	}
	if err := w.relations(); err != nil {
		return nil, err
	}
	chosen, err := w.choose(book.Sheets, sheet)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.readStyles(), w.readStrings()); err != nil {
		return nil, err
	}
	f := w.parts[strings.ToLower(w.links[chosen.ID])]
	if f == nil {
		return nil, fmt.Errorf("the sheet %s is missing", chosen.Name)
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &Sheet{Title: chosen.Name, rows: newRows(w, io.LimitReader(in, maxSheetBytes)), close: in.Close}, nil
}

// relations reads which part each relation of the workbook is.
func (w *workbook) relations() error {
	var list struct {
		Relations []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := w.part("xl/_rels/workbook.xml.rels", &list); err != nil {
		return err
	}
	for _, r := range list.Relations {
		target := r.Target
		if !strings.HasPrefix(target, "/") {
			target = path.Join("xl", target)
		}
		w.links[r.ID] = strings.TrimPrefix(target, "/")
	}
	return nil
}

// choose finds the sheet by its name; without one, the only sheet that is shown.
func (w *workbook) choose(sheets []sheetEntry, want string) (sheetEntry, error) {
	var shown []sheetEntry
	var names []string
	for _, s := range sheets {
		if want != "" && strings.EqualFold(strings.TrimSpace(s.Name), strings.TrimSpace(want)) {
			return s, nil
		}
		names = append(names, fmt.Sprintf("%q", s.Name))
		if s.State == "" || s.State == "visible" {
			shown = append(shown, s)
		}
	}
	switch {
	case want != "":
		return sheetEntry{}, failure.Usagef("%s has no sheet %q", w.file, want).Hint("it has %s", failure.AllOf(names))
	case len(shown) == 1:
		return shown[0], nil
	case len(sheets) == 0:
		return sheetEntry{}, fault(w.file, "has no sheet")
	}
	return sheetEntry{}, failure.Usagef("%s has %d sheets: say which one with --sheet", w.file, len(names)).Hint("it has %s", failure.AllOf(names))
}

// sharedTexts are the texts that cells share, in one piece.
type sharedTexts struct {
	text []byte
	ends []int
}

func (s *sharedTexts) get(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return string(s.text[from:s.ends[i]]), true
}

// readStrings reads the texts that cells share. A workbook may have none.
func (w *workbook) readStrings() error {
	f := w.parts["xl/sharedstrings.xml"]
	if f == nil {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	d := xml.NewDecoder(in)
	var within, spoken int // depth in <t>, and in the reading aid of a text
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return in.Close()
		}
		if err != nil {
			return errors.Join(err, in.Close())
		}
		switch t := token.(type) {
		case xml.StartElement:
			within, spoken = step(t.Name.Local, 1, within, spoken)
		case xml.EndElement:
			within, spoken = step(t.Name.Local, -1, within, spoken)
			if t.Name.Local == "si" {
				w.strings.ends = append(w.strings.ends, len(w.strings.text))
			}
		case xml.CharData:
			if within > 0 && spoken == 0 {
				w.strings.text = append(w.strings.text, t...)
			}
		}
		if len(w.strings.text)+8*len(w.strings.ends) > w.room {
			return errors.Join(fault(w.file, "holds more than %d MiB of texts: save the sheet as CSV and give that file", w.room>>20), in.Close())
		}
	}
}

func step(element string, by, within, spoken int) (int, int) {
	switch element {
	case "t":
		within += by
	case "rPh":
		spoken += by
	}
	return within, spoken
}
