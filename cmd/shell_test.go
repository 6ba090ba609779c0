package cmd_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// lineShell is a shell with completion.
type lineShell struct {
	program []string
	install string            // the name of its package
	needs   string            // another file that must exist; may be blank
	files   map[string]string // in the home folder: text, or a committed file after "<"
	tabs    string            // the keys that show the list
	meaning string            // how a warehouse is shown with its name
}

const prompt = "type> "

func lineShells() map[string]lineShell {
	return map[string]lineShell{
		"bash": {
			program: []string{"bash", "--noprofile", "-i"}, install: "bash-completion", needs: "/usr/share/bash-completion/bash_completion",
			files: map[string]string{
				".bashrc": "PS1='" + prompt + "'\n. /usr/share/bash-completion/bash_completion\n",
				".local/share/bash-completion/completions/stockctl": "<stockctl.bash",
			},
			tabs: "\t\t", meaning: "LGS-01 (Lagos Main)",
		},
		"zsh": {
			program: []string{"zsh", "-i"}, install: "zsh",
			files: map[string]string{
				".zshrc":           "PS1='" + prompt + "'\nbindkey -e\nunsetopt zle_bracketed_paste\nfpath=(~/.zfunc $fpath)\nautoload -U compinit\ncompinit -u\n",
				".zfunc/_stockctl": "<_stockctl",
			},
			tabs: "\t", meaning: "LGS-01 -- Lagos Main",
		},
		"fish": {
			program: []string{"fish", "-i"}, install: "fish",
			files: map[string]string{
				".config/fish/config.fish":               "function fish_prompt; printf '" + prompt + "'; end\nset -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n",
				".config/fish/completions/stockctl.fish": "<stockctl.fish",
				// If this folder is missing, fish fills it in the background, possibly after
				// the end of the test.
				".local/share/fish/generated_completions/none.fish": "",
			},
			tabs: "\t", meaning: "LGS-01 (Lagos Main)",
		},
	}
}

// In the real shells, the committed scripts suggest the warehouses of a server with their
// names, and insert a match so that the shell reads it as one word.
func TestCompletionInTheShell(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	server := newFaultServer(t, sandbox.Published)
	token, _ := server.shop.IssueToken()
	env := map[string]string{
		"STOCKCTL_BASE_URL": server.URL, "STOCKCTL_MERCHANT_API_KEY": server.shop.Account().MerchantAPIKey, "STOCKCTL_TOKEN": token,
	}
	odd := map[string]string{"BEN": "BEN 02", "COL": "COL:03", "QUO": "QUO'04", "DOU": `DOU"05`, "DOL": "DOL$HOME", "STA": "STA*(6)", "SUB": "SUB$(touch x)"}
	maker := customer(t, server.URL, env["STOCKCTL_MERCHANT_API_KEY"], token)
	for typed, code := range odd {
		maker.wants(t, 0, "", "warehouse", "create", "--name", "Hall "+typed, "--code", code)
	}
	for _, code := range []string{"TWO 07", "TWO 08"} {
		maker.wants(t, 0, "", "warehouse", "create", "--name", "Hall "+code, "--code", code)
	}
	for item, warehouse := range map[string]string{"MUG-ENAMEL": "BEN 02", "TOTE-CANVAS": "DOL$HOME"} {
		maker.wants(t, 0, "", "inventory", "create", "--sku", item, "--warehouse", warehouse, "--initial-qty", "1")
	}
	bin := filepath.Dir(build(t))
	for name, sh := range lineShells() {
		t.Run(name, func(t *testing.T) {
			s := startShell(t, sh, bin, env)
			s.send("stockctl inventory create --warehouse " + sh.tabs)
			s.see("ABJ-01", "Abuja", sh.meaning)
			s.send("\x15") // clear the line
			for typed, code := range odd {
				s.completes("inventory create --warehouse "+typed, "inventory", "create", "--warehouse", code)
			}
			s.completes("inventory create --warehouse LG", "inventory", "create", "--warehouse", "LGS-01")
			s.completes("inventory create --warehouse=LG", "inventory", "create", "--warehouse=LGS-01")
			s.completes("inventory create --warehouse=BE", "inventory", "create", "--warehouse=BEN 02")
			s.completes("inventory create --warehouse=CO", "inventory", "create", "--warehouse=COL:03")
			s.completes("inventory create --warehouse COL:", "inventory", "create", "--warehouse", "COL:03")
			s.completes("inventory get prod_abc123@L", "inventory", "get", "prod_abc123@LGS-01")
			s.completes("inventory get prod_phone_789/sku_red_256gb", "inventory", "get", "prod_phone_789/sku_red_256gb@LGS-01")
			s.completes("inventory get MUG", "inventory", "get", "MUG-ENAMEL@BEN 02")
			s.completes("inventory adjust TOTE-CANVAS@D", "inventory", "adjust", "TOTE-CANVAS@DOL$HOME")
			s.completes("inventory create --sku EB", "inventory", "create", "--sku", "EBOOK-STOCK")
			s.completes("inventory get prod_eb", "inventory", "get", "prod_ebook_101@LGS-01")
			s.completes("inventory create --warehouse TW", "inventory", "create", "--warehouse", "TWO 0")
			// Completion must not execute text in the line, and must still work afterwards.
			for _, typed := range []string{"'x;touch x;'", `"x;touch x"`, "$(touch x)", "`touch x`", "> x", `x\;touch\ x`, "--product='$(touch x)='", "| touch x #"} {
				s.send("stockctl inventory get " + typed + " " + sh.tabs)
				s.send("\x15")
			}
			s.completes("inventory create --product 'x;touch x;' --warehouse LG", "inventory", "create", "--product", "x;touch x;", "--warehouse", "LGS-01")
			if _, err := os.Stat(filepath.Join(s.home, "x")); err == nil {
				t.Error("the shell ran what a code contains, or what was typed")
			}
			s.send("exit\r")
		})
	}
}

// Whatever is offered, the scripts insert it so that the shell reads it as one word, and
// run nothing of it. The program itself offers no text that begins with a dash or a tilde or
// contains control characters.
func TestCompletionQuotesEveryCandidate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "stockctl"), []byte("#!/bin/sh\ncat \"$HOME/offered\"\necho :4\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, sh := range lineShells() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startShell(t, sh, bin, nil)
			for _, word := range []string{
				"=ls", "#x", "!x", "!!", "%x", "^a^b", "a!b", "{a,b}", "a[1]", `\x`, `a\b`, "“x”", "é ß", "日本 1", "x&y", "x|y", "x<y", "x>y", "(x)", "*", "?x",
				"a=b", "a:b", "a@b", "'", `"`, `x'y"z`, "x;touch x;", "`touch x`", "$(touch x)", "${x:=touch}", "$'x'", "a  b", "@x", ":x", "a,b", "x\u00a0y", "a~b",
			} {
				s.write("offered", word+"\n", 0o600)
				s.completes("get ", "get", word)
				s.completes("get --of=", "get", "--of="+word)
			}
			if _, err := os.Stat(filepath.Join(s.home, "x")); err == nil {
				t.Error("the shell ran a candidate")
			}
			s.send("exit\r")
		})
	}
}

// The scripts printed by the program must equal the committed ones.
func TestCompletionScriptsAreTheCommittedOnes(t *testing.T) {
	u := customer(t, "https://api.example.com", "pk_test_12345678", "a-token")
	for name, file := range map[string]string{"bash": "stockctl.bash", "zsh": "_stockctl", "fish": "stockctl.fish", "powershell": "stockctl.ps1"} {
		want, err := os.ReadFile(filepath.Join("..", "completions", file))
		if err != nil {
			t.Fatal(err)
		}
		if got := u.wants(t, 0, "", "completion", name); got != string(want) {
			t.Errorf("stockctl completion %s does not write completions/%s", name, file)
		}
	}
	if !strings.Contains(u.wants(t, 0, "", "completion", "bash", "--no-descriptions"), "__completeNoDesc") {
		t.Error("--no-descriptions has no effect")
	}
}

// typist types into a shell's terminal.
type typist struct {
	t        *testing.T
	terminal *os.File
	home     string

	mu     sync.Mutex
	screen bytes.Buffer // output that was not checked yet
	news   chan struct{}
	over   bool
}

func startShell(t *testing.T, sh lineShell, bin string, env map[string]string) *typist {
	t.Helper()
	if _, err := exec.LookPath(sh.program[0]); err != nil {
		t.Skipf("%s is not installed: install %s", sh.program[0], sh.install)
	}
	if _, err := os.Stat(sh.needs); sh.needs != "" && err != nil {
		t.Skipf("%s is missing: install %s", sh.needs, sh.install)
	}
	s := &typist{t: t, home: t.TempDir(), news: make(chan struct{}, 1)}
	for name, text := range sh.files {
		if committed, is := strings.CutPrefix(text, "<"); is {
			script, err := os.ReadFile(filepath.Join("..", "completions", committed))
			if err != nil {
				t.Fatal(err)
			}
			text = string(script)
		}
		s.write(name, text, 0o600)
	}
	// This program records the words that it gets from the shell, one per line.
	s.write("bin/note", "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$HOME/.noting\" && mv \"$HOME/.noting\" \"$HOME/noted\" && echo NOTED\n", 0o700)
	cmd := exec.CommandContext(t.Context(), sh.program[0], sh.program[1:]...)
	cmd.Dir = s.home
	cmd.Env = []string{"PATH=" + filepath.Join(s.home, "bin") + ":" + bin + ":" + os.Getenv("PATH"), "HOME=" + s.home, "TERM=xterm", "LANG=C.UTF-8"}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	s.terminal = terminal
	go s.watch()
	t.Cleanup(func() {
		terminal.Close()
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
	})
	s.see(prompt)
	return s
}

func (s *typist) write(name, text string, mode os.FileMode) {
	s.t.Helper()
	path := filepath.Join(s.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		s.t.Fatal(err)
	}
}

// watch reads the output, and responds to terminal queries.
func (s *typist) watch() {
	chunk := make([]byte, 4096)
	for {
		n, err := s.terminal.Read(chunk)
		if bytes.Contains(chunk[:n], []byte("\x1b[c")) || bytes.Contains(chunk[:n], []byte("\x1b[0c")) {
			_, _ = io.WriteString(s.terminal, "\x1b[?62c")
		}
		s.mu.Lock()
		s.screen.Write(chunk[:n])
		s.over = err != nil
		s.mu.Unlock()
		select {
		case s.news <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (s *typist) send(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.terminal, keys); err != nil {
		s.t.Fatal(err)
	}
}

// see waits until the terminal shows the texts in order, with any spacing, and discards
// the output before them.
func (s *typist) see(wants ...string) {
	s.t.Helper()
	requestTimeout := time.After(20 * time.Second)
	for {
		s.mu.Lock()
		shown, over := strings.Join(strings.Fields(ansi.Strip(s.screen.String())), " ")+" ", s.over
		rest, seen := shown, true
		for _, want := range wants {
			var found bool
			_, rest, found = strings.Cut(rest, want)
			seen = seen && found
		}
		if seen {
			s.screen.Reset()
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		if over {
			s.t.Fatalf("the shell has ended; want %q in\n%s", wants, shown)
		}
		select {
		case <-s.news:
		case <-requestTimeout:
			s.t.Fatalf("want %q in\n%s", wants, shown)
		}
	}
}

// completes types the beginning of a command and the key, and checks the words into which
// the shell splits the line.
func (s *typist) completes(typed string, want ...string) {
	s.t.Helper()
	s.send("stockctl " + typed + "\t")
	s.send("\x01note \r")
	s.see("NOTED", prompt)
	noted, err := os.ReadFile(filepath.Join(s.home, "noted"))
	if err != nil {
		s.t.Fatal(err)
	}
	if want := "stockctl\n" + strings.Join(want, "\n") + "\n"; string(noted) != want {
		s.t.Errorf("%s is completed to %q, want %q", typed, noted, want)
	}
}
