package cmd_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/bayworks/stockctl/internal/api"
)

// With a live key, every command that writes says LIVE: before it sends anything if it has
// something to say then, and always in the message about what it did. It stands out in
// colour.
func TestEveryWriteSaysLive(t *testing.T) {
	for _, w := range writers() {
		if w.second {
			continue // the same command again
		}
		t.Run(w.name, func(t *testing.T) {
			server, u := newShop(t)
			account := server.Account()
			c, err := api.New(api.Options{BaseURL: server.URL, Auth: account})
			if err != nil {
				t.Fatal(err)
			}
			w.prepare(t, c)
			takesLive(server)
			u.env["STOCKCTL_MERCHANT_API_KEY"] = liveKey
			u.secrets = append(u.secrets, liveKey)
			code, out, errOut := u.run(t, t.Context(), append(w.commandLine(t, u), "--yes", "--color", "always")...)
			if code != 0 {
				t.Fatalf("exit %d, want 0\n%s%s", code, out, errOut)
			}
			if last := lastWith(ansi.Strip(out+errOut), "default"); !strings.Contains(last, "default (LIVE)") {
				t.Errorf("the last message that names the profile is %q:\n%s%s", last, out, errOut)
			}
			if all := out + errOut; strings.Count(all, "(LIVE)") != strings.Count(all, "\x1b[1;31m(LIVE)\x1b[0m") {
				t.Errorf("LIVE does not stand out everywhere:\n%q", all)
			}
		})
	}
}

// lastWith returns the last line that contains a text.
func lastWith(text, part string) (last string) {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.Contains(line, part) {
			last = line
		}
	}
	return last
}
