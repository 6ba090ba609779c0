package bulk

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

// blockSize is how much of a file is compared at once while it is sent.
const blockSize = 1 << 20

// spoolName is the copy of an input that cannot be read twice.
const spoolName = "spool"

var errChanged = failure.Usagef("the file changed after it was checked: nothing was sent")

// errChangedLate is errChanged when rows were on their way.
var errChangedLate = failure.New(failure.Partial, "the file changed while it was being imported: the rows after the change were not sent")

// source is an input file, held open so that it can be read several times. The
// first reading notes a hash of every block; each later one must find the same.
type source struct {
	name    string // for messages
	path    string // of the bytes that are read
	file    *os.File
	size    int64
	mod     time.Time
	verdict intake.Verdict
	options intake.Options

	seed   maphash.Seed
	blocks []uint64
	digest string
}

// openSource opens the file at a path, which the user named shown. Standard
// input, pipes and compressed files are copied into dir, which is made for it.
func openSource(path, shown string, in io.Reader, dir string, o intake.Options) (*source, error) {
	s := &source{name: shown, options: o, seed: maphash.MakeSeed()}
	if shown == "-" {
		s.name = "standard input"
	}
	if path == "-" {
		return s, s.spool(in, dir)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, failure.Usagef("%w", err)
	}
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		if err == nil {
			err = fmt.Errorf("%s is a folder, not a file", path)
		}
		return nil, errors.Join(failure.Usagef("%w", err), file.Close())
	}
	head := make([]byte, 2)
	n, err := file.ReadAt(head, 0)
	zipped := err == nil && n == 2 && bytes.Equal(head, []byte{0x1f, 0x8b})
	if !info.Mode().IsRegular() || zipped {
		err := s.spool(file, dir)
		return s, errors.Join(err, file.Close())
	}
	s.path, s.file = path, file
	return s, s.look()
}

// spool copies an input, unpacked, to a file that only its owner can read.
func (s *source) spool(in io.Reader, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(dir, spoolName), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	s.path, s.file = file.Name(), file
	buffered := newPeeker(in)
	if buffered.zipped() {
		if in, err = gzip.NewReader(buffered); err != nil {
			return failure.Usagef("%s is marked as gzip but cannot be unpacked: %w", s.name, err)
		}
	} else {
		in = buffered
	}
	if _, err := io.Copy(file, in); err != nil {
		return failure.Usagef("reading %s: %w", s.name, err)
	}
	return s.look()
}

// plainName is the name without the ending of compression.
func (s *source) plainName() string { return strings.TrimSuffix(s.name, ".gz") }

// look notes size and time, and finds out what the table is.
func (s *source) look() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	s.size, s.mod = info.Size(), info.ModTime()
	sample := make([]byte, 64<<10)
	n, err := s.file.ReadAt(sample, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return failure.Usagef("reading %s: %w", s.name, err)
	}
	s.verdict, err = intake.Sniff(s.plainName(), sample[:n], s.options)
	return err
}

// read returns a reader from the beginning of the table.
func (s *source) read() (*intake.Reader, error) {
	first := s.digest == ""
	if first {
		s.blocks = nil
	}
	b := &blockReader{source: s, first: first, sum: sha256.New(), block: make([]byte, blockSize)}
	return intake.NewReader(s.name, b, s.verdict, s.options)
}

// seal notes the digest at the end of the first reading.
func (s *source) seal(sum []byte) { s.digest = hex.EncodeToString(sum) }

// unchanged compares size and time with those of the opening.
func (s *source) unchanged() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() != s.size || !info.ModTime().Equal(s.mod) {
		return errChanged
	}
	return nil
}

func (s *source) close() error {
	if s == nil || s.file == nil {
		return nil
	}
	return s.file.Close()
}
