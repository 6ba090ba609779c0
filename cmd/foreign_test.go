package cmd_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
)

// parts returns a zip archive with one part.
func parts(t *testing.T, name string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte("x"))
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

// utf16 returns a text in UTF-16, little-endian, with its mark.
func utf16(text string) string {
	return "\xff\xfe" + strings.Join(strings.Split(text, ""), "\x00") + "\x00"
}

// A file that is not a table is named for what it is, with the way out, in every command
// that reads tables. What can be read in spite of its name is read.
func TestFilesThatAreNotTables(t *testing.T) {
	t.Parallel()
	const (
		save   = "save it as .xlsx or CSV and give that file"
		retype = "copy its table into a spreadsheet and save that as .xlsx or CSV"
	)
	server, u := openStore(t, "stocked.json")
	for _, test := range []struct{ name, text, want string }{
		{"old.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old workbook (.xls) or one with a password: save it as .xlsx or CSV, without a password, and give that file"},
		{"page.xls", "<html><body><table><tr><td>sku</td></tr></table></body></html>", "is a web page (HTML), whatever its name says: open it in a spreadsheet and " + save},
		{"xml.xls", `<?xml version="1.0"?><Workbook/>`, "is XML, whatever its name says: open it in a spreadsheet and " + save},
		{"a.ods", parts(t, "content.xml"), "is an OpenDocument sheet (.ods): " + save},
		{"a.numbers", parts(t, "Index/Document.iwa"), "is an Apple Numbers or Pages document: export it as .xlsx or CSV and give that file"},
		{"a.xlsb", parts(t, "xl/workbook.bin"), "is a binary workbook (.xlsb): " + save},
		{"a.docx", parts(t, "word/document.xml"), "is a Word document: " + retype},
		{"a.zip", parts(t, "a.csv"), "is a zip archive: unpack it and give the file that is in it"},
		{"a.csv.bz2", "BZh91AY", "is compressed with bzip2: unpack it with bunzip2 and give that file"},
		{"a.csv.zst", "\x28\xb5\x2f\xfdxx", "is compressed with Zstandard: unpack it with unzstd and give that file"},
		{"a.pdf", "%PDF-1.7\n", "is a PDF: " + retype},
		{"pdf.csv", "%PDF-1.7\n", "is a PDF: " + retype},
		{"letter.csv", `{\rtf1\ansi sku}`, "is a text document (RTF): " + retype},
		{"scan.csv", "\x89PNG\r\n\x1a\n", "is a picture (PNG): give the table that it shows as .xlsx or CSV"},
		{"data.csv", "PAR1\x15\x04", "is a Parquet file: write its rows as CSV and give that file"},
		{"wide.csv", "\xff\xfe\x00\x00s\x00\x00\x00", "is encoded as UTF-32: save it as UTF-8"},
		{"list.csv", "- sku: KET-RED\n  qty: 1\n", "is YAML, which is not a table: with a name that ends in .yaml, `stockctl inventory create -f` creates its records"},
		{"empty.csv", "", "is empty"},
		{"blank.csv", "\ufeff \n\n", "is empty"},
	} {
		file := u.file(t, test.name, test.text)
		for _, command := range tableCommands() {
			code, out, errOut := u.run(t, t.Context(), append(strings.Fields(command), file)...)
			if want := "error: " + file + ": " + test.want + "\n"; code != 2 || out != "" || errOut != want {
				t.Errorf("%s: exit %d\n%swant %s", command, code, errOut, want)
			}
		}
	}
	for _, command := range tableCommands() {
		dir := t.TempDir()
		code, _, errOut := u.run(t, t.Context(), append(strings.Fields(command), dir)...)
		if code != 2 || errOut != "error: "+dir+" is a folder, not a file\n" {
			t.Errorf("%s: exit %d, want 2: %s", command, code, errOut)
		}
	}
	if n := len(server.received()); n > 0 {
		t.Errorf("%d writes were sent", n)
	}
}

// tableCommands returns every command that reads a table; the file comes last.
func tableCommands() []string {
	return []string{"inventory import", "inventory count --warehouse HRB", "inventory create -f", "inventory transfer -f"}
}

// JSON with the name of a CSV file, and UTF-16, are tables.
func TestTablesWithMisleadingNames(t *testing.T) {
	t.Parallel()
	const rows = `[{"sku": "KET-RED", "warehouseId": "HRB", "%s": 12, "from": "HRB", "to": "OLD"}]`
	const table = "sku,warehouseId,%s,from,to\nKET-RED,HRB,12,HRB,OLD\n"
	quantity := map[string]string{"inventory import": "initialQty", "inventory count --warehouse HRB": "countedQty", "inventory create -f": "initialQty", "inventory transfer -f": "qty"}
	_, u := openStore(t, "stocked.json")
	for _, command := range tableCommands() {
		of := func(text string) string { return strings.Replace(text, "%s", quantity[command], 1) }
		for _, test := range []struct{ file, want string }{
			{u.file(t, "list.csv", of(rows)), " is JSON, utf-8"},
			{u.file(t, "lines.csv", strings.Trim(of(rows), "[]")), " is JSON lines, utf-8"},
			{u.file(t, "wide.csv", utf16(of(table))), " is CSV, delimiter ',', utf-16le"},
		} {
			args := append(strings.Fields(command), test.file, "--dry-run", "--ignore-unknown")
			code, out, errOut := u.run(t, t.Context(), args...)
			if code != 0 || !strings.Contains(errOut, test.file+test.want) {
				t.Errorf("%s: exit %d, want 0\n%s%s", command, code, out, errOut)
			}
		}
	}
}

// The rows of an answer of an API are in a list within an object.
func TestListWithinAnObject(t *testing.T) {
	_, u := openStore(t, "stocked.json")
	file := u.file(t, "answer.json", `{"items": [{"sku": "KET-RED", "warehouseId": "HRB", "initialQty": 12}]}`)
	for _, command := range []string{"inventory import", "inventory count --warehouse HRB", "inventory transfer -f"} {
		code, _, errOut := u.run(t, t.Context(), append(strings.Fields(command), file)...)
		if want := "hint: if the rows are in a list within \"items\", give that list: `jq '.\"items\"' " + file + " > rows.json`\n"; code != 2 || !strings.HasSuffix(errOut, want) {
			t.Errorf("%s: exit %d, want 2\n%s", command, code, errOut)
		}
	}
}
