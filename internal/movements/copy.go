package movements

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The limits for copies.
const (
	maxKept   = 1_000_000 // entries in one copy; a longer log is read from the API each time
	maxCopies = 8         // stores; the least recently used copy is removed first
)

const (
	magic     = "stockctl movements 1\n"
	extension = ".movements"
	tailSize  = 8
)

// about is the metadata of a copy, stored after its entries.
type about struct {
	Server string `json:"server"`
	Tenant string `json:"tenant"`
	Count  int    `json:"count"`
	// Gone is how many of them the API no longer returns.
	Gone int `json:"gone"`
	// Complete means that the API returned as many entries as its total at the last
	// reading.
	Complete bool `json:"whole"`
	// Sorted means that the log was sorted from the newest to the oldest entry.
	Sorted bool `json:"sorted"`
	// From is the time since when nothing is missing.
	From time.Time `json:"from"`
}

// name returns the file name for a store.
func (o Options) name(tenant string) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d:%s,%s", len(o.Server), o.Server, tenant)))
	return filepath.Join(o.Dir, hex.EncodeToString(sum[:12])+extension)
}

// storedLog is the copy of an earlier reading.
type storedLog struct {
	about
	file *os.File
	body int64
}

// openCopy returns the copy of a store. It returns nil if the copy is missing,
// damaged or of another store, which only costs time.
func (o Options) openCopy(tenant string) *storedLog {
	if o.Dir == "" {
		return nil
	}
	file, err := os.Open(o.name(tenant))
	if err != nil {
		return nil
	}
	k := &storedLog{file: file}
	if err := k.check(); err != nil || k.Server != o.Server || k.Tenant != tenant {
		_ = file.Close() // read-only
		return nil
	}
	return k
}

// check verifies the checksum of the whole file.
func (k *storedLog) check() error {
	info, err := k.file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() < int64(len(magic)+tailSize) {
		return errDamaged
	}
	tail := make([]byte, tailSize)
	if _, err := k.file.ReadAt(tail, info.Size()-tailSize); err != nil {
		return err
	}
	end := info.Size() - tailSize
	sum := crc32.NewIEEE()
	if _, err := io.Copy(sum, io.NewSectionReader(k.file, 0, end)); err != nil {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(tail))
	k.body = end - length - int64(len(magic))
	if sum.Sum32() != binary.LittleEndian.Uint32(tail[4:]) || k.body < 0 {
		return errDamaged
	}
	head, footer := make([]byte, len(magic)), make([]byte, length)
	if _, err := k.file.ReadAt(head, 0); err != nil || string(head) != magic {
		return errDamaged
	}
	if _, err := k.file.ReadAt(footer, end-length); err != nil {
		return err
	}
	return json.Unmarshal(footer, &k.about)
}

// each visits the entries in the order of the file.
func (k *storedLog) each(visit func(m Movement, known bool)) error {
	d := newDecoder(io.NewSectionReader(k.file, int64(len(magic)), k.body))
	for {
		m, known, err := d.next()
		switch {
		case errors.Is(err, io.EOF) && !errors.Is(err, errDamaged):
			return nil
		case err != nil:
			return fmt.Errorf("reading the copy of the movement log: %w", err)
		}
		visit(m, known)
	}
}

// spool is a copy that is being written, under a temporary name.
type spool struct {
	*encoder
	file *os.File
	dir  string // where the copy will be stored; blank: nowhere
}

// newSpool creates a file in the folder for copies if there is one, and otherwise in
// the system's folder for temporary files.
func (o Options) newSpool() (*spool, error) {
	s := &spool{dir: o.Dir}
	if o.Dir == "" || os.MkdirAll(o.Dir, 0o700) != nil {
		s.dir = ""
	}
	file, err := os.CreateTemp(s.dir, ".reading-*"+extension) // 0600
	if err != nil && s.dir != "" {                            // the folder is not writable
		s.dir = ""
		file, err = os.CreateTemp("", "stockctl-log-*"+extension)
	}
	if err != nil {
		return nil, fmt.Errorf("storing the movement log: %w", err)
	}
	s.file, s.encoder = file, newEncoder(file)
	_, err = s.out.WriteString(magic)
	return s, err
}

// close finishes writing and returns the copy for reading.
func (s *spool) close(a about) (*storedLog, error) {
	fail := func(err error) (*storedLog, error) {
		return nil, fmt.Errorf("storing the movement log: %w", err)
	}
	if err := s.out.Flush(); err != nil {
		return fail(err)
	}
	footer, err := json.Marshal(a)
	if err != nil {
		return fail(err)
	}
	if _, err := s.file.Write(footer); err != nil {
		return fail(err)
	}
	end, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fail(err)
	}
	sum := crc32.NewIEEE()
	if _, err := io.Copy(sum, io.NewSectionReader(s.file, 0, end)); err != nil {
		return fail(err)
	}
	tail := binary.LittleEndian.AppendUint32(nil, uint32(len(footer)))
	if _, err := s.file.Write(binary.LittleEndian.AppendUint32(tail, sum.Sum32())); err != nil {
		return fail(err)
	}
	return &storedLog{about: a, file: s.file, body: end - int64(len(footer)) - int64(len(magic))}, nil
}

// keep renames the file to the name of its store. If that fails, or the log is too
// long, the file is used once and then removed.
func (o Options) keep(k *storedLog) {
	if o.Dir == "" || k.Count > maxKept || filepath.Dir(k.file.Name()) != filepath.Clean(o.Dir) {
		return
	}
	if os.Rename(k.file.Name(), o.name(k.Tenant)) == nil {
		o.prune()
	}
}

// staleAfter is the age at which the temporary file of a reading is certainly
// abandoned.
const staleAfter = 24 * time.Hour

// prune removes the least recently used copies and temporary files of readings that
// were killed.
func (o Options) prune() {
	names, err := filepath.Glob(filepath.Join(o.Dir, "*"+extension))
	if err != nil {
		return
	}
	age := map[string]time.Time{}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			age[name] = info.ModTime()
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		reading := strings.HasPrefix(filepath.Base(name), ".")
		if reading && time.Since(age[name]) > staleAfter {
			_ = os.Remove(name) // another process may have removed it
		}
		return reading
	})
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(age[b].Compare(age[a]), strings.Compare(a, b))
	})
	for _, name := range names[min(len(names), maxCopies):] {
		_ = os.Remove(name) // another process may have removed it
	}
}

// touch records that the copy was used.
func (k *storedLog) touch(now time.Time) { _ = os.Chtimes(k.file.Name(), now, now) } // an error only affects the order of removal

// drop closes the file, and removes it unless it was renamed.
func (k *storedLog) drop() error {
	err := k.file.Close()
	if strings.HasPrefix(filepath.Base(k.file.Name()), ".reading-") {
		_ = os.Remove(k.file.Name()) // does not exist under this name if it was renamed
	}
	return err
}
