package output_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/output"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":        "",
		"plain ~": "plain ~",
		"Café 東京 שלום नमस्ते 🇳🇬": "Café 東京 שלום नमस्ते 🇳🇬",
		"Cafe\u0301":                "Cafe\u0301",
		`C:\new\x1b`:                `C:\new\x1b`,
		"\uFFFD":                    "\uFFFD",
		"\x1b[31mred\x1b[0m":        `\x1b[31mred\x1b[0m`,
		"\x1b]0;title\x07":          `\x1b]0;title\x07`,
		"\x1b]8;;http://x\x1b\\":    `\x1b]8;;http://x\x1b\`,
		"a\rb\nc\td\x00\x08\x7f":    `a\rb\nc\td\x00\x08\x7f`,
		"\u009b31m\u0085\u009d":     `\u009b31m\u0085\u009d`,
		"\x9b31m\xff\xe2\x80":       `\x9b31m\xff\xe2\x80`,
		"\u202efdp.exe\u2066\u2069": `\u202efdp.exe\u2066\u2069`,
		"\u200e\u200f\u061c":        `\u200e\u200f\u061c`,
		"LGS\u200b-0\u20601\ufeff":  `LGS\u200b-0\u20601\ufeff`,
		"a\u2028b\u2029c":           `a\u2028b\u2029c`,
		"soft\u00adhyphen":          `soft\u00adhyphen`,
		"tag\U000e0001\U000e0041":   `tag\U000e0001\U000e0041`,
		"fill\u3164er\u115f\u034f":  `fill\u3164er\u115f\u034f`,
		// Joiners shape emoji and some scripts; in an id they are only invisible.
		"👩‍🔧 ❤️‍🔥":             "👩‍🔧 ❤️‍🔥",
		"می\u200cخواهم":        "می\u200cخواهم",
		"葛\U000e0100":          "葛\U000e0100",
		"LGS\u200d-01\u200c":   `LGS\u200d-01\u200c`,
		"\u200dx":              `\u200dx`,
		"ж\u200dж":             `ж\u200dж`,
		"東\u200d\u200d京":       `東\u200d\u200d京`,
		"東\u200dx":             `東\u200dx`,
		"x\ufe0f❤\ufe0f\ufe0f": `x\ufe0f❤` + "\ufe0f" + `\ufe0f`,
		"❤\t\ufe0f\u200d🔥":     `❤\t\ufe0f\u200d🔥`,
		"❤\ufe0f\u200d":        "❤\ufe0f" + `\u200d`,
	} {
		if got := output.Clean(in); got != want {
			t.Errorf("Clean(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b[31m", "\u202e", "東\u200d京", "❤\ufe0f\u200d🔥", "\xff\xfe", "\U000e0001", "a\r\n\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := output.Clean(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Clean(%q) is not UTF-8: %q", s, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
				t.Fatalf("Clean(%q) contains %U", s, r)
			}
		}
		if len(got) > 4*len(s) {
			t.Fatalf("Clean(%q) grew from %d to %d bytes", s, len(s), len(got))
		}
		if again := output.Clean(got); again != got {
			t.Fatalf("Clean(%q) = %q, and again %q", s, got, again)
		}
	})
}
