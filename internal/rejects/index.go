package rejects

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
)

// indexName is the name of the index in a run's folder.
const indexName = "rejects.index"

// Index records which row each piece of a file is. Each row adds a line: the number of
// the row, the end of its piece, and the checksum of the file up to there. Row 0 is
// everything before the first row. A nil Index records nothing.
type Index struct {
	file *os.File
	end  int64
	sum  uint32
}

// New creates the index of a new file in a run's folder.
func New(dir string) (*Index, error) {
	file, err := os.OpenFile(filepath.Join(dir, indexName), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &Index{file: file}, nil
}

// Add records that the file has grown by a row.
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
	x.sum = crc32.Update(x.sum, crc32.MakeTable(crc32.Castagnoli), piece)
	_, err := fmt.Fprintf(x.file, "%d %d %08x\n", row, x.end, x.sum)
	return err
}

// Close closes the index.
func (x *Index) Close() error {
	if x == nil {
		return nil
	}
	return x.file.Close()
}

// Continued is a rejects file that an earlier session began.
type Continued struct {
	File  *os.File
	Index *Index
	Rows  int64 // number of rows in the file
}

// Continue opens the file of an earlier session, reduced to the rows that are done. The
// other rows will be written again, because the session was killed before the journal
// had their outcome. It returns nil without an error if the file is gone or has been
// changed.
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
