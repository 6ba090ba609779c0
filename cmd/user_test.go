package cmd_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// endless limits the time for a command in a test, so that a hanging one does not block the
// results of other tests.
const endless = 45 * time.Second

// user runs commands in this process, with a separate home and without a terminal. All
// output and files are searched for the user's secrets.
type user struct {
	home    string
	env     map[string]string
	secrets []string
	keyring config.Keyring // nil means none
	stdin   string
	in      io.Reader        // replaces stdin; nil means none
	now     func() time.Time // nil means time.Now
}

// customer returns a user of the API at a base URL.
func customer(t *testing.T, baseURL, key, token string) *user {
	t.Helper()
	home := t.TempDir()
	return &user{
		home: home,
		env: map[string]string{
			"STOCKCTL_BASE_URL": baseURL, "STOCKCTL_MERCHANT_API_KEY": key, "STOCKCTL_TOKEN": token, "STOCKCTL_TIMEOUT": requestTimeout.String(),
			"XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "STOCKCTL_STATE_DIR": filepath.Join(home, "state"),
		},
		secrets: []string{key, token},
	}
}

// signsIn gives the user an email and a password for signing in.
func (u *user) signsIn(email, password string) {
	u.env["STOCKCTL_EMAIL"], u.env["STOCKCTL_PASSWORD"] = email, password
	u.secrets = append(u.secrets, password)
}

func (u *user) run(t *testing.T, ctx context.Context, args ...string) (code int, out, errOut string) {
	t.Helper()
	streams, stdin, stdout, stderr := iostreams.Test()
	stdin.WriteString(u.stdin)
	if u.in != nil {
		streams.In = u.in
	}
	streams.Err = &shared{w: stderr} // like a file, it accepts concurrent writes
	a := app.New(streams, app.Build{})
	if a.Keyring = u.keyring; u.keyring == nil {
		a.Keyring = noKeyring{}
	}
	if u.now != nil {
		a.Now = u.now
	}
	a.LookupEnv = func(name string) (string, bool) {
		value, set := u.env[name]
		return value, set
	}
	ended := make(chan int, 1)
	go func() { ended <- cmd.Run(ctx, a, args) }()
	select {
	case code = <-ended:
	case <-time.After(endless):
		var where strings.Builder
		_ = pprof.Lookup("goroutine").WriteTo(&where, 1)
		t.Errorf("%v does not end:\n%s", args, where.String())
		return -1, "", ""
	}
	out, errOut = stdout.String(), stderr.String()
	u.leaks(t, "stdout", out)
	u.leaks(t, "stderr", errOut)
	if err := published.check(args, u.env["STOCKCTL_OUTPUT"], code, out, errOut); err != nil {
		t.Error(err)
	}
	err := filepath.WalkDir(u.home, func(path string, entry fs.DirEntry, err error) error {
		var text []byte
		if err == nil && !entry.IsDir() {
			text, err = os.ReadFile(path)
			u.leaks(t, path, string(text))
		}
		// Another command of this user may have removed it since it was listed, as
		// SQLite does with its journals.
		if errors.Is(err, fs.ErrNotExist) && path != u.home {
			return nil
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return code, out, errOut
}

// shared is a writer for concurrent use.
type shared struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *shared) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(b)
}

func (u *user) leaks(t *testing.T, where, text string) {
	t.Helper()
	for _, secret := range u.secrets {
		if strings.Contains(text, secret) {
			t.Errorf("%s contains a secret: %.200q", where, text)
		}
	}
}

// file writes a file to the user's home and returns its path.
func (u *user) file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(u.home, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
