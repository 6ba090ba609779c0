// Package foreign recognises files that are not tables by their beginning, and says what
// to do with them. It reads no file.
package foreign

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/bayworks/stockctl/internal/failure"
)

// The advice for files that other programs can save as a table.
const (
	save   = "save it as .xlsx or CSV and give that file"
	retype = "copy its table into a spreadsheet and save that as .xlsx or CSV"
)

// Binary returns what a file that is not text is, and what to do. It returns "" for
// anything that may be text.
func Binary(head []byte) string {
	for _, one := range []struct{ mark, says string }{
		{"PK\x03\x04", "is a spreadsheet (.xlsx) or another zip archive: " + save},
		{"\xd0\xcf\x11\xe0", "is an old workbook (.xls) or one with a password: save it as .xlsx or CSV, without a password, and give that file"},
		{"%PDF-", "is a PDF: " + retype},
		{`{\rtf`, "is a text document (RTF): " + retype},
		{"BZh", "is compressed with bzip2: unpack it with bunzip2 and give that file"},
		{"\x28\xb5\x2f\xfd", "is compressed with Zstandard: unpack it with unzstd and give that file"},
		{"\xfd7zXZ", "is compressed with xz: unpack it with unxz and give that file"},
		{"7z\xbc\xaf", "is a 7-Zip archive: unpack it and give the file that is in it"},
		{"Rar!", "is a RAR archive: unpack it and give the file that is in it"},
		{"\x89PNG", "is a picture (PNG): give the table that it shows as .xlsx or CSV"},
		{"\xff\xd8\xff", "is a picture (JPEG): give the table that it shows as .xlsx or CSV"},
		{"PAR1", "is a Parquet file: write its rows as CSV and give that file"},
		{"SQLite format 3\x00", "is an SQLite database: write the table as CSV and give that file"},
		{"\xff\xfe\x00\x00", "is encoded as UTF-32: save it as UTF-8"},
		{"\x00\x00\xfe\xff", "is encoded as UTF-32: save it as UTF-8"},
	} {
		if bytes.HasPrefix(head, []byte(one.mark)) {
			return one.says
		}
	}
	return ""
}

// Text returns what a text is, and what to do, if it is not a table. It returns "" for
// anything that may be one.
func Text(name string, head []byte) string {
	text := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head[:min(len(head), 4096)]), "\ufeff"), " \t\r\n"))
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case strings.HasPrefix(text, "<") && strings.Contains(text, "<html") || strings.HasPrefix(text, "<table"):
		return "is a web page (HTML), whatever its name says: open it in a spreadsheet and " + save
	case strings.HasPrefix(text, "<?xml"), strings.HasPrefix(text, "<!doctype"), strings.HasPrefix(text, "<workbook"):
		return "is XML, whatever its name says: open it in a spreadsheet and " + save
	case ext == ".yaml", ext == ".yml":
		return "is YAML, which is not a table: `stockctl inventory create -f " + failure.Arg(name) + "` creates its records"
	case strings.HasPrefix(text, "---\n"), yamlItem().MatchString(text):
		return "is YAML, which is not a table: with a name that ends in .yaml, `stockctl inventory create -f` creates its records"
	}
	return ""
}

// yamlItem matches the beginning of a list of mappings.
var yamlItem = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^- +["']?[a-z]+["']?:( |\r?\n)`) })
