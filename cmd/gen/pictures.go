package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// picture is a terminal as a user sees it: what stands in the folder, what is
// typed, and when.
type picture struct {
	file  string
	title string
	text  string            // what it shows, for who does not see it
	files map[string]string // in the folder where the shell runs, by name
	unlit []string          // commands that are run before, unseen
	keys  []step
	until string // the last thing to wait for, if it is not the shell's prompt
}

// step waits until a line of the screen begins with a text, then types.
type step struct{ at, keys string }

// pictureTime bounds one picture: it is a second's work.
const pictureTime = time.Minute

// pictures builds the program that stands in the project's root, plays every
// picture with it and returns them drawn.
func pictures(ctx context.Context, root string) (drawn files, err error) {
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return nil, err
	}
	defer func() {
		if failed := os.RemoveAll(dir); err == nil {
			err = failed
		}
	}()
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", filepath.Join(dir, "bin", "stockctl"), ".")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building stockctl: %w\n%s", err, out)
	}
	drawn = files{}
	for _, p := range album() {
		svg, err := p.draw(ctx, dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.file, err)
		}
		drawn[p.file] = svg
	}
	page := pagePicture()
	drawn[page.file], err = page.drawPage()
	return drawn, err
}

// draw plays a picture in a new home below dir, with the program that stands in
// its bin.
func (p *picture) draw(ctx context.Context, dir string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	home, err := os.MkdirTemp(dir, "home")
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		if err := os.WriteFile(filepath.Join(home, name), []byte(p.files[name]), 0o600); err != nil {
			return nil, err
		}
	}
	env := []string{
		"PATH=" + filepath.Join(dir, "bin") + string(filepath.ListSeparator) + os.Getenv("PATH"),
		"HOME=" + home, "TERM=xterm-256color", "TZ=UTC", "PS1=" + shellPrompt + " ",
		"BASH_SILENCE_DEPRECATION_WARNING=1", // macOS praises its other shell
		"HTTPS_PROXY=http://127.0.0.1:1",     // where nothing listens: no picture reaches a real API
	}
	for _, command := range p.unlit {
		cmd := exec.CommandContext(ctx, "sh", "-c", command)
		cmd.Dir, cmd.Env = home, env
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", command, err, out)
		}
	}
	until := p.until
	if until == "" {
		until = shellPrompt
	}
	rows, err := play(ctx, home, env, append(p.keys, step{at: until}))
	if err != nil {
		return nil, err
	}
	return svg(p.title, p.text, steady(rows)), nil
}
