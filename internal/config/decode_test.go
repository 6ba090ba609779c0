package config_test

import (
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

// Every mistake in the file has its place and its cure, and no value of the
// file is quoted.
func TestBrokenFiles(t *testing.T) {
	const (
		mend  = "mend the file, or move it away and run `stockctl auth login`"
		plain = "only plain keys and values may stand here: no lists, anchors or tags"
		name  = "use lower-case letters, digits, - and _, at most 63, beginning with a letter or digit"
	)
	for _, test := range []struct{ file, want, hint string }{
		{"currnt: x\n", ":1:1: there is no such setting: the file has current and profiles", "did you mean current?"},
		{"profiles:\n  a:\n    tokn: x\n", ":3:5: there is no such setting: a profile has base-url, warehouse, output, email, merchant-api-key, token, store, token-expires and confirm", "did you mean token?"},
		{"current: [s3cret]\n", ":1:10: " + plain, mend},
		{"current: &a s3cret\n", ":1:10: " + plain, mend},
		{"current: !!binary aGVsbG8=\n", ":1:10: " + plain, mend},
		{"profiles:\n  a: {<<: {token: s3cret}}\n", ":2:7: " + plain, mend},
		{"- s3cret\n", ":1:1: " + plain, mend},
		{"s3cret\n", ":1:1: the file must be a mapping of keys to values", mend},
		{"profiles:\n  a: s3cret\n", ":2:6: a profile must be a mapping of keys to values", mend},
		{"profiles:\n  a:\n    token: {s3cret: b}\n", ":3:12: token must be text", mend},
		{"profiles:\n  a:\n    token: \"s3cret\\r\\nX: y\"\n", ":3:12: token holds a line break or another control character: it must be one line", mend},
		{"profiles:\n  a:\n    token: |\n      s3cret\n", ":3:12: token holds a line break or another control character: it must be one line", mend},
		{"profiles:\n  a:\n    confirm: perhaps\n", ":3:14: confirm must be true or false", mend},
		{"profiles:\n  a:\n    token-expires: s3cret\n", ":3:20: token-expires must be a time such as 2026-11-24T08:00:00Z", mend},
		{"profiles:\n  a: {}\n  a: {}\n", ":3:3: the setting is there twice", mend},
		{"profiles:\n  S3cret: {}\n", ":2:3: this is no profile name: " + name, mend},
		{"current: S3cret\n", ":1:10: current must name a profile: " + name, mend},
		{"current: a\n---\ncurrent: s3cret\n", ":3:1: a second document begins here: a configuration is one", mend},
		{"a: s3cret: c\n", ":1:10: the YAML is broken here", mend},
		{"\xff\xfec\x00", ": it is not the YAML of a configuration file", mend},
		{"current: a\nprofiles:\n  a:\n    token: \"s3cret\n", ":4:12: the YAML is broken here", mend},
		{"current: a\nprofiles:\n\tb: s3cret\n", ":3:1: the YAML is broken here", mend},
		{strings.Repeat("{", 20_000) + "\n", ":1:1: the YAML is broken here", mend},
		{"profiles: " + strings.Repeat("{a: ", 5_000) + "s3cret" + strings.Repeat("}", 5_000) + "\n", ":1:16: there is no such setting: a profile has base-url, warehouse, output, email, merchant-api-key, token, store, token-expires and confirm", mend},
	} {
		s := newSetup(t, test.file)
		_, err := s.load()
		if err == nil {
			t.Errorf("%.60q: no error", test.file)
			continue
		}
		if got := strings.TrimPrefix(err.Error(), s.path); got != test.want || failure.HintOf(err) != test.hint || failure.KindOf(err) != failure.Config {
			t.Errorf("%.60q:\ngot  %s (%s)\nwant %s (%s)", test.file, got, failure.HintOf(err), test.want, test.hint)
		}
	}
	s := newSetup(t, strings.Repeat("#", 1<<20+1))
	if _, err := s.load(); err == nil || err.Error() != s.path+" is larger than 1 MiB: it is no configuration file" {
		t.Errorf("a large file: %v", err)
	}
}

// A value is taken as it is written: a key of digits is not a number.
func TestValuesAsWritten(t *testing.T) {
	for written, want := range map[string]string{
		"012345": "012345", "0x1F": "0x1F", "1_000": "1_000", "+5": "+5", ".inf": ".inf", "true": "true",
		"2026-01-01": "2026-01-01", "'it''s'": "it's", `"a\\b"`: `a\b`, "a b # note": "a b", "": "", "~": "",
	} {
		s := newSetup(t, "profiles:\n  012:\n    token: "+written+"\n")
		p, ok := s.mustLoad().Find("012")
		if !ok || p.Token != want {
			t.Errorf("%s is read as %q (%t), want %q", written, p.Token, ok, want)
		}
	}
}

func TestFilesThatSayNothing(t *testing.T) {
	for _, file := range []string{"", "# a note\n", "---\n", "profiles:\n", "current:\n", "\ufeffcurrent: ''\n", "%YAML 1.2\n---\nprofiles: {}\n"} {
		if c := newSetup(t, file).mustLoad(); c.Profile() != "default" || len(c.Profiles()) != 0 || c.RequireProfile() != nil {
			t.Errorf("%q: profile %s, %d stored", file, c.Profile(), len(c.Profiles()))
		}
	}
	if c := newSetup(t, "profiles:\n  lagos:\n").mustLoad(); len(c.Profiles()) != 1 || c.Profiles()[0].Name != "lagos" {
		t.Error("a profile without settings is one")
	}
}
