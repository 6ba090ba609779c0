package config_test

import (
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

// Every mistake in the file is reported with its position and a hint, and without quoting
// values.
func TestBrokenFiles(t *testing.T) {
	const (
		fix   = "fix the file with `stockctl profile edit`, or move it away and run `stockctl auth login`"
		plain = "only plain keys and values are allowed: no lists, anchors or tags"
		name  = "use at most 63 lower-case letters, digits, - and _, beginning with a letter or digit"
	)
	for _, test := range []struct{ file, want, hint string }{
		{"currnt: x\n", ":1:1: unknown setting: the file can have current and profiles", "did you mean current?"},
		{"profiles:\n  a:\n    tokn: x\n", ":3:5: unknown setting: a profile can have base-url, warehouse, output, email, merchant-api-key, token, store, token-expires and confirm", "did you mean token?"},
		{"current: [s3cret]\n", ":1:10: " + plain, fix},
		{"current: &a s3cret\n", ":1:10: " + plain, fix},
		{"current: !!binary aGVsbG8=\n", ":1:10: " + plain, fix},
		{"profiles:\n  a: {<<: {token: s3cret}}\n", ":2:7: " + plain, fix},
		{"- s3cret\n", ":1:1: " + plain, fix},
		{"s3cret\n", ":1:1: the file must be a mapping of keys to values", fix},
		{"profiles:\n  a: s3cret\n", ":2:6: a profile must be a mapping of keys to values", fix},
		{"profiles:\n  a:\n    token: {s3cret: b}\n", ":3:12: token must be text", fix},
		{"profiles:\n  a:\n    token: \"s3cret\\r\\nX: y\"\n", ":3:12: token contains a line break or another control character: it must be a single line", fix},
		{"profiles:\n  a:\n    token: |\n      s3cret\n", ":3:12: token contains a line break or another control character: it must be a single line", fix},
		{"profiles:\n  a:\n    confirm: perhaps\n", ":3:14: confirm must be true or false", fix},
		{"profiles:\n  a:\n    token-expires: s3cret\n", ":3:20: token-expires must be a time such as 2026-11-24T08:00:00Z", fix},
		{"profiles:\n  a: {}\n  a: {}\n", ":3:3: duplicate setting", fix},
		{"profiles:\n  S3cret: {}\n", ":2:3: invalid profile name: " + name, fix},
		{"current: S3cret\n", ":1:10: current must name a profile: " + name, fix},
		{"current: a\n---\ncurrent: s3cret\n", ":3:1: a second YAML document begins here: only one is allowed", fix},
		{"a: s3cret: c\n", ":1:10: invalid YAML", fix},
		{"\xff\xfec\x00", ": this is not a YAML configuration file", fix},
		{"current: a\nprofiles:\n  a:\n    token: \"s3cret\n", ":4:12: invalid YAML", fix},
		{"current: a\nprofiles:\n\tb: s3cret\n", ":3:1: invalid YAML", fix},
		{strings.Repeat("{", 20_000) + "\n", ":1:1: invalid YAML", fix},
		{
			"profiles: " + strings.Repeat("{a: ", 5_000) + "s3cret" + strings.Repeat("}", 5_000) + "\n",
			":1:16: unknown setting: a profile can have base-url, warehouse, output, email, merchant-api-key, token, store, token-expires and confirm",
			fix,
		},
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
	if _, err := s.load(); err == nil || err.Error() != s.path+" is larger than 1 MiB and cannot be a configuration file" {
		t.Errorf("got %v, want an error that the file is too large", err)
	}
}

// Values are used as written: a key of digits is not a number.
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

func TestEmptyFiles(t *testing.T) {
	for _, file := range []string{"", "# a note\n", "---\n", "profiles:\n", "current:\n", "\ufeffcurrent: ''\n", "%YAML 1.2\n---\nprofiles: {}\n"} {
		if c := newSetup(t, file).mustLoad(); c.Profile() != "default" || len(c.Profiles()) != 0 || c.RequireProfile() != nil {
			t.Errorf("%q: profile %s, %d stored", file, c.Profile(), len(c.Profiles()))
		}
	}
	if c := newSetup(t, "profiles:\n  lagos:\n").mustLoad(); len(c.Profiles()) != 1 || c.Profiles()[0].Name != "lagos" {
		t.Error("a profile without settings counts as a profile")
	}
}
