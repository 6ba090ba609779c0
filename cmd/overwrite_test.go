package cmd_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// If a flag names an existing file to write, the file is left alone and nothing is sent.
func TestExistingFilesAreNotOverwritten(t *testing.T) {
	t.Parallel()
	const row = `{"productId":"prod_abc123","warehouseId":"LGS-01","qty":5,"action":"RECEIVED"}` + "\n"
	for name, args := range map[string]string{
		"the report is the input":            "inventory import in.jsonl --mode adjust --report in.jsonl",
		"the report is a link to the input":  "inventory import in.jsonl --mode adjust --report link.jsonl",
		"the summary is a file of the user":  "inventory import in.jsonl --mode adjust --report mine.json",
		"the report is the file of rejects":  "inventory import in.jsonl --mode adjust --report new.jsonl --rejects new.jsonl",
		"the moves are a file of the user":   "inventory low-stock --cover 14d --elsewhere in.jsonl",
		"the report is a page of the user":   "inventory report mine.json",
		"the address is a file of the user":  "sandbox serve --addr 127.0.0.1:0 --ready-file in.jsonl",
		"the memory is a file of the user":   "inventory low-stock --notify --state in.jsonl",
		"the database is a file of the user": "sandbox serve --addr 127.0.0.1:0 --db in.jsonl",
	} {
		t.Run(name, func(t *testing.T) {
			server, u := newShop(t)
			u.env["STOCKCTL_WEBHOOK"] = "https://127.0.0.1:1/hook"
			u.file(t, "in.jsonl", row)
			u.file(t, "mine.json", `{"mine":true}`)
			if err := os.Symlink(filepath.Join(u.home, "in.jsonl"), filepath.Join(u.home, "link.jsonl")); err != nil {
				t.Fatal(err)
			}
			words := strings.Fields(args)
			for i, word := range words {
				if strings.Contains(word, ".json") {
					words[i] = filepath.Join(u.home, word)
				}
			}
			code, _, errOut := u.run(t, t.Context(), words...)
			if code != 2 && code != 3 || len(server.received()) != 0 {
				t.Errorf("exit %d, want 2 or 3, %d writes\n%s", code, len(server.received()), errOut)
			}
			for file, want := range map[string]string{"in.jsonl": row, "mine.json": `{"mine":true}`} {
				if text, err := os.ReadFile(filepath.Join(u.home, file)); err != nil || string(text) != want {
					t.Errorf("%s contains %q (%v)", file, text, err)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(u.home, "new*")); len(left) != 0 {
				t.Errorf("the command left %v behind, want nothing", left)
			}
		})
	}
}

// The report may go to an empty file, such as one from mktemp.
func TestReportIntoAnEmptyFile(t *testing.T) {
	_, u := newShop(t)
	report := u.file(t, "report.json", "")
	code, _, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", deliveries), "--mode", "adjust", "--report", report)
	text, err := os.ReadFile(report)
	if code != 0 || err != nil || !json.Valid(text) || !strings.Contains(string(text), `"applied": 2`) {
		t.Errorf("exit %d, want 0 (%v)\n%s\n%s", code, err, errOut, text)
	}
}

// stopped imports deliveries until the shop refuses the token at the second write, and
// returns the run.
func stopped(t *testing.T, server *faultServer, u *user, report string) string {
	t.Helper()
	u.env["STOCKCTL_TIMEOUT"] = "300ms" // the resumed run waits for as long as this one could take
	server.aim, server.nth, server.hit = isWrite, 2, notSignedIn
	code, _, errOut := u.run(t, t.Context(), "inventory", "import", u.file(t, "rows.csv", deliveries), "--mode", "adjust", "--concurrency", "1", "--report", report)
	if code != 4 {
		t.Fatalf("exit %d, want 4\n%s", code, errOut)
	}
	return runID(t, errOut)
}

// A resumed run continues its report, or uses another name if the file is no longer its
// own.
func TestResumeContinuesItsReport(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"run.jsonl", "run.json"} {
		for _, changed := range []bool{false, true} {
			server, u := newShop(t)
			report := filepath.Join(u.home, name)
			run := stopped(t, server, u, report)
			first, err := os.ReadFile(report)
			if err != nil {
				t.Fatal(err)
			}
			if changed {
				first = []byte(`{"mine":true}` + "\n")
				u.file(t, name, string(first))
			}
			server.aim = nil
			u.env["STOCKCTL_TOKEN"], _ = server.shop.IssueToken()
			code, out, errOut := u.run(t, t.Context(), "inventory", "import", "resume", run, "-o", "json")
			var summary struct{ Report string }
			if err := json.Unmarshal([]byte(out), &summary); code != 0 || err != nil {
				t.Fatalf("exit %d, want 0 (%v)\n%s%s", code, err, out, errOut)
			}
			wrote, err := os.ReadFile(summary.Report)
			if err != nil || strings.Count(string(wrote), `"applied"`) != map[string]int{"run.jsonl false": 2, "run.jsonl true": 1, "run.json false": 1, "run.json true": 1}[fmt.Sprint(name, " ", changed)] {
				t.Errorf("%s: %v\n%s", summary.Report, err, wrote)
			}
			if changed == (summary.Report == report) {
				t.Errorf("%s, changed %v: the report is %s", name, changed, summary.Report)
			}
			if now, _ := os.ReadFile(report); changed && string(now) != string(first) {
				t.Errorf("%s of the user now has %s", name, now)
			}
		}
	}
}
