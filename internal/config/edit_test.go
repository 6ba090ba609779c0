package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// If the result could not be read again, Edit writes nothing.
func TestEditRefusesWhatCannotBeRead(t *testing.T) {
	const rule = "use at most 63 lower-case letters, digits, - and _, beginning with a letter or digit"
	const line = " contains a line break or another control character: it must be a single line"
	for want, change := range map[string]func(*config.File){
		`invalid profile name "Bad Name": ` + rule:                                 func(f *config.File) { f.Profile("Bad Name") },
		`invalid profile name "x y": ` + rule:                                      func(f *config.File) { f.Current = "x y" },
		"the profile sandbox is built in and cannot be stored, changed or deleted": func(f *config.File) { f.Profile("sandbox").Token = "x" },
		"the token of profile lagos" + line:                                        func(f *config.File) { f.Profile("lagos").Token = "a\r\nX-Evil: 1" },
		"the merchant-api-key of profile lagos" + line:                             func(f *config.File) { f.Profile("lagos").MerchantAPIKey = "\x85" },
		"the warehouse of profile lagos" + line:                                    func(f *config.File) { f.Profile("lagos").Warehouse = "\xff" },
		"the configuration would be larger than 1 MiB":                             func(f *config.File) { f.Profile("lagos").Email = strings.Repeat("x", 1<<20) },
	} {
		s := newSetup(t, lagos)
		err := s.mustLoad().Edit(func(f *config.File) error { change(f); return nil })
		if err == nil || err.Error() != want || failure.KindOf(err) != failure.Usage {
			t.Errorf("got %v, want %s", err, want)
		}
		if now, _ := os.ReadFile(s.path); string(now) != lagos {
			t.Errorf("%s: the file was written:\n%s", want, now)
		}
	}
}

// Every value must be read back unchanged, even if it has a meaning in YAML.
func TestEditKeepsOddValues(t *testing.T) {
	s := newSetup(t, "")
	odd := []string{
		"012", "0x1F", "true", "null", "~", " x ", "a: b", "#x", "-", "'", `"`, "%x", "@x", "a #b", "{", "!x", "&x", "<<", "é", "1e5",
		"---", "...", "?a", "|", ">-", "? a", "- a", "a:", "\u00a0", "#¶",
	}
	err := s.mustLoad().Edit(func(f *config.File) error {
		for i, v := range odd {
			f.Profile("p" + strconv.Itoa(i)).Warehouse = v
		}
		f.Profiles["0x1"], f.Profiles["null"], f.Profiles["12"] = &config.Profile{Output: "json"}, nil, nil
		f.Profile("12").TokenExpires = time.Date(2026, 11, 24, 8, 0, 0, 5, time.FixedZone("", 3600))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c := s.mustLoad()
	for i, want := range odd {
		if p, _ := c.Find("p" + strconv.Itoa(i)); p.Warehouse != want {
			t.Errorf("%q came back as %q", want, p.Warehouse)
		}
	}
	if p, _ := c.Find("12"); !p.TokenExpires.Equal(time.Date(2026, 11, 24, 7, 0, 0, 5, time.UTC)) || c.Known("null") != nil || c.Known("0x1") != nil {
		t.Errorf("%v ends %s; %v, %v", p, p.TokenExpires, c.Known("null"), c.Known("0x1"))
	}
}

// An edit without a change must not write the file.
func TestEditOfNothingWritesNothing(t *testing.T) {
	s := newSetup(t, "# mine\n"+lagos)
	if err := s.mustLoad().Edit(func(f *config.File) error { f.Current = "lagos"; return nil }); err != nil {
		t.Fatal(err)
	}
	if now, _ := os.ReadFile(s.path); string(now) != "# mine\n"+lagos {
		t.Errorf("the file became\n%s", now)
	}
}

// An error of the change function is returned unchanged, with its hint.
func TestEditReturnsTheError(t *testing.T) {
	s := newSetup(t, lagos)
	err := s.mustLoad().Edit(func(f *config.File) error {
		f.Current = "abuja"
		return failure.Usagef("no").Hint("do so")
	})
	if err == nil || err.Error() != "no" || failure.HintOf(err) != "do so" {
		t.Errorf("got %v, hint %q, want \"no\" with the hint \"do so\"", err, failure.HintOf(err))
	}
	if got := s.mustLoad().Profile(); got != "lagos" {
		t.Errorf("a failed edit wrote %s", got)
	}
}

func TestEditDoesNotWaitForever(t *testing.T) {
	s := newSetup(t, lagos)
	held := flock.New(s.path + ".lock")
	if err := held.Lock(); err != nil {
		t.Fatal(err)
	}
	c := s.mustLoad()
	c.SetPatience(time.Millisecond)
	change := func(f *config.File) error { f.Current = "abuja"; return nil }
	err := c.Edit(change)
	if err == nil || err.Error() != "another stockctl is changing "+s.path || failure.KindOf(err) != failure.Config {
		t.Errorf("got %v, want %q", err, "another stockctl is changing "+s.path)
	}
	if err := held.Unlock(); err != nil {
		t.Fatal(err)
	}
	if err := s.mustLoad().Edit(change); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}

// Edit follows a link, for example to a dotfiles folder, even if the target does not exist,
// and does not replace a device or a folder.
func TestEditTargets(t *testing.T) {
	s := newSetup(t, "")
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("dotfiles", "real.yaml"), s.path); err != nil {
		t.Skip(err)
	}
	change := func(f *config.File) error { f.Current = "sandbox"; return nil }
	if err := s.mustLoad().Edit(change); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(filepath.Join(filepath.Dir(s.path), "dotfiles", "real.yaml")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the link was not followed: %v", err)
	}
	if !s.mustLoad().IsSandbox() {
		t.Error("what was written is not read")
	}

	s.env["STOCKCTL_CONFIG"] = os.DevNull
	if err := s.mustLoad().Edit(change); err == nil || err.Error() != os.DevNull+" is not a file that can be written" {
		t.Errorf("got %v, want an error that a device cannot be written", err)
	}
	if err := os.Remove(s.path); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(s.path, s.path); err != nil {
		t.Fatal(err)
	}
	s.env["STOCKCTL_CONFIG"] = s.path
	if _, err := s.load(); failure.KindOf(err) != failure.Config {
		t.Errorf("a link to itself: %v", err)
	}
}

// Only the file and its lock remain, and secrets are never written to the system's folder
// for temporary files.
func TestEditLeavesNoTraces(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	s := newSetup(t, lagos)
	if err := s.mustLoad().Edit(func(f *config.File) error { f.Profile("lagos").Token = "y"; return nil }); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, dir := range []string{filepath.Dir(s.path), temp} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	if got := strings.Join(names, " "); got != "config.yaml config.yaml.lock" {
		t.Errorf("there are %s", got)
	}
}

func TestEditInAReadOnlyFolder(t *testing.T) {
	s := newSetup(t, "")
	s.env["STOCKCTL_CONFIG"] = filepath.Join(os.DevNull, "stockctl", "config.yaml")
	_, err := s.load()
	if err == nil {
		err = errors.New("no error")
	}
	if failure.KindOf(err) != failure.Config || !strings.HasPrefix(err.Error(), "reading the configuration: ") {
		t.Errorf("got %v, want it to begin with %q", err, "reading the configuration: ")
	}
}
