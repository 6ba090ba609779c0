package suggest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/bayworks/stockctl/internal/app"
)

const (
	lifetime = 10 * time.Minute
	maxCache = 1 << 20 // bytes of a file that are read
)

// cache is what was offered for one kind of thing of one account. Whatever goes
// wrong with it is passed over: it only saves time.
type cache struct {
	file string // blank: keep nothing
	now  func() time.Time
	last bool // lines of any age are good: the API cannot be asked for newer ones
}

// kept is the file.
type kept struct {
	At    time.Time `json:"at"`
	Lines []string  `json:"lines"`
}

// open returns the cache. The sandbox needs none: it is as near as the file.
func open(a *app.App, kind string) cache {
	c, err := a.Config()
	if err != nil || c.IsSandbox() {
		return cache{}
	}
	dir, err := c.CacheDir()
	if err != nil {
		return cache{}
	}
	name := sha256.Sum256([]byte(c.Account() + " " + kind))
	return cache{filepath.Join(dir, "complete-"+hex.EncodeToString(name[:12])+".json"), a.Now, c.InKeyring()}
}

// load returns the lines when they are fresh enough to be offered.
func (c cache) load() ([]string, bool) {
	if c.file == "" {
		return nil, false
	}
	in, err := os.Open(c.file)
	if err != nil {
		return nil, false
	}
	defer func() { _ = in.Close() }() // only read
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	text, err := io.ReadAll(io.LimitReader(in, maxCache))
	var k kept
	if err != nil || json.Unmarshal(text, &k) != nil {
		return nil, false
	}
	age := c.now().Sub(k.At)
	return k.Lines, c.last || age >= 0 && age < lifetime
}

// save writes the lines in one step: two shells may complete at once.
func (c cache) save(lines []string) {
	if c.file == "" || os.MkdirAll(filepath.Dir(c.file), 0o700) != nil {
		return
	}
	text, err := json.Marshal(kept{c.now(), lines})
	if err != nil || len(text) > maxCache {
		return
	}
	out, err := os.CreateTemp(filepath.Dir(c.file), ".complete-*") // 0600
	if err != nil {
		return
	}
	_, err = out.Write(text)
	if closed := out.Close(); err != nil || closed != nil || os.Rename(out.Name(), c.file) != nil {
		_ = os.Remove(out.Name())
	}
}
