package rejects

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
)

// indexName is the file in a run's folder that holds the index.
const indexName = "rejects.index"

// Index remembers which row each piece of a file is. It grows by a line for each row:
// the number of the row, where its piece ends, and the checksum of the file up to
// there. Row 0 is what comes before the first. A nil Index remembers nothing.
type Index struct {
	file *os.File
	end  int64
	sum  uint32
}

// New begins the index of a new file in a run's folder.
func New(dir string) (*Index, error) {
	file, err := os.OpenFile(filepath.Join(dir, indexName), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &Index{file: file}, nil
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// Add notes that the file has grown by a row.
func (x *Index) Add(row int64, grown *os.File) error {
	if x == nil {
		return nil
	}
	info, err := grown.Stat()
	if err != nil {
		return err
	}
	piece := make([]byte, info.Size()-x.end)
	if _, err := grown.ReadAt(piece, x.end); err != nil {
		return err
	}
	return x.note(row, piece)
}

func (x *Index) note(row int64, piece []byte) error {
	x.end += int64(len(piece))
	x.sum = crc32.Update(x.sum, castagnoli(), piece)
	_, err := fmt.Fprintf(x.file, "%d %d %08x\n", row, x.end, x.sum)
	return err
}

// Close ends the index.
func (x *Index) Close() error {
	if x == nil {
		return nil
	}
	return x.file.Close()
}

// Continued is a file of rows that an earlier session began.
type Continued struct {
	File  *os.File
	Index *Index
	Rows  int64 // that the file holds
}

// Continue opens the file of an earlier session with those of its rows that are done.
// Any other row will be written again: the session was killed before the journal had
// its outcome. Nil and no error: the file is gone, or was changed since.
func Continue(dir, name string, done func(row int64) bool) (*Continued, error) {
	pieces, whole, err := readIndex(filepath.Join(dir, indexName), name)
	if err != nil || !whole {
		return nil, err
	}
	old, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	c, err := rewrite(old, dir, pieces, done)
	if err = errors.Join(err, old.Close()); err != nil {
		return nil, fmt.Errorf("continuing %s: %w", name, err)
	}
	return c, nil
}
