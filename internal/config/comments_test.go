package config_test

import (
	"os"
	"testing"

	"github.com/bayworks/stockctl/internal/config"
)

// An edit changes only the settings concerned. Comments, order, blank lines, quotes and
// indentation are preserved.
func TestEditKeepsComments(t *testing.T) {
	for name, test := range map[string]struct {
		before, after string
		edit          func(*config.File)
	}{
		"a new setting": {
			before: "# our shops\n\nprofiles:\n  # the busy one\n  lagos: # since May\n    warehouse: 'LGS-01' # main\n\n" +
				"    # plain is enough\n    output: csv\n\n  abuja:\n    warehouse: ABJ-01\n\n# the end\ncurrent: lagos\n",
			after: "# our shops\n\nprofiles:\n  # the busy one\n  lagos: # since May\n    warehouse: 'LGS-01' # main\n\n" +
				"    # plain is enough\n    output: csv\n    email: ada@example.com\n\n  abuja:\n    warehouse: ABJ-01\n\n# the end\ncurrent: lagos\n",
			edit: func(f *config.File) { f.Profile("lagos").Email = "ada@example.com" },
		},
		"changed value": {
			before: "current: lagos # ours\nprofiles:\n    lagos:\n        warehouse: 'LGS-01' # main\n",
			after:  "current: abuja # ours\nprofiles:\n    lagos:\n        warehouse: 'LGS-02' # main\n    abuja: {}\n",
			edit: func(f *config.File) {
				f.Current, f.Profile("lagos").Warehouse = "abuja", "LGS-02"
				f.Profile("abuja")
			},
		},
		"removed setting": {
			before: "# our shops\n\ncurrent: lagos\nprofiles:\n  lagos:\n    warehouse: LGS-01 # main\n    output: csv\n",
			after:  "# our shops\n\nprofiles:\n  lagos:\n    output: csv\n",
			edit:   func(f *config.File) { f.Current, f.Profile("lagos").Warehouse = "", "" },
		},
		"removed profile": {
			before: "profiles:\n  # old\n  abuja:\n    output: csv\n  # new\n  lagos:\n    output: csv\n",
			after:  "profiles:\n  # new\n  lagos:\n    output: csv\n",
			edit:   func(f *config.File) { delete(f.Profiles, "abuja") },
		},
		"removed last profile": {
			before: "profiles:\n  abuja:\n    output: csv\n",
			after:  "profiles: {}\n",
			edit:   func(f *config.File) { delete(f.Profiles, "abuja") },
		},
		"only comments": {
			before: "# our shops\n\n# to come",
			after:  "# our shops\n\n# to come\nprofiles:\n  lagos:\n    output: csv\n",
			edit:   func(f *config.File) { f.Profile("lagos").Output = "csv" },
		},
		"empty": {
			before: "current:\nprofiles: # none yet\n",
			after:  "current:\nprofiles: # none yet\n  lagos:\n    output: csv\n",
			edit:   func(f *config.File) { f.Profile("lagos").Output = "csv" },
		},
		"braces": {
			before: "profiles: {lagos: {output: csv}} # short\n",
			after:  "profiles: {lagos: {output: csv, email: ada@example.com}} # short\n",
			edit:   func(f *config.File) { f.Profile("lagos").Email = "ada@example.com" },
		},
		"equal value in another spelling": {
			before: "profiles:\n  012:\n    merchant-api-key: 0x1F\n    token-expires: 2026-11-24T08:00:00+01:00 # soon\n",
			after:  "profiles:\n  012:\n    merchant-api-key: 0x1F\n    token-expires: 2026-11-24T08:00:00+01:00 # soon\n    output: csv\n",
			edit:   func(f *config.File) { f.Profile("012").Output = "csv" },
		},
		"yes and no": {
			before: "profiles:\n  a:\n    confirm: yes # careful\n  b:\n    confirm: false # quick\n  c:\n    confirm: true\n    output: csv\n",
			after:  "profiles:\n  a:\n    confirm: yes # careful\n    output: csv\n  b:\n    confirm: true # quick\n  c:\n    output: csv\n",
			edit: func(f *config.File) {
				f.Profile("a").Output, f.Profile("b").Confirm, f.Profile("c").Confirm = "csv", true, false
			},
		},
		"Windows line endings": {
			before: "# ours\r\n\r\nprofiles:\r\n  lagos: # a\r\n    output: csv\r\n",
			after:  "# ours\r\n\r\nprofiles:\r\n  lagos: # a\r\n    output: wide\r\n",
			edit:   func(f *config.File) { f.Profile("lagos").Output = "wide" },
		},
	} {
		s := newSetup(t, test.before)
		if err := s.mustLoad().Edit(func(f *config.File) error { test.edit(f); return nil }); err != nil {
			t.Errorf("%s: got %v, want no error", name, err)
			continue
		}
		if now, _ := os.ReadFile(s.path); string(now) != test.after {
			t.Errorf("%s: the file became\n%s\nwant\n%s", name, now, test.after)
		}
	}
}
