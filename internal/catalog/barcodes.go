package catalog

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
)

// Barcode is what a barcode was taught to stand for.
type Barcode struct {
	Code  string
	Item  string // an address: PRODUCT[/SKU], by ids
	Store string // see StoreKey; blank: any store that has the item
}

// Barcodes is the file that says what barcodes stand for: a CSV of the columns
// barcode, item and, where it serves several stores, store. Codes keep their
// leading zeros. It is written by people, too, and read when it is first asked.
// It may be used from several goroutines.
type Barcodes struct {
	ctx  context.Context // ends waits for the file
	path string

	mu   sync.Mutex
	read bool
	list []Barcode
}

// OpenBarcodes returns the file's barcodes; one that is not there is empty, and
// so is one without a path. What has to be waited for ends with ctx.
func OpenBarcodes(ctx context.Context, path string) *Barcodes { return &Barcodes{ctx: ctx, path: path} }

// Path returns where the file is; blank for nowhere.
func (b *Barcodes) Path() string { return b.path }

// Find returns what a barcode stands for in a store: an entry of the store's own
// goes before one for any store.
func (b *Barcodes) Find(store, code string) (item string, taught bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.load(); err != nil {
		return "", false, err
	}
	if i := b.index(store, code); i >= 0 {
		return b.list[i].Item, true, nil
	}
	if i := b.index("", code); i >= 0 {
		return b.list[i].Item, true, nil
	}
	return "", false, nil
}

// List returns the entries of a store, and those for any store.
func (b *Barcodes) List(store string) ([]Barcode, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.load(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(b.list), func(e Barcode) bool { return e.Store != "" && e.Store != store }), nil
}

func (b *Barcodes) index(store, code string) int {
	return slices.IndexFunc(b.list, func(e Barcode) bool { return e.Store == store && e.Code == code })
}

// Teach writes entries down, in the place of those that the store had for the
// same codes.
func (b *Barcodes) Teach(entries ...Barcode) error {
	return b.change(func() {
		known := map[[2]string]int{}
		for i, e := range b.list {
			known[[2]string{e.Store, e.Code}] = i
		}
		for _, e := range entries {
			key := [2]string{e.Store, e.Code}
			if i, there := known[key]; there {
				b.list[i] = e
				continue
			}
			known[key] = len(b.list)
			b.list = append(b.list, e)
		}
	})
}

// Forget removes the entry that Find would take; false when there is none.
func (b *Barcodes) Forget(store, code string) (gone bool, err error) {
	err = b.change(func() {
		for _, s := range []string{store, ""} {
			if i := b.index(s, code); i >= 0 {
				b.list, gone = slices.Delete(b.list, i, i+1), true
				return
			}
		}
	})
	return gone, err
}

// change writes the file as it is now, which another process may have added to,
// with a change.
func (b *Barcodes) change(apply func()) (err error) {
	if b.path == "" {
		return failure.New(failure.Config, "there is no place for the barcodes").Hint("set HOME")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(b.path), 0o700); err != nil {
		return err
	}
	lock := flock.New(b.path + ".lock")
	if _, err := lock.TryLockContext(b.ctx, 20*time.Millisecond); err != nil {
		return fmt.Errorf("locking the barcode file: %w", cmp.Or(context.Cause(b.ctx), err))
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	b.read = false
	if err := b.load(); err != nil {
		return err
	}
	apply()
	text, err := b.text()
	if err != nil {
		return err
	}
	if err := durable.Replace(b.path, text, 0o644); err != nil {
		return fmt.Errorf("writing the barcode file: %w", err)
	}
	return nil
}

// text writes the entries by code. A file that serves any store alone has no
// third column.
func (b *Barcodes) text() ([]byte, error) {
	slices.SortStableFunc(b.list, func(a, c Barcode) int { return strings.Compare(a.Code, c.Code) })
	stores := slices.ContainsFunc(b.list, func(e Barcode) bool { return e.Store != "" })
	rows := [][]string{{"barcode", "item", "store"}}
	for _, e := range b.list {
		rows = append(rows, []string{e.Code, e.Item, e.Store})
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for _, row := range rows {
		if !stores {
			row = row[:2]
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// load reads the file when that was not done yet.
func (b *Barcodes) load() error {
	if b.read || b.path == "" {
		return nil
	}
	b.list = nil
	text, err := await.ReadFile(b.ctx, b.path, math.MaxInt64)
	if errors.Is(err, fs.ErrNotExist) {
		b.read = true
		return nil
	}
	if err != nil {
		return failure.Usagef("the barcode file: %w", err)
	}
	if b.list, err = ParseBarcodes(b.path, text); err != nil {
		return err
	}
	b.read = true
	return nil
}

// ParseBarcodes reads the text of a barcode file. Every mistake is in the
// *failure.Problems returned.
func ParseBarcodes(name string, text []byte) ([]Barcode, error) {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	in.FieldsPerRecord = -1
	problems := &failure.Problems{Source: name}
	seen := map[[2]string]string{}
	var list []Barcode
	for first := true; ; first = false {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return list, problems.Err()
		}
		if err != nil {
			return nil, failure.Usagef("the barcode file %s: %w", name, err)
		}
		if first && strings.EqualFold(strings.TrimSpace(row[0]), "barcode") {
			continue
		}
		line, _ := in.FieldPos(0)
		e, fresh, wrong := takeBarcode(row, seen)
		if wrong != "" {
			problems.Add(failure.Problem{Where: fmt.Sprintf("%s:%d:1", name, line), Value: row[0], What: wrong})
		} else if fresh {
			list = append(list, e)
		}
	}
}

// takeBarcode reads one row: an entry that is new, or what is wrong with it.
func takeBarcode(row []string, seen map[[2]string]string) (e Barcode, fresh bool, wrong string) {
	if len(row) != 2 && len(row) != 3 {
		return e, false, fmt.Sprintf("has %d columns, not barcode and item", len(row))
	}
	e = Barcode{Code: strings.TrimSpace(row[0]), Item: strings.TrimSpace(row[1])}
	if len(row) == 3 {
		e.Store = strings.TrimSpace(row[2])
	}
	key := [2]string{e.Store, e.Code}
	other, twice := seen[key]
	switch {
	case e.Code == "" || e.Item == "":
		return e, false, "needs a barcode and an item"
	case twice && other != e.Item:
		return e, false, "stands for " + other + " on an earlier line"
	}
	seen[key] = e.Item
	return e, !twice, ""
}
