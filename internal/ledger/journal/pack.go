package journal

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/workdir"
)

// packedName is the journal of a finished run: the same lines, compressed.
const packedName = "journal.gz"

// pack compresses the journal of a finished run, which is read-only from then on. If
// the process dies meanwhile, the journal stays unchanged.
func pack(dir string) (err error) {
	lines := filepath.Join(dir, linesName)
	in, err := os.Open(lines)
	if err != nil {
		return err
	}
	out, err := os.CreateTemp(dir, "."+packedName)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	z, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err == nil {
		_, err = io.Copy(z, bufio.NewReaderSize(in, workdir.MaxLine))
		err = errors.Join(err, z.Close())
	}
	err = errors.Join(err, out.Sync(), out.Close(), in.Close())
	if err == nil {
		err = os.Rename(out.Name(), filepath.Join(dir, packedName))
	}
	if err != nil {
		return errors.Join(err, os.Remove(out.Name()))
	}
	return os.Remove(lines)
}

// openLines opens a journal for reading, packed or not.
func openLines(dir string) (io.ReadCloser, error) {
	file, err := os.Open(filepath.Join(dir, linesName))
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	packed, failed := os.Open(filepath.Join(dir, packedName))
	if failed != nil {
		return nil, err
	}
	z, err := gzip.NewReader(packed)
	if err != nil {
		return nil, errors.Join(err, packed.Close())
	}
	return &unpacked{z, packed}, nil
}

// unpacked also closes the underlying file.
type unpacked struct {
	*gzip.Reader
	file *os.File
}

func (u *unpacked) Close() error { return errors.Join(u.Reader.Close(), u.file.Close()) }
