package ledger

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

const (
	planMagic = "stockctl plan 2 " // the mode and a line end follow
	// blockSize is how many bytes of a plan share one checksum.
	blockSize = 64 << 10
	// blockHead is the length of a block's head: its size, row count and checksum.
	blockHead = 12
	maxBlock  = 16 << 20
)

// PlanName is the name of a sealed plan in the folder of its run.
const PlanName = "plan"

// checksum returns the checksum of a block, over its length, row count and rows.
func checksum(head, rows []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(head, table), table, rows)
}

// Sealed describes a plan so that a reader can verify it.
type Sealed struct {
	Mode   stock.Mode `json:"mode"`
	Rows   int64      `json:"rows"`
	Size   int64      `json:"size"`
	SHA256 string     `json:"sha256"`
	// Decided counts the rows that will not be sent, by state.
	Decided journal.Stats `json:"decided"`
}

// PlanWriter writes a plan row by row, in input order. It must be used from one
// goroutine.
type PlanWriter struct {
	file *os.File
	out  *bufio.Writer
	sum  hash.Hash
	enc  *encoder
	rows uint32 // of the current block
	seal Sealed
}

// NewPlan starts a plan in a new file.
func NewPlan(path string, mode stock.Mode) (*PlanWriter, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	w := &PlanWriter{file: file, sum: sha256.New(), enc: newEncoder(mode), seal: Sealed{Mode: mode}}
	w.out = bufio.NewWriterSize(file, blockSize)
	return w, w.put([]byte(planMagic + string(mode) + "\n"))
}

// Add writes a row. The caller may change the row afterwards.
func (w *PlanWriter) Add(one *Write) error {
	if err := w.enc.write(one); err != nil {
		return err
	}
	w.rows++
	w.seal.Rows++
	if one.Decided != nil {
		w.seal.Decided[one.Decided.State]++
	}
	if len(w.enc.b) < blockSize {
		return nil
	}
	return w.block()
}

// block ends the current block.
func (w *PlanWriter) block() error {
	if w.rows == 0 {
		return nil
	}
	head := make([]byte, 0, blockHead)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(w.enc.b)))
	head = binary.LittleEndian.AppendUint32(head, w.rows)
	head = binary.LittleEndian.AppendUint32(head, checksum(head, w.enc.b))
	err := errors.Join(w.put(head), w.put(w.enc.b))
	w.enc.b, w.rows = w.enc.b[:0], 0
	return err
}

func (w *PlanWriter) put(b []byte) error {
	w.sum.Write(b) // a hash never returns an error
	w.seal.Size += int64(len(b))
	if _, err := w.out.Write(b); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return nil
}

// Close finishes the plan and returns it. The plan may not be on disk yet: Begin
// syncs it.
func (w *PlanWriter) Close() (Plan, error) {
	err := w.block()
	if err == nil {
		err = w.out.Flush()
	}
	w.seal.SHA256 = hex.EncodeToString(w.sum.Sum(nil))
	return Plan{w.file.Name(), w.seal}, errors.Join(err, w.file.Close())
}

// Plan is a plan on disk that is no longer written to.
type Plan struct {
	Path string
	Sealed
}

// disk is how a plan is saved to disk. A test records the calls.
type disk struct {
	sync       func(*os.File) error
	rename     func(from, to string) error
	syncFolder func(dir string) error
}

func realDisk() disk { return disk{(*os.File).Sync, os.Rename, durable.SyncFolder} }

// seal syncs the plan and the files it needs, renames the plan to its final name, and
// syncs the folder. Nothing may be sent before the head of the run mentions the plan;
// after that the plan never changes.
func (p Plan) seal(d disk, needs ...*os.File) (Plan, error) {
	for _, file := range needs {
		if err := d.sync(file); err != nil {
			return p, err
		}
	}
	file, err := os.OpenFile(p.Path, os.O_RDWR, 0)
	if err != nil {
		return p, err
	}
	if err := errors.Join(d.sync(file), file.Close()); err != nil {
		return p, err
	}
	dir := filepath.Dir(p.Path)
	sealed := Plan{filepath.Join(dir, PlanName), p.Sealed}
	if err := d.rename(p.Path, sealed.Path); err != nil {
		return p, err
	}
	return sealed, errors.Join(d.syncFolder(dir), d.syncFolder(filepath.Dir(dir)))
}

// Check compares the file with its seal.
func (p Plan) Check() error {
	file, err := os.Open(p.Path)
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != p.SHA256 {
		return errors.New("the plan is not the one that was sealed")
	}
	return nil
}

// planReader reads a plan from the start. It must be used from one goroutine.
type planReader struct {
	file  *os.File
	in    *bufio.Reader
	dec   decoder
	block []byte
	rows  uint32 // left in the current block
	read  int64
	seal  Sealed
}

// open returns a reader for the plan.
func (p Plan) open() (*planReader, error) {
	file, err := os.Open(p.Path)
	if err != nil {
		return nil, err
	}
	r := &planReader{file: file, in: bufio.NewReaderSize(file, blockSize), dec: newDecoder(p.Mode), seal: p.Sealed}
	head := make([]byte, len(planMagic)+len(p.Mode)+1)
	if _, err := io.ReadFull(r.in, head); err != nil || string(head) != planMagic+string(p.Mode)+"\n" {
		return nil, errors.Join(errors.New("the file is not a plan of this mode"), file.Close())
	}
	return r, nil
}

// next reads the next row into w. It returns io.EOF after the last row.
func (r *planReader) next(w *Write) error {
	if r.rows == 0 {
		if err := r.nextBlock(); err != nil {
			return err
		}
	}
	r.rows--
	r.read++
	if err := r.dec.read(w); err != nil {
		return fmt.Errorf("reading the plan: %w", err)
	}
	return nil
}

// nextBlock reads the next block.
func (r *planReader) nextBlock() error {
	if r.read == r.seal.Rows {
		return io.EOF
	}
	var head [blockHead]byte
	if _, err := io.ReadFull(r.in, head[:]); err != nil {
		return r.short(err)
	}
	size := binary.LittleEndian.Uint32(head[:])
	if size > maxBlock {
		return errors.New("reading the plan: a block is too long")
	}
	if cap(r.block) < int(size) {
		r.block = make([]byte, size)
	}
	r.block = r.block[:size]
	if _, err := io.ReadFull(r.in, r.block); err != nil {
		return r.short(err)
	}
	if checksum(head[:8], r.block) != binary.LittleEndian.Uint32(head[8:]) {
		return fmt.Errorf("reading the plan: the checksum of the rows after %d does not match", r.read)
	}
	r.rows, r.dec.b = binary.LittleEndian.Uint32(head[4:]), r.block
	return nil
}

// short returns the error for a plan that ends before its last row. It never returns
// io.EOF, which would mean that all rows were read.
func (r *planReader) short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("reading the plan: it ends after row %d of %d", r.read, r.seal.Rows)
	}
	return fmt.Errorf("reading the plan: %w", err)
}

// close closes the file.
func (r *planReader) close() error { return r.file.Close() }

// Each reads a plan from start to end into the same Write, so visit must copy what it
// keeps.
func (p Plan) Each(visit func(*Write) error) (err error) {
	r, err := p.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	var w Write
	for {
		err := r.next(&w)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(&w); err != nil {
			return err
		}
	}
}
