package importer

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/intake/workbook"
	"github.com/bayworks/stockctl/internal/ledger"
)

// sampleSize is how many bytes of an input are examined to detect its format.
const sampleSize = 64 << 10

var errChanged = failure.Usagef("the file changed while it was being read: nothing was sent")

// source is an input that is read once, from beginning to end.
type source struct {
	name    string   // for messages
	file    *os.File // nil: standard input
	size    int64    // of a regular file when it was opened
	mod     time.Time
	in      *bufio.Reader // unpacked
	sum     hash.Hash     // of the unpacked bytes, or of the workbook
	dialect intake.Dialect
	options intake.Options

	sheet *workbook.Sheet // of a workbook; nil: the input is text
	spool *os.File        // a copy of a workbook that is not a plain file; nil: none
}

// openSource opens the file that the user named, and detects its format.
func openSource(ctx context.Context, shown string, in io.Reader, o intake.Options) (*source, error) {
	s := &source{name: shown, options: o, sum: sha256.New()}
	if shown == "-" {
		s.name = "standard input"
	} else {
		var err error
		if s.file, err = await.Open(ctx, shown); err != nil {
			return nil, failure.Usagef("%w", err)
		}
		in = await.Reader(ctx, s.file)
	}
	if err := s.inspect(in); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// inspect notes the file's size and time, unpacks it, and detects the format.
func (s *source) inspect(in io.Reader) error {
	if s.file != nil {
		info, err := s.file.Stat()
		if err == nil && info.IsDir() {
			err = fmt.Errorf("%s is a folder, not a file", s.name)
		}
		if err != nil {
			return failure.Usagef("%w", err)
		}
		if info.Mode().IsRegular() {
			s.size, s.mod = info.Size(), info.ModTime()
		}
	}
	packed := bufio.NewReaderSize(in, sampleSize)
	s.in = packed
	if head, _ := packed.Peek(2); string(head) == "\x1f\x8b" {
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			return failure.Usagef("%s is marked as gzip but cannot be unpacked: %w", s.name, err)
		}
		s.in = bufio.NewReaderSize(unpacked, sampleSize)
	}
	if head, _ := s.in.Peek(4); workbook.Is(head) {
		if err := s.openSheet(s.in == packed); err != nil {
			return err
		}
	} else if s.options.Sheet != "" {
		return failure.Usagef("--sheet is for workbooks, and %s is not one", s.name)
	}
	sample, err := s.in.Peek(sampleSize)
	if ledger.IsSaved(sample) {
		return failure.Usagef("%s is a saved plan", s.name).Hint("apply it with `stockctl inventory import apply %s`", failure.Arg(s.name))
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return failure.Usagef("reading %s: %w", s.name, err)
	}
	s.dialect, err = intake.Sniff(strings.TrimSuffix(s.name, ".gz"), sample, s.options)
	if s.sheet != nil {
		s.dialect.Sheet = s.sheet.Title
	}
	return err
}

// openSheet opens a sheet of a workbook, which is then read as CSV. Reading a workbook
// needs random access, so anything other than a plain file is copied to one first.
func (s *source) openSheet(plain bool) error {
	book := s.file
	if !plain || s.mod.IsZero() {
		var err error
		if s.spool, err = os.CreateTemp("", "stockctl-workbook-"); err != nil {
			return err
		}
		book = s.spool
		if n, err := io.Copy(book, io.LimitReader(s.in, maxWorkbook+1)); err != nil || n > maxWorkbook {
			return errors.Join(failure.Usagef("%s cannot be read, or is larger than %d MiB", s.name, maxWorkbook>>20), err)
		}
	}
	size, err := book.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = io.Copy(s.sum, io.NewSectionReader(book, 0, size))
	}
	if err != nil {
		return err
	}
	if s.sheet, err = workbook.Open(s.name, book, size, s.options.Sheet); err != nil {
		return err
	}
	s.in = bufio.NewReaderSize(s.sheet, sampleSize)
	s.options.Format, s.options.Delimiter, s.options.Encoding = intake.CSV, ',', intake.UTF8
	return nil
}

// maxWorkbook limits the size of a workbook that is not a plain file.
const maxWorkbook = 1 << 30

// read returns the reader of the table, which copies what it reads to into.
func (s *source) read(into io.Writer) (*intake.Reader, error) {
	in := io.Reader(s.in)
	if s.sheet == nil { // the digest of a workbook is already known
		in = io.TeeReader(in, s.sum)
	}
	return intake.NewReader(s.name, in, s.dialect, s.options, into)
}

// digest returns the SHA-256 of the input after all of it was read. Tokens are derived
// from it: how it is computed must never change.
func (s *source) digest() string { return hex.EncodeToString(s.sum.Sum(nil)) }

// unchanged returns an error if the file's size or time has changed since it was opened.
func (s *source) unchanged() error {
	if s.file == nil || s.mod.IsZero() {
		return nil
	}
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
	if s == nil {
		return nil
	}
	var err error
	if s.sheet != nil {
		err = s.sheet.Close()
	}
	if s.spool != nil {
		err = errors.Join(err, s.spool.Close(), os.Remove(s.spool.Name()))
	}
	if s.file == nil {
		return err
	}
	return errors.Join(err, s.file.Close())
}
