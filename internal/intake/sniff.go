package intake

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/failure"
)

// sampleBytes is how much of a file is looked at to find out what it is.
const sampleBytes = 64 << 10

// Sniff finds out what a table is from its name and its first bytes (64 KiB are
// enough), unless the options say so. It refuses what is no table at all.
func Sniff(name string, sample []byte, o Options) (Verdict, error) {
	v := Verdict{Format: Format(strings.ToLower(string(o.Format))), Delimiter: o.Delimiter}
	if err := checkOptions(o); err != nil {
		return v, err
	}
	sample = sample[:min(len(sample), sampleBytes)]
	cut := len(sample) == sampleBytes
	if bytes.HasPrefix(sample, []byte(markGzip)) {
		v.Gzip, cut = true, true
		sample = unpackedSample(sample)
		if len(sample) == 0 {
			return v, fatal(Pos{File: name}, "is marked as gzip but cannot be unpacked, or is empty")
		}
	}
	if what := cmp.Or(foreign(sample, saveAsCSV), document(name, sample)); what != "" {
		return v, fatal(Pos{File: name}, "%s", what)
	}
	text := v.encoding(sample, o.Encoding)
	if strings.TrimSpace(text) == "" {
		return v, fatal(Pos{File: name}, "is empty")
	}
	if strings.Contains(text, "\r") && !strings.Contains(text, "\n") && !cut {
		return v, fatal(Pos{File: name}, "ends its lines in the old Macintosh way (CR alone): save it with Windows or Unix line ends")
	}
	if v.Format == "" {
		v.Format = formatOf(name, text)
	}
	if len(o.Fields) > 0 && (v.Format == JSONL || v.Format == JSON) {
		return v, failure.Usagef("names of columns are for CSV and TSV: %s is %s, which names its fields itself", name, v)
	}
	v.columns(text, o)
	return v, nil
}

// checkOptions refuses options that nothing could be read with.
func checkOptions(o Options) error {
	formats := []string{string(CSV), string(TSV), string(JSONL), string(JSON)}
	if o.Format != "" && !slices.Contains(formats, strings.ToLower(string(o.Format))) {
		return failure.Usagef("the format %q is not known: it is %s", o.Format, failure.OneOf(formats))
	}
	if o.Encoding != "" && canonical(o.Encoding) == "" {
		return failure.Usagef("the encoding %q is not known: it is utf-8, utf-16 or windows-1252", o.Encoding)
	}
	switch o.Delimiter {
	case '"', '\r', '\n', utf8.RuneError:
		return failure.Usagef("%q cannot be a delimiter: it is one character, such as ; or a tab", o.Delimiter)
	}
	return nil
}

// unpackedSample unpacks as much of a gzip file as its first bytes allow.
func unpackedSample(sample []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(sample))
	if err != nil {
		return nil
	}
	out := make([]byte, sampleBytes)
	// The sample ends in the middle of the file: that error is expected.
	n, _ := io.ReadFull(z, out)
	return out[:n]
}

// canonical turns a name of an encoding into one of ours; blank when there is
// none.
func canonical(name string) string {
	switch strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name)) {
	case "utf8":
		return UTF8
	case "utf16":
		return "utf-16"
	case "utf16le":
		return UTF16LE
	case "utf16be":
		return UTF16BE
	case "windows1252", "cp1252", "latin1", "iso88591":
		return Windows1252
	}
	return ""
}

// encoding finds out the encoding of a sample, and returns the sample as text
// without its byte order mark.
func (v *Verdict) encoding(sample []byte, said string) string {
	big, wide := utf16Order(sample)
	v.Encoding = canonical(said)
	switch {
	case v.Encoding == "utf-16" || said == "" && wide:
		v.Encoding = UTF16LE
		if big {
			v.Encoding = UTF16BE
		}
	case said != "":
	case validStart(sample):
		v.Encoding = UTF8
	default:
		v.Encoding = Windows1252
	}
	if v.Encoding == UTF16LE || v.Encoding == UTF16BE {
		sample = sample[:len(sample)&^1]
	}
	// Decoding from memory does not fail: broken characters are replaced.
	text, _ := io.ReadAll(decoded(bytes.NewReader(sample), v.Encoding))
	rest, found := bytes.CutPrefix(text, []byte(bomUTF8))
	v.BOM = found
	return string(rest)
}

// validStart tells whether a sample is UTF-8 but for a character cut at its end.
func validStart(sample []byte) bool {
	for len(sample) > 0 {
		r, size := utf8.DecodeRune(sample)
		if r == utf8.RuneError && size == 1 {
			return !utf8.FullRune(sample)
		}
		sample = sample[size:]
	}
	return true
}

// formatOf tells the format by the name, or else by the first character.
func formatOf(name, text string) Format {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	first := strings.TrimLeft(text, " \t\r\n")[0]
	switch filepath.Ext(name) {
	case ".csv":
		return CSV
	case ".tsv", ".tab":
		return TSV
	case ".jsonl", ".ndjson":
		return JSONL
	case ".json":
		if line, rest, _ := strings.Cut(strings.TrimSpace(text), "\n"); first == '{' && strings.HasPrefix(rest, "{") && newObjects().parse([]byte(line)) == nil {
			return JSONL
		}
		return JSON
	}
	switch first {
	case '{':
		return JSONL
	case '[':
		return JSON
	}
	return ""
}

// columns finds out the delimiter and the header.
func (v *Verdict) columns(text string, o Options) {
	switch v.Format {
	case JSONL, JSON:
		v.Delimiter = 0
		var src source = newLines("", bufio.NewReader(strings.NewReader(text)), 0)
		if v.Format == JSON {
			src = newArray("", bufio.NewReader(strings.NewReader(text)), 0)
		}
		// A broken first row is told by the reader, in its place.
		_ = src.next(&Row{})
		v.Header = src.header()
		return
	case TSV:
		if v.Delimiter == 0 {
			v.Delimiter = '\t'
		}
	}
	if v.Delimiter == 0 {
		v.Delimiter = delimiterOf(text)
	}
	if v.Format == "" {
		v.Format = CSV
		if v.Delimiter == '\t' {
			v.Format = TSV
		}
	}
	v.Above = o.SkipLines
	if v.Header = o.Fields; len(o.Fields) == 0 {
		v.Header, v.Above = headerOf(text, v.Delimiter, o)
	}
}
