package iostreams

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Pager is a writer that shows what is longer than the screen in a program such as
// less, and everything else as it is. It must be closed.
type Pager struct {
	Command string // as the user set it; the shell reads it
	Height  int    // lines of the screen
	Out     io.Writer
	Err     io.Writer
	// Env is the environment of the program; nil means that of this process.
	Env []string

	held  bytes.Buffer // less than a screen so far
	lines int
	run   *exec.Cmd
	in    io.WriteCloser
}

// PagerOff reports whether a pager's command means that there is none.
func PagerOff(command string) bool {
	command = strings.TrimSpace(command)
	return command == "" || command == "cat"
}

// Write holds the first screen back, and then passes everything to the program.
func (p *Pager) Write(text []byte) (int, error) {
	if p.in != nil {
		return p.pass(text)
	}
	p.held.Write(text)
	if p.lines += bytes.Count(text, []byte("\n")); p.lines < p.Height {
		return len(text), nil
	}
	if err := p.start(); err != nil { // show it without the program
		p.lines = -1 << 31
		_, err := p.held.WriteTo(p.Out)
		return len(text), err
	}
	_, err := p.pass(p.held.Bytes())
	p.held.Reset()
	return len(text), err
}

// pass writes to the program. The user may quit it before it has read everything.
func (p *Pager) pass(text []byte) (int, error) {
	if _, err := p.in.Write(text); err != nil && !quit(err) {
		return 0, err
	}
	return len(text), nil
}

func (p *Pager) start() error {
	run := program(p.Command)
	run.Stdout, run.Stderr, run.Env = p.Out, p.Err, p.environment()
	in, err := run.StdinPipe()
	if err == nil {
		err = run.Start()
	}
	if err == nil {
		p.run, p.in = run, in
	}
	return err
}

// environment has less leave colours and short texts as they are, unless the user
// configured it.
func (p *Pager) environment() []string {
	env := p.Env
	if env == nil {
		env = os.Environ()
	}
	for _, setting := range []string{"LESS=FRX", "LV=-c"} {
		name, _, _ := strings.Cut(setting, "=")
		set := false
		for _, one := range env {
			set = set || strings.HasPrefix(one, name+"=")
		}
		if !set {
			env = append(env, setting)
		}
	}
	return env
}

// Close shows what was held back, or waits until the user quits the program.
func (p *Pager) Close() error {
	if p.run == nil {
		_, err := p.held.WriteTo(p.Out)
		return err
	}
	err := p.in.Close()
	if quit(err) {
		err = nil
	}
	var left *exec.ExitError
	if ended := p.run.Wait(); !errors.As(ended, &left) && !quit(ended) { // how the user ended it is no failure
		err = errors.Join(err, ended)
	}
	p.run = nil
	return err
}
