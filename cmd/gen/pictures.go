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

// picture describes a terminal session: the files in the folder, what is typed, and
// when.
type picture struct {
	file  string
	title string
	text  string            // a description for people who cannot see it
	files map[string]string // in the shell's working directory, by name
	sales bool              // the sandbox has a history of sales and deliveries
	keys  []step
	until string // what to wait for at the end instead of the shell's prompt
}

// step waits until a line of the screen begins with at, then types keys.
type step struct{ at, keys string }

// pictureTime limits the time for one picture, which normally takes a second.
const pictureTime = time.Minute

// pictures builds stockctl from the project's root, plays every session with it and
// returns the drawn pictures.
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

// draw plays a session in a new home below dir, with the program in dir/bin.
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
	state := filepath.Join(home, ".state")
	env := []string{
		"PATH=" + filepath.Join(dir, "bin") + string(filepath.ListSeparator) + os.Getenv("PATH"),
		"HOME=" + home, "STOCKCTL_STATE_DIR=" + state, "TERM=xterm-256color", "TZ=UTC", "PS1=" + shellPrompt + " ",
		"BASH_SILENCE_DEPRECATION_WARNING=1", // macOS would recommend zsh
		"HTTPS_PROXY=http://127.0.0.1:1",     // nothing listens there, so no picture can reach a real API
	}
	now := time.Now()
	if p.sales {
		if err := sell(ctx, state, now); err != nil {
			return nil, err
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
	return svg(p.title, p.text, steady(rows, now)), nil
}
