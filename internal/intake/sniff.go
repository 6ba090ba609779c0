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
	"github.com/bayworks/stockctl/internal/intake/foreign"
)

// sampleBytes is how much of a file is examined to detect its dialect.
const sampleBytes = 64 << 10

// Sniff detects the dialect of a table from its name and its first bytes (64 KiB are
// enough), as far as the options do not set it. It rejects files that are not tables.
func Sniff(name string, sample []byte, o Options) (Dialect, error) {
	v := Dialect{Format: Format(strings.ToLower(string(o.Format))), Delimiter: o.Delimiter}
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
	if what := cmp.Or(foreign.Binary(sample), foreign.Text(name, sample)); what != "" {
		return v, fatal(Pos{File: name}, "%s", what)
	}
	text, err := v.encoding(name, sample, o.Encoding)
	if err != nil {
		return v, err
	}
	if strings.TrimSpace(text) == "" {
		return v, fatal(Pos{File: name}, "is empty")
	}
	if strings.Contains(text, "\r") && !strings.Contains(text, "\n") && !cut {
		return v, fatal(Pos{File: name}, "has the line ends of old Macintosh files (only CR): save it with Windows or Unix line ends")
	}
	if v.Format == "" {
		v.Format = formatOf(name, text)
	}
	if len(o.Fields) > 0 && (v.Format == JSONL || v.Format == JSON) {
		return v, failure.Usagef("column names are only for CSV and TSV: %s is %s, which has names for its fields", name, v)
	}
	v.columns(text, o)
	return v, nil
}

// checkOptions rejects options that are invalid for every file.
func checkOptions(o Options) error {
	formats := []string{string(CSV), string(TSV), string(JSONL), string(JSON)}
	if o.Format != "" && !slices.Contains(formats, strings.ToLower(string(o.Format))) {
		return failure.Usagef("unknown format %q: use %s", o.Format, failure.OneOf(formats))
	}
	if o.Encoding != "" && canonical(o.Encoding) == "" {
		return failure.Usagef("unknown encoding %q: use %s", o.Encoding, failure.OneOf(Encodings()))
	}
	switch o.Delimiter {
	case '"', '\r', '\n', utf8.RuneError:
		return failure.Usagef("%q cannot be a delimiter: it is one character, such as ; or a tab", o.Delimiter)
	}
	return nil
}

// unpackedSample unpacks the first bytes of a gzip file.
func unpackedSample(sample []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(sample))
	if err != nil {
		return nil
	}
	out := make([]byte, sampleBytes)
	// An error is expected, because the sample ends in the middle of the file.
	n, _ := io.ReadFull(z, out)
	return out[:n]
}

// encoding detects the encoding of a sample, and returns the sample as text without its
// byte order mark. It rejects a sample that is not clearly UTF-8 or windows-1252: if an
// id or a code were decoded wrongly, it would be a different one.
func (v *Dialect) encoding(name string, sample []byte, said string) (string, error) {
	at, stray, mixed := strayByte(sample)
	big, wide := utf16Order(sample)
	v.Encoding = canonical(said)
	switch {
	case v.Encoding == "utf-16" || said == "" && wide:
		v.Encoding = UTF16LE
		if big {
			v.Encoding = UTF16BE
		}
	case said != "":
	case !stray:
		v.Encoding = UTF8
	case mixed:
		return "", fatal(
			placeIn(name, sample, at),
			"this byte (0x%02X) is not UTF-8, which the rest of the file is: correct the cell, or give the file's encoding with --encoding, such as windows-1252",
			sample[at],
		)
	default:
		v.Encoding, v.guessed = Windows1252, true
		if _, err := (&western{file: name}).Write(sample); err != nil {
			return "", err
		}
	}
	if v.Encoding == UTF16LE || v.Encoding == UTF16BE {
		sample = sample[:len(sample)&^1]
	}
	// Decoding from memory does not fail, because broken characters are replaced.
	text, _ := io.ReadAll(decoded(bytes.NewReader(sample), v.Encoding))
	rest, found := bytes.CutPrefix(text, []byte(bomUTF8))
	v.BOM = found
	return string(rest), nil
}

// FormatByName returns the format of a name such as stock.csv.gz, or "" if it is unknown.
func FormatByName(name string) Format {
	switch filepath.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz")) {
	case ".csv":
		return CSV
	case ".tsv", ".tab":
		return TSV
	case ".jsonl", ".ndjson":
		return JSONL
	case ".json":
		return JSON
	}
	return ""
}

// formatOf returns the format by the name or, if that is unknown or is contradicted by the
// text, by the first character.
func formatOf(name, text string) Format {
	first := strings.TrimLeft(text, " \t\r\n")[0]
	switch named := FormatByName(name); named {
	case JSON:
		if line, rest, _ := strings.Cut(strings.TrimSpace(text), "\n"); first == '{' && strings.HasPrefix(rest, "{") && newObjects().parse([]byte(line)) == nil {
			return JSONL
		}
		return JSON
	case JSONL:
		return named
	case CSV, TSV:
		if compact := strings.Join(strings.Fields(text[:min(len(text), 200)]), ""); !strings.HasPrefix(compact, `[{"`) && !strings.HasPrefix(compact, `{"`) {
			return named
		}
	}
	switch first {
	case '{':
		return JSONL
	case '[':
		return JSON
	}
	return ""
}

// columns detects the delimiter and the header.
func (v *Dialect) columns(text string, o Options) {
	switch v.Format {
	case JSONL, JSON:
		v.Delimiter = 0
		var src source = newLines("", bufio.NewReader(strings.NewReader(text)), 0)
		if v.Format == JSON {
			src = newArray("", bufio.NewReader(strings.NewReader(text)), 0)
		}
		// The reader reports a broken first row, with its position.
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
