package importer

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/ledger"
)

// indexName is the file in a run's folder that knows the lines of the rejects file.
const indexName = "rejects.index"

// rowIndex remembers which row each piece of a file of rows is, so that a session
// that goes on with the file neither repeats a row nor loses one. It grows by a
// line for each row: the number of the row, where its piece ends, and the checksum
// of the file up to there. Row 0 is what comes before the first.
type rowIndex struct {
	file *os.File
	end  int64
	sum  uint32
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// add notes that the file has grown by a row.
func (x *rowIndex) add(row int64, grown *os.File) error {
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

func (x *rowIndex) note(row int64, piece []byte) error {
	x.end += int64(len(piece))
	x.sum = crc32.Update(x.sum, castagnoli(), piece)
	_, err := fmt.Fprintf(x.file, "%d %d %08x\n", row, x.end, x.sum)
	return err
}

func (x *rowIndex) close() error {
	if x == nil {
		return nil
	}
	return x.file.Close()
}

// openRefused opens the one file of refused rows of a run: the one that an earlier
// session has written, if nobody has changed it since.
func openRefused(p *Plan, dir string, resumed bool) (*rowFile, error) {
	if resumed {
		r, err := continueRefused(p, dir)
		if r != nil || err != nil {
			return r, err
		}
	}
	r, err := openRows(p, "rejects", p.options.Rejects, dir)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, indexName), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	r.index = &rowIndex{file: file}
	return r, nil
}

// continueRefused opens the file of an earlier session, with the rows that came to
// their end in it. Of any other row a session was killed before the journal had its
// end: it will be written again. No file, and no error: there is none to go on with.
func continueRefused(p *Plan, dir string) (*rowFile, error) {
	names := p.run.Head().Rejects
	if len(names) == 0 {
		return nil, nil
	}
	name := names[len(names)-1]
	pieces, whole, err := readIndex(filepath.Join(dir, indexName), name)
	if err != nil || !whole {
		return nil, err
	}
	old, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	file, index, count, err := rewriteRefused(p, old, dir, pieces)
	if err = errors.Join(err, old.Close()); err != nil {
		return nil, fmt.Errorf("going on with %s: %w", name, err)
	}
	r := newRowFile(p, file)
	r.index, r.count = index, count
	r.out.Resume()
	return r, nil
}

// piece is one row of a file of rows: it ends where the next begins.
type piece struct{ row, end int64 }

// readIndex reads the pieces of a file, and whether the file is the one that they
// were noted of.
func readIndex(path, name string) (pieces []piece, whole bool, err error) {
	index, err := os.Open(path)
	if err != nil {
		return nil, false, ignoreMissing(err)
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	file, err := os.Open(name)
	if err != nil {
		return nil, false, ignoreMissing(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	in, end, sum := bufio.NewReader(file), int64(0), uint32(0)
	hash := crc32.New(castagnoli())
	lines := bufio.NewScanner(index)
	for lines.Scan() {
		var one piece
		if _, err := fmt.Sscanf(lines.Text(), "%d %d %08x", &one.row, &one.end, &sum); err != nil || len(lines.Text()) < 12 {
			break // the last line of a session that was killed
		}
		if _, err := io.CopyN(hash, in, one.end-end); err != nil || hash.Sum32() != sum {
			return nil, false, nil
		}
		end = one.end
		pieces = append(pieces, one)
	}
	return pieces, len(pieces) > 0, lines.Err()
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// rewriteRefused replaces a file by one with the rows that came to their end.
func rewriteRefused(p *Plan, old *os.File, dir string, pieces []piece) (_ *os.File, _ *rowIndex, count int64, err error) {
	lines, err := os.CreateTemp(dir, indexName+"-*")
	if err != nil {
		return nil, nil, 0, err
	}
	file, err := os.CreateTemp(filepath.Dir(old.Name()), "."+filepath.Base(old.Name())+"-*")
	if err != nil {
		return nil, nil, 0, errors.Join(err, lines.Close(), os.Remove(lines.Name()))
	}
	index := &rowIndex{file: lines}
	copied := func() error {
		if info, err := old.Stat(); err == nil {
			if err := file.Chmod(info.Mode().Perm()); err != nil {
				return err
			}
		}
		at := int64(0)
		for _, one := range pieces {
			text := make([]byte, one.end-at)
			if _, err := old.ReadAt(text, at); err != nil {
				return err
			}
			at = one.end
			if one.row != 0 && !p.run.Done(&ledger.Write{N: one.row}) {
				continue
			}
			if _, err := file.Write(text); err != nil {
				return err
			}
			if one.row != 0 {
				count++
			}
			if err := index.note(one.row, text); err != nil {
				return err
			}
		}
		return errors.Join(file.Sync(), os.Rename(file.Name(), old.Name()), os.Rename(lines.Name(), filepath.Join(dir, indexName)))
	}()
	if copied != nil {
		return nil, nil, 0, errors.Join(copied, file.Close(), lines.Close(), os.Remove(file.Name()), os.Remove(lines.Name()))
	}
	// A file keeps the name that it was opened with: it is opened by its own.
	if err := errors.Join(file.Close(), lines.Close()); err != nil {
		return nil, nil, 0, err
	}
	if file, err = os.OpenFile(old.Name(), os.O_RDWR|os.O_APPEND, 0); err == nil {
		index.file, err = os.OpenFile(filepath.Join(dir, indexName), os.O_WRONLY|os.O_APPEND, 0)
	}
	return file, index, count, err
}
