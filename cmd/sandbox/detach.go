package sandbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
)

// detached is a server in the background, as it is stored for `sandbox stop`.
type detached struct {
	URL string `json:"url"`
	Key string `json:"key"` // needed to stop it
	Log string `json:"log"` // its stderr

	file string
}

// serversDir returns the folder with the servers in the background.
func serversDir(a *app.App) (string, error) {
	c, err := a.Config()
	if err != nil {
		return "", err
	}
	dir, err := c.StateDir()
	return filepath.Join(dir, "servers"), err
}

// remove removes what is stored about the server.
func (d detached) remove() error {
	err := errors.Join(os.Remove(d.file), os.Remove(d.Log))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// detach starts the server as a process of its own, and returns when it accepts requests.
func (o *serveOptions) detach(ctx context.Context) (answer served, d detached, err error) {
	dir, err := serversDir(o.app)
	if err == nil {
		err = durable.MakeFolder(dir)
	}
	if err != nil {
		return answer, d, err
	}
	log, err := os.CreateTemp(dir, "server-*.log")
	if err != nil {
		return answer, d, failure.New(failure.Config, "starting the server: %w", err)
	}
	defer func() {
		err = errors.Join(err, log.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(log.Name()))
		}
	}()
	self, err := os.Executable()
	if err != nil {
		return answer, d, err
	}
	key := rand.Text()
	server := exec.CommandContext(ctx, self, o.again...) // no longer ends with ctx once it is released
	server.Args[0] = os.Args[0]
	server.Stdin, server.Stderr, server.SysProcAttr = strings.NewReader(key+"\n"), log, background()
	out, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		return answer, d, err
	}
	if err := json.NewDecoder(out).Decode(&answer); err != nil { // it ended before it was ready
		return answer, d, notStarted(context.Cause(ctx), server.Wait(), log.Name())
	}
	name := strings.NewReplacer(":", "-", "[", "", "]", "").Replace(strings.TrimPrefix(answer.URL, "http://"))
	d = detached{URL: answer.URL, Key: key, Log: log.Name(), file: filepath.Join(dir, name+".json")}
	text, err := json.Marshal(d)
	if err == nil {
		err = durable.Replace(d.file, text, 0o600)
	}
	if err != nil {
		return answer, d, errors.Join(err, server.Process.Kill())
	}
	return answer, d, server.Process.Release()
}

// notStarted returns why the server ended, from its log.
func notStarted(stopped, ended error, log string) error {
	if stopped != nil {
		return stopped
	}
	text, err := os.ReadFile(log)
	if err != nil {
		return errors.Join(ended, err)
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	var said struct {
		Error struct {
			Kind          failure.Kind
			Message, Hint string
		}
	}
	if json.Unmarshal(lines[len(lines)-1], &said) != nil || said.Error.Message == "" {
		return fmt.Errorf("the server did not start: %w: %s", ended, failure.Clip(string(text), 2000))
	}
	return failure.New(said.Error.Kind, "%s", said.Error.Message).Hint("%s", said.Error.Hint)
}

// repeated returns the command line of the server in the background: all flags that were
// given, except those for the output.
func repeated(flags *pflag.FlagSet) []string {
	args := []string{"sandbox", "serve", "--background", "--output", "json"}
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains([]string{"detach", "env", "output", "jq", "columns", "no-header", "quiet", "color"}, f.Name) {
			args = append(args, "--"+f.Name+"="+f.Value.String())
		}
	})
	return args
}

// readKey reads the key that is needed to stop a server in the background.
func readKey(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, 1<<10))
	if err == nil && len(bytes.TrimSpace(text)) == 0 {
		err = failure.Usagef("--background is for `sandbox serve --detach`")
	}
	return string(bytes.TrimSpace(text)), err
}

// variables returns the lines that set up a client of the server in the environment.
func (s served) variables() (string, error) {
	var b strings.Builder
	for _, v := range [][2]string{{"BASE_URL", s.URL}, {"MERCHANT_API_KEY", s.Key}, {"EMAIL", s.Email}, {"PASSWORD", s.Password}} {
		if strings.ContainsAny(v[1], " \t\r\n'\"\\$`#&;|<>()*?[]~!") {
			return "", failure.Usagef("--env: the account's %s has a character that a shell may change", strings.ToLower(v[0])).
				Hint("use another account, or -o json")
		}
		fmt.Fprintf(&b, "STOCKCTL_%s=%s\n", v[0], v[1])
	}
	return b.String(), nil
}
