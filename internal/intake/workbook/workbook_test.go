package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

// book returns a workbook with one sheet and these rows of XML.
func book(t testing.TB, rows string, parts map[string]string) *bytes.Reader {
	t.Helper()
	all := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="Notes" state="hidden" r:id="a"/><sheet name="Stock" r:id="b"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/><Relationship Id="b" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml":   `<worksheet><cols/><sheetData>` + rows + `</sheetData><mergeCells><mergeCell ref="A1:C1"/></mergeCells></worksheet>`,
		"xl/sharedStrings.xml": `<sst><si><t>id</t></si><si><r><t>a, </t></r><r><t>"b"</t></r><rPh><t>kana</t></rPh></si><si><t xml:space="preserve">two
lines &amp; more</t></si></sst>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="dd\.mm\.yyyy"/>` +
			`<numFmt numFmtId="166" formatCode="0.0 &quot;days&quot;"/></numFmts>
<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
	}
	for name, text := range parts {
		all[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range all {
		if text == "" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func sheetText(t testing.TB, r *bytes.Reader, sheet string) (string, error) {
	t.Helper()
	s, err := Open("a.xlsx", r, r.Size(), sheet)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(s)
	return string(text), errors.Join(err, s.Close())
}

func TestSheets(t *testing.T) {
	for name, c := range map[string]struct{ rows, want string }{
		"shared texts, blank cells and rows": {
			`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c></row><row r="4"><c r="A4" t="s"><v>2</v></c></row>`,
			"\nid,,\"a, \"\"b\"\"\"\n\n\"two lines & more\"\n",
		},
		"without places": {`<row><c t="inlineStr"><is><t>007</t></is></c><c><v>5</v></c></row><row><c><v>6</v></c></row>`, "007,5\n6\n"},
		"numbers": {
			`<row r="1"><c><v>12</v></c><c><v>1.2E1</v></c><c><v>9780140449136</v></c><c><v>0.30000000000000004</v></c>` +
				`<c><v>-3</v></c><c><v>12345678901234567</v></c><c><v>1.5</v></c></row>`,
			"12,12,9780140449136,0.3,-3,1.23457E+16,1.5\n",
		},
		"leading zeros": {`<row><c s="1"><v>123</v></c><c s="1"><v>123456</v></c></row>`, "00123,123456\n"},
		"dates": {
			`<row><c s="2"><v>45982</v></c><c s="3"><v>45982</v></c><c s="4"><v>45982</v></c><c s="5"><v>45982.5</v></c><c t="d"><v>2025-11-21</v></c></row>`,
			"2025-11-21,2025-11-21,45982,2025-11-21 12:00:00,2025-11-21\n",
		},
		"formulas and errors": {
			`<row><c><f>A1*2</f><v>24</v></c><c><f>SUM(A1:A9)</f></c><c t="str"><f>B1</f><v>x</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c></row>`,
			"24,=SUM(A1:A9),x,#N/A,TRUE\n",
		},
		"styles without values": {
			`<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="2" s="1"/><row r="3"><c r="A3" s="1"/></row><row r="4"><c r="A4"><v>1E+03</v></c></row>`,
			"1\n\n\n1000\n",
		},
		"rich text": {
			`<row><c t="inlineStr"><is><r><rPr><b/></rPr><t xml:space="preserve">Red </t></r><r><t>kettle</t></r>` +
				`<rPh sb="0" eb="1"><t>kana</t></rPh></is></c><c t="b"><v>0</v></c><c t="b"><v>true</v></c></row>`,
			"Red kettle,FALSE,true\n",
		},
		"with prefixes":  {`<x:row r="1"><x:c r="a1" t="inlineStr"><x:is><x:t>7</x:t></x:is></x:c></x:row>`, "7\n"},
		"cells beyond Z": {`<row r="1"><c r="AB1"><v>1</v></c></row>`, strings.Repeat(",", 27) + "1\n"},
	} {
		got, err := sheetText(t, book(t, c.rows, nil), "")
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
	if got, err := sheetText(t, book(t, "", nil), "notes"); got != "1\n" || err != nil {
		t.Errorf("a sheet by its name: %q, %v", got, err)
	}
	old := map[string]string{"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="b"/></sheets></workbook>`}
	if got, err := sheetText(t, book(t, `<row><c s="2"><v>44520</v></c></row>`, old), ""); got != "2025-11-21\n" || err != nil {
		t.Errorf("dates since 1904: %q, %v", got, err)
	}
}

func TestWorkbooksThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		rows, sheet string
		parts       map[string]string
		want        string
	}{
		"no such sheet": {sheet: "Lager", want: `a.xlsx has no sheet "Lager"`},
		"several": {
			parts: map[string]string{"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="A" r:id="a"/><sheet name="B" r:id="b"/></sheets></workbook>`},
			want:  `a.xlsx has 2 sheets: choose one with --sheet`,
		},
		"ods": {
			parts: map[string]string{"xl/workbook.xml": "", "content.xml": "<a/>"},
			want:  "a.xlsx: is an OpenDocument sheet (.ods): save it as .xlsx or CSV and give that file",
		},
		"xlsb": {
			parts: map[string]string{"xl/workbook.xml": "", "xl/workbook.bin": "b"},
			want:  "a.xlsx: is a binary workbook (.xlsb): save it as .xlsx or CSV and give that file",
		},
		"zip":            {parts: map[string]string{"xl/workbook.xml": "", "rows.csv": "a"}, want: "a.xlsx: is a zip archive: unpack it and give the file that is in it"},
		"a missing text": {rows: `<row r="3"><c r="B3" t="s"><v>9</v></c></row>`, want: "a.xlsx:3:2: is damaged: the text of this cell is missing"},
		"unordered rows": {rows: `<row r="3"/><row r="2"/>`, want: "a.xlsx:4:1: is damaged: row \"2\" follows row 3"},
		"a row far away": {rows: `<row r="99999999"/>`, want: "a.xlsx:1:1: is damaged: row \"99999999\" follows row 0"},
		"cut":            {rows: `<row r="1"><c`, want: "a.xlsx:1:1: is damaged: this row of the sheet cannot be read"},
	} {
		_, err := sheetText(t, book(t, c.rows, c.parts), c.sheet)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// The parts of a workbook are found by its relations, wherever they are. Parts that it
// does not use may be missing.
func TestPartsInOtherPlaces(t *testing.T) {
	const kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	moved := map[string]string{
		"xl/workbook.xml": "", "xl/_rels/workbook.xml.rels": "", "xl/sharedStrings.xml": "", "xl/styles.xml": "",
		"_rels/.rels":   `<Relationships><Relationship Id="1" Type="` + kind + `officeDocument" Target="/book/main.xml"/></Relationships>`,
		"book/main.xml": `<workbook xmlns:r="r"><sheets><sheet name="S" r:id="b"/></sheets></workbook>`,
		"book/_rels/main.xml.rels": `<Relationships><Relationship Id="b" Type="` + kind + `worksheet" Target="/xl/worksheets/sheet2.xml"/>` +
			`<Relationship Id="c" Type="` + kind + `sharedStrings" Target="../book/Texts.xml"/><Relationship Id="d" ` +
			`Type="http://purl.oclc.org/ooxml/officeDocument/relationships/styles" Target="looks.xml"/></Relationships>`,
		"book/texts.xml": `<sst><si><t>moved</t></si></sst>`,
		"book/looks.xml": `<styleSheet><cellXfs><xf numFmtId="14"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
	}
	if got, err := sheetText(t, book(t, `<row><c t="s"><v>0</v></c><c s="1"><v>45982</v></c></row>`, moved), ""); got != "moved,2025-11-21\n" || err != nil {
		t.Errorf("got %q and the error %v, want %q", got, err, "moved,2025-11-21\n")
	}
	without := map[string]string{"xl/sharedStrings.xml": "", "xl/styles.xml": ""}
	if got, err := sheetText(t, book(t, `<row><c t="inlineStr"><is><t>a</t></is></c><c s="3"><v>7</v></c></row>`, without), ""); got != "a,7\n" || err != nil {
		t.Errorf("without texts: got %q, %v", got, err)
	}
	_, err := sheetText(t, book(t, `<row><c t="s"><v>0</v></c></row>`, without), "")
	if want := "a.xlsx:1:1: is damaged: the text of this cell is missing"; err == nil || err.Error() != want {
		t.Errorf("without texts that it uses: got %v", err)
	}
}

// The unpacked size of a workbook is bounded, whichever of its parts is large: reading it
// ends with a message and uses little memory.
func TestWorkbooksThatUnpackToTooMuch(t *testing.T) {
	const large = 32 << 20
	x := strings.Repeat("x", large)
	texts := map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + x[:512<<10] + "</t></si></sst>"}
	names := map[string]string{}
	for i := range 300 {
		names[fmt.Sprintf("%05d%s", i, x[:60_000])] = "x"
	}
	sheets := `<workbook xmlns:r="r"><sheets>` + strings.Repeat(`<sheet name="S" r:id="a"/>`, 30_000) + `</sheets></workbook>`
	const row, long = "a.xlsx:1:1: the row is longer than 1 MiB", "a.xlsx: contains more than 2 MiB of texts: save the sheet as CSV and give that file"
	for name, c := range map[string]struct {
		rows  string
		parts map[string]string
		want  string
	}{
		"a text of a cell":       {`<row r="1"><c t="inlineStr"><is><t>` + x + `</t></is></c></row>`, nil, row},
		"an attribute":           {`<row r="1" x="` + x + `"/>`, nil, row},
		"a comment":              {`<!--` + x + `-->`, nil, row},
		"many pieces of a text":  {`<row r="1"><c t="inlineStr"><is>` + strings.Repeat(`<r><t>`+x[:100<<10]+`</t></r>`, 600) + `</is></c></row>`, nil, row},
		"a shared text, often":   {`<row r="1">` + strings.Repeat(`<c t="s"><v>0</v></c>`, 16_000) + `</row>`, texts, row},
		"many cells":             {`<row r="1">` + strings.Repeat(`<c><v>1</v></c>`, 16_385) + `</row>`, nil, "a.xlsx:1:1: the row has more cells than a spreadsheet can have"},
		"one shared text":        {"", map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + x + "</t></si></sst>"}, long},
		"many shared texts":      {"", map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si><t>"+x[:1000]+"</t></si>", 60_000) + "</sst>"}, long},
		"many empty shared ones": {"", map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si/>", 1_000_000) + "</sst>"}, long},
		"the list of its sheets": {"", map[string]string{"xl/workbook.xml": sheets + x}, `a.xlsx has 30000 sheets: choose one with --sheet`},
		"the name of a sheet": {
			"",
			map[string]string{"xl/workbook.xml": `<workbook><sheets><sheet name="` + x + `"/></sheets></workbook>`},
			"a.xlsx: cannot be read as a workbook: its workbook.xml is larger than 16 MiB",
		},
		"its styles": {
			"",
			map[string]string{"xl/styles.xml": "<styleSheet>" + strings.Repeat(" ", large) + "</styleSheet>"},
			"a.xlsx: cannot be read as a workbook: its styles.xml is larger than 16 MiB",
		},
		"the list of its parts": {"", names, "a.xlsx: cannot be read as a workbook: it has too many parts"},
	} {
		r := book(t, c.rows, c.parts)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := openBounded("a.xlsx", r, r.Size(), "", 2<<20)
		if err == nil {
			_, err = io.Copy(io.Discard, s)
			err = errors.Join(err, s.Close())
		}
		runtime.ReadMemStats(&after)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if hint := failure.HintOf(err); len(hint) > 1000 {
			t.Errorf("%s: a hint of %d characters", name, len(hint))
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
			t.Errorf("%s: %d MiB were allocated for a file of %d KiB", name, used>>20, r.Size()>>10)
		}
	}
}

func FuzzSheet(f *testing.F) {
	f.Add(`<row r="2"><c r="A2" t="s"><v>0</v></c></row>`)
	f.Add(`<row><c s="5"><v>1e300</v></c><c r="ZZZ1"/></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		text, err := sheetText(t, book(t, rows, nil), "")
		if err == nil && strings.Count(text, "\n") > maxSheetRows {
			t.Errorf("%d lines", strings.Count(text, "\n"))
		}
	})
}

// BenchmarkSheet reads rows of a stock sheet.
func BenchmarkSheet(b *testing.B) {
	const rows = 20_000
	var text strings.Builder
	for i := range rows {
		fmt.Fprintf(&text, `<row r="%d"><c r="A%[1]d" t="inlineStr"><is><t>SKU-%07[1]d</t></is></c><c r="B%[1]d" t="s"><v>0</v></c>`+
			`<c r="C%[1]d"><v>%d</v></c><c r="D%[1]d" s="2"><v>45982</v></c></row>`, i+1, i%500)
	}
	r := book(b, text.String(), nil)
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		s, err := Open("a.xlsx", r, r.Size(), "")
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, s); err != nil || n == 0 {
			b.Fatal(n, err)
		}
	}
}
