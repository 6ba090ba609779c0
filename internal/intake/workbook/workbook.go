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

// Is reports whether the first bytes of a file may be an XLSX workbook.
func Is(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// Sheet is one sheet of a workbook, read as CSV in UTF-8, with one line per row: line 7
// is row 7.
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
	main    string // the name of the part that describes it
	parts   map[string]*zip.File
	links   map[string]string // relation → part
	strings sharedTexts
	room    int     // the maximum size of strings
	styles  []style // of cells, by number
	from    int     // days to add to its dates: 0, or 1462 if they count from 1904
}

// Open opens a sheet of a workbook: the named one or, if sheet is blank, the only one.
func Open(name string, r io.ReaderAt, size int64, sheet string) (*Sheet, error) {
	return openBounded(name, r, size, sheet, maxStrings)
}

func openBounded(name string, r io.ReaderAt, size int64, sheet string, room int) (*Sheet, error) {
	within := &boundedAt{ReaderAt: r, bounded: true, left: maxDirectory}
	archive, err := zip.NewReader(within, size)
	switch {
	case errors.Is(err, errLongPart):
		return nil, fault(name, "cannot be read as a workbook: it has too many parts")
	case err != nil:
		return nil, fault(name, "is damaged: it cannot be unpacked")
	}
	within.bounded = false
	w := &workbook{file: name, room: room, parts: map[string]*zip.File{}, links: map[string]string{}}
	for _, f := range archive.File {
		w.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	if err := w.find(); err != nil {
		return nil, err
	}
	out, err := w.open(sheet)
	if err != nil && failure.KindOf(err) == failure.Unexpected {
		err = fault(name, "is damaged: its parts cannot be read (%s)", err)
	}
	return out, err
}

// fault returns a mistake that concerns the whole file.
func fault(file, format string, args ...any) error {
	return &failure.Problems{Source: file, List: []failure.Problem{{Where: file, What: fmt.Sprintf(format, args...)}}}
}

// find finds the part that describes the workbook, by the relations in the file or by its
// usual name.
func (w *workbook) find() error {
	w.main = "xl/workbook.xml"
	list, err := w.relations("")
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.is("officeDocument") && w.parts[strings.ToLower(r.part)] != nil {
			w.main = r.part
		}
	}
	if what := w.foreign(); what != "" {
		return fault(w.file, "%s", what)
	}
	return nil
}

// foreign returns what an archive is, and how to fix that, if it is not an XLSX workbook.
func (w *workbook) foreign() string {
	switch {
	case w.parts["word/document.xml"] != nil:
		return "is a Word document: copy its table into a spreadsheet and save that as .xlsx or CSV"
	case w.parts["xl/workbook.bin"] != nil:
		return "is a binary workbook (.xlsb): save it as .xlsx or CSV and give that file"
	case w.parts[strings.ToLower(w.main)] != nil:
		return ""
	case w.parts["index/document.iwa"] != nil:
		return "is an Apple Numbers or Pages document: export it as .xlsx or CSV and give that file"
	case w.parts["content.xml"] != nil:
		return "is an OpenDocument sheet (.ods): save it as .xlsx or CSV and give that file"
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
		err = fault(w.file, "cannot be read as a workbook: its %s is larger than %d MiB", path.Base(name), maxPartBytes>>20)
	}
	return errors.Join(err, in.Close())
}

// sheetEntry is a sheet in the workbook's list.
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
	if err := w.part(w.main, &book); err != nil {
		return nil, err
	}
	if d := book.Properties.Date1904; d == "1" || d == "true" {
		w.from = 1462
	}
	list, err := w.relations(w.main)
	if err != nil {
		return nil, err
	}
	texts, styles := "xl/sharedStrings.xml", "xl/styles.xml"
	for _, r := range list {
		w.links[r.ID] = r.part
		switch {
		case r.is("sharedStrings"):
			texts = r.part
		case r.is("styles"):
			styles = r.part
		}
	}
	chosen, err := w.choose(book.Sheets, sheet)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.readStyles(styles), w.readStrings(texts)); err != nil {
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
	return &Sheet{Title: chosen.Name, rows: newRows(w, in), close: in.Close}, nil
}

// relation is a reference from a part of the file to another.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
	part   string
}

// is reports whether the relation is of a kind, in either version of the format.
func (r relation) is(kind string) bool { return strings.HasSuffix(r.Type, "/relationships/"+kind) }

// relations reads the relations of a part or, if of is blank, those of the whole file,
// which may be missing.
func (w *workbook) relations(of string) ([]relation, error) {
	dir, base := path.Split(of)
	name := dir + "_rels/" + base + ".rels"
	if of == "" && w.parts[name] == nil {
		return nil, nil
	}
	var list struct {
		Relations []relation `xml:"Relationship"`
	}
	if err := w.part(name, &list); err != nil {
		return nil, err
	}
	for i, r := range list.Relations {
		if !strings.HasPrefix(r.Target, "/") {
			r.Target = path.Join(dir, r.Target)
		}
		list.Relations[i].part = strings.TrimPrefix(path.Clean(r.Target), "/")
	}
	return list.Relations, nil
}

// choose returns the sheet with a name or, without a name, the only visible sheet.
func (w *workbook) choose(sheets []sheetEntry, want string) (sheetEntry, error) {
	var shown []sheetEntry
	var names []string
	for _, s := range sheets {
		if want != "" && strings.EqualFold(strings.TrimSpace(s.Name), strings.TrimSpace(want)) {
			return s, nil
		}
		if len(names) < maxNames {
			names = append(names, fmt.Sprintf("%.100q", s.Name))
		}
		if s.State == "" || s.State == "visible" {
			shown = append(shown, s)
		}
	}
	if more := len(sheets) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	switch {
	case want != "":
		return sheetEntry{}, failure.Usagef("%s has no sheet %q", w.file, want).Hint("it has %s", failure.AllOf(names))
	case len(shown) == 1:
		return shown[0], nil
	case len(sheets) == 0:
		return sheetEntry{}, fault(w.file, "has no sheet")
	}
	return sheetEntry{}, failure.Usagef("%s has %d sheets: choose one with --sheet", w.file, len(sheets)).Hint("it has %s", failure.AllOf(names))
}

// sharedTexts are the texts that cells share, joined into one.
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
func (w *workbook) readStrings(part string) error {
	f := w.parts[strings.ToLower(part)]
	if f == nil {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	d := newPieces(in, maxSheetBytes)
	var within, phonetic int // the depth in <t>, and in phonetic guides
	for {
		token, err := d.next()
		switch {
		case errors.Is(err, io.EOF):
			return in.Close()
		case errors.Is(err, errLongPart), errors.Is(err, errLongPiece):
			return errors.Join(w.tooManyTexts(), in.Close())
		}
		if err != nil {
			return errors.Join(err, in.Close())
		}
		switch t := token.(type) {
		case xml.StartElement:
			within, phonetic = step(t.Name.Local, 1, within, phonetic)
		case xml.EndElement:
			within, phonetic = step(t.Name.Local, -1, within, phonetic)
			if t.Name.Local == "si" {
				w.strings.ends = append(w.strings.ends, len(w.strings.text))
			}
		case xml.CharData:
			if within > 0 && phonetic == 0 {
				w.strings.text = append(w.strings.text, t...)
			}
		}
		if len(w.strings.text)+8*len(w.strings.ends) > w.room {
			return errors.Join(w.tooManyTexts(), in.Close())
		}
	}
}

func (w *workbook) tooManyTexts() error {
	return fault(w.file, "contains more than %d MiB of texts: save the sheet as CSV and give that file", w.room>>20)
}

func step(element string, by, within, phonetic int) (int, int) {
	switch element {
	case "t":
		within += by
	case "rPh":
		phonetic += by
	}
	return within, phonetic
}
