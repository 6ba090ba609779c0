package rejects

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// piece is one row of a rejects file. It ends where the next piece begins.
type piece struct{ row, end int64 }

// readIndex reads the index of a file, and reports whether the file is the one that was
// indexed.
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
	hash := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	lines := bufio.NewScanner(index)
	for lines.Scan() {
		var one piece
		if _, err := fmt.Sscanf(lines.Text(), "%d %d %08x", &one.row, &one.end, &sum); err != nil || len(lines.Text()) < 12 {
			break // the last line of a killed session
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

// rewrite replaces a file with one that contains only the rows that are done.
func rewrite(old *os.File, dir string, pieces []piece, done func(row int64) bool) (*Continued, error) {
	lines, err := os.CreateTemp(dir, indexName+"-*")
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(filepath.Dir(old.Name()), "."+filepath.Base(old.Name())+"-*")
	if err != nil {
		return nil, errors.Join(err, lines.Close(), os.Remove(lines.Name()))
	}
	index := &Index{file: lines}
	count := int64(0)
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
			if one.row != 0 && !done(one.row) {
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
		return nil, errors.Join(copied, file.Close(), lines.Close(), os.Remove(file.Name()), os.Remove(lines.Name()))
	}
	// os.File.Name returns the name at opening, so open the files by their final names.
	if err := errors.Join(file.Close(), lines.Close()); err != nil {
		return nil, err
	}
	if file, err = os.OpenFile(old.Name(), os.O_RDWR|os.O_APPEND, 0); err == nil {
		index.file, err = os.OpenFile(filepath.Join(dir, indexName), os.O_WRONLY|os.O_APPEND, 0)
	}
	return &Continued{file, index, count}, err
}
