package intake

import (
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// A wrong encoding would change ids, so it must be detected or the file rejected.
func TestEncodingIsDetectedOrRefused(t *testing.T) {
	const table = "sku,note\nA-1,%\nB-2,plain\n"
	in := func(note string) string { return strings.Replace(table, "%", note, 1) }
	with := func(e interface{ String(string) (string, error) }, note string) string {
		text, err := e.String(in(note))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	western := charmap.Windows1252.NewEncoder
	for name, text := range map[string]string{
		"German": with(western(), "Größe 5°, Säule – Fuß"), "French": with(western(), "l’été à cœur, déjà 5 €"),
		"Portuguese": with(western(), "opções, AÇÕES, maçã"), "Spanish": with(western(), "¿Qué? ¡Año! 1ª"), "Catalan": with(western(), "col·legi"),
		"signs": with(western(), "Nestle™ ® 10 £ 5 µm «x» 2²"), "Danish": with(western(), "Ærø, smørrebrød, Århus"),
	} {
		v, err := Sniff("x.csv", []byte(text), Options{})
		if err != nil || v.Encoding != Windows1252 {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
	for name, test := range map[string]struct{ text, want string }{
		"a stray byte": {in("café \xe9"), "x.csv:2:10: this byte (0xE9) is not UTF-8, which the rest of the file is"},
		"cp850":        {with(charmap.CodePage850.NewEncoder(), "Säule"), "x.csv:2:6: the file is not UTF-8, and this is not windows-1252 either"},
		"cp850, upper": {with(charmap.CodePage850.NewEncoder(), "Öl"), "x.csv:2:5: the file is not UTF-8"},
		"cp850, ñ":     {with(charmap.CodePage850.NewEncoder(), "Año"), "x.csv:2:6: the file is not UTF-8"},
		"Shift-JIS":    {with(japanese.ShiftJIS.NewEncoder(), "マグ"), "x.csv:2:5: the file is not UTF-8"},
		"GBK":          {with(simplifiedchinese.GBK.NewEncoder(), "茶壶"), "the file is not UTF-8"},
		"windows-1251": {with(charmap.Windows1251.NewEncoder(), "чайник"), "the file is not UTF-8"},
		"windows-1250": {with(charmap.Windows1250.NewEncoder(), "żółty"), "the file is not UTF-8"},
	} {
		_, err := Sniff("x.csv", []byte(test.text), Options{})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, test.want)
		}
	}
}

// The text after the sample is checked, too, while the file is read.
func TestEncodingOfTheWholeFile(t *testing.T) {
	text := "sku,note\n\xc4-1,x\n" + strings.Repeat("B-2,plain\n", 20_000) + "C-3,S\x84ule\n"
	v, err := Sniff("x.csv", []byte(text)[:64<<10], Options{})
	if err != nil || v.Encoding != Windows1252 {
		t.Fatal(v, err)
	}
	r, err := NewReader("x.csv", strings.NewReader(text), v, Options{}, io.Discard)
	for err == nil {
		_, err = r.Next()
	}
	if want := "x.csv:20003:6: the file is not UTF-8"; !strings.Contains(err.Error(), want) {
		t.Errorf("%v, not %s", err, want)
	}
}

// Every encoding for --encoding can be read, and written to a file of rejects.
func TestCodePages(t *testing.T) {
	for name, note := range map[string]string{"cp850": "Säule, Año", "Shift_JIS": "マグ", "gb2312": "茶壶", "latin1": "Säule", "windows-1251": "чайник"} {
		v, err := Sniff("x.csv", []byte("sku,note\n"), Options{Encoding: name})
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		w := NewWriter(&out, v, []string{"sku", "note"})
		if err := w.Write([]string{"A-1", note}); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		r, err := NewReader("x.csv", strings.NewReader(out.String()), v, Options{Encoding: name}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		row, err := r.Next()
		if err != nil || row.Cells[1] != note {
			t.Errorf("%s: %v, %v", name, row, err)
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	}
	_, err := Sniff("x.csv", []byte("sku\n"), Options{Encoding: "klingon"})
	if err == nil || !strings.Contains(err.Error(), "cp850") {
		t.Error(err)
	}
}
