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
	"sync"

	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

const (
	planMagic = "stockctl plan 2 " // the mode and a line end follow
	// blockSize is how much of a plan goes under one checksum.
	blockSize = 64 << 10
	// blockHead is the length of a block's head: its length, its rows, the checksum.
	blockHead = 12
	maxBlock  = 16 << 20
)

var castagnoli = sync.OnceValue(func() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) })

// PlanName is the name of a sealed plan in the folder of its run.
const PlanName = "plan"

// checksum is that of a block: of its length, how many rows it has, and the rows.
func checksum(head, rows []byte) uint32 {
	return crc32.Update(crc32.Checksum(head, castagnoli()), castagnoli(), rows)
}

// Sealed is what a plan must be when it is read again.
type Sealed struct {
	Mode   stock.Mode `json:"mode"`
	Rows   int64      `json:"rows"`
	Size   int64      `json:"size"`
	SHA256 string     `json:"sha256"`
	// Decided counts the rows that are not to be sent, by state.
	Decided journal.Stats `json:"decided"`
}

// PlanWriter writes a plan, a row at a time, in the order of the input. It is
// used from one goroutine.
type PlanWriter struct {
	file *os.File
	out  *bufio.Writer
	sum  hash.Hash
	enc  *encoder
	rows uint32 // of the current block
	seal Sealed
}

// NewPlan begins a plan in a file that is made for it.
func NewPlan(path string, mode stock.Mode) (*PlanWriter, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	w := &PlanWriter{file: file, sum: sha256.New(), enc: newEncoder(mode), seal: Sealed{Mode: mode}}
	w.out = bufio.NewWriterSize(file, blockSize)
	return w, w.put([]byte(planMagic + string(mode) + "\n"))
}

// Add writes a row, which may be changed afterwards.
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
	w.sum.Write(b) // a hash takes everything
	w.seal.Size += int64(len(b))
	if _, err := w.out.Write(b); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return nil
}

// Close ends the plan, and returns what it is by now. It is not on disk for sure:
// that is for whoever seals it.
func (w *PlanWriter) Close() (Plan, error) {
	err := w.block()
	if err == nil {
		err = w.out.Flush()
	}
	w.seal.SHA256 = hex.EncodeToString(w.sum.Sum(nil))
	return Plan{w.file.Name(), w.seal}, errors.Join(err, w.file.Close())
}

// Plan is a plan on disk that is not written to any more.
type Plan struct {
	Path string
	Sealed
}

// Seal gives the plan its name, and sees it safe on disk, with what it needs and the
// folder of both. Before the head of the run tells of it nothing may be sent; after
// that it never changes.
func (p Plan) Seal(needs ...*os.File) (Plan, error) {
	for _, file := range needs {
		if err := file.Sync(); err != nil {
			return p, err
		}
	}
	file, err := os.OpenFile(p.Path, os.O_RDWR, 0)
	if err != nil {
		return p, err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return p, err
	}
	sealed := Plan{filepath.Join(filepath.Dir(p.Path), PlanName), p.Sealed}
	if err := os.Rename(p.Path, sealed.Path); err != nil {
		return p, err
	}
	dir := filepath.Dir(p.Path)
	return sealed, errors.Join(durable.SyncFolder(dir), durable.SyncFolder(filepath.Dir(dir)))
}

// Check compares the file with the seal.
func (p Plan) Check() error {
	file, err := os.Open(p.Path)
	if err != nil {
		return err
	}
	sum := sha256.New()
	size, err := io.Copy(sum, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if size != p.Size || hex.EncodeToString(sum.Sum(nil)) != p.SHA256 {
		return errors.New("the plan is not the one that was sealed")
	}
	return nil
}

// PlanReader reads a plan from its beginning. It is used from one goroutine.
type PlanReader struct {
	file  *os.File
	in    *bufio.Reader
	dec   decoder
	block []byte
	rows  uint32 // left in the current block
	read  int64
	seal  Sealed
}

// Open returns a reader of the plan.
func (p Plan) Open() (*PlanReader, error) {
	file, err := os.Open(p.Path)
	if err != nil {
		return nil, err
	}
	r := &PlanReader{file: file, in: bufio.NewReaderSize(file, blockSize), dec: newDecoder(p.Mode), seal: p.Sealed}
	head := make([]byte, len(planMagic)+len(p.Mode)+1)
	if _, err := io.ReadFull(r.in, head); err != nil || string(head) != planMagic+string(p.Mode)+"\n" {
		return nil, errors.Join(errors.New("the plan is of another kind"), file.Close())
	}
	return r, nil
}

// Next reads the next row into w, and returns io.EOF after the last.
func (r *PlanReader) Next(w *Write) error {
	if r.rows == 0 {
		if err := r.next(); err != nil {
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

// next reads a block in.
func (r *PlanReader) next() error {
	if r.read == r.seal.Rows {
		return io.EOF
	}
	var head [blockHead]byte
	if _, err := io.ReadFull(r.in, head[:]); err != nil {
		return r.short(err)
	}
	size := binary.LittleEndian.Uint32(head[:])
	if size > maxBlock {
		return errors.New("reading the plan: a block of it is too long")
	}
	if cap(r.block) < int(size) {
		r.block = make([]byte, size)
	}
	r.block = r.block[:size]
	if _, err := io.ReadFull(r.in, r.block); err != nil {
		return r.short(err)
	}
	if checksum(head[:8], r.block) != binary.LittleEndian.Uint32(head[8:]) {
		return fmt.Errorf("reading the plan: the checksum of the rows after %d does not hold", r.read)
	}
	r.rows, r.dec.b = binary.LittleEndian.Uint32(head[4:]), r.block
	return nil
}

// short is the error of a plan that ends before its last row. It never is io.EOF,
// which would say that all rows were read.
func (r *PlanReader) short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("reading the plan: it ends after row %d of %d", r.read, r.seal.Rows)
	}
	return fmt.Errorf("reading the plan: %w", err)
}

// Close gives the file back.
func (r *PlanReader) Close() error { return r.file.Close() }

// Each reads a plan from its beginning to its end, into the same Write: visit
// copies what it keeps.
func (p Plan) Each(visit func(*Write) error) (err error) {
	r, err := p.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var w Write
	for {
		err := r.Next(&w)
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
