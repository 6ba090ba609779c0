package workdir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Head reads the head of a piece of work, without locking it.
func (s Store[H]) Head(id string) (H, error) {
	var none H
	path := s.headPath(id)
	if path == "" {
		return none, s.Kind.Missing(id)
	}
	head, err := s.read(path, id)
	switch {
	case errors.Is(err, fs.ErrNotExist): // it was just removed
		return none, s.Kind.Missing(id)
	case err != nil:
		return none, failure.WithHint(fmt.Errorf("%s %s: %w", s.Kind.Name, id, err), "%s", strings.ReplaceAll(s.Kind.Damaged, "%s", id))
	}
	return head, nil
}

// headPath returns the path of the head of a piece of work, or "" if it has none.
func (s Store[H]) headPath(id string) string {
	if !s.Kind.IsID(id) {
		return ""
	}
	for _, name := range []string{headName, s.Kind.Older} {
		path := filepath.Join(s.Dir, id, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

func (s Store[H]) read(path, id string) (head H, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return head, err
	}
	if filepath.Base(path) == headName {
		line, whole := Unseal(bytes.TrimSuffix(text, []byte{'\n'}))
		if !whole {
			return head, fmt.Errorf("%s is damaged: its checksum does not match", path)
		}
		text = []byte(line)
	}
	if err = json.Unmarshal(text, &head); err == nil {
		err = s.check(id, &head)
	}
	if err != nil {
		return head, fmt.Errorf("%s is damaged: %w", path, err)
	}
	return head, nil
}

// check compares a head with the name of its folder, and runs the check of its kind.
func (s Store[H]) check(id string, head *H) error {
	if named, _ := (*head).Identity(); named != id {
		return fmt.Errorf("it is the head of %q", named)
	}
	if s.Kind.Check == nil {
		return nil
	}
	return s.Kind.Check(head)
}
