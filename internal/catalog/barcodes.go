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

// Barcode maps a barcode to an item.
type Barcode struct {
	Code string
	Item string // an address: PRODUCT[/SKU]
}

// Barcodes are the files that map barcodes to items: CSV with the columns barcode and
// item, in which codes keep their leading zeros. One file is shared by all stores that
// have the items, and people may edit it. Next to it, each store has its own file, to
// which new barcodes are added. The shared file has only two columns so that older
// versions can read it. Each file is read on first use. Barcodes is safe for concurrent
// use.
type Barcodes struct {
	ctx  context.Context // ends waits for the files
	path string          // of the file for any store

	mu   sync.Mutex
	read map[string][]Barcode // by store; blank: for any
}

// OpenBarcodes returns the barcodes of a file and of the store files next to it. A missing
// file or a blank path counts as empty. ctx ends every wait for the files.
func OpenBarcodes(ctx context.Context, path string) *Barcodes {
	return &Barcodes{ctx: ctx, path: path, read: map[string][]Barcode{}}
}

// File returns the path of a store's barcode file, or of the shared one for "".
func (b *Barcodes) File(store string) string {
	if store == "" || b.path == "" {
		return b.path
	}
	kind := filepath.Ext(b.path)
	return strings.TrimSuffix(b.path, kind) + "-" + store + kind
}

// Find returns the item of a barcode. The store's entry takes precedence over a shared one.
func (b *Barcodes) Find(store, code string) (item string, known bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, of := range scopes(store) {
		list, err := b.of(of)
		if err != nil {
			return "", false, err
		}
		if i := index(list, code); i >= 0 {
			return list[i].Item, true, nil
		}
	}
	return "", false, nil
}

// List returns the barcodes of a store, sorted by code.
func (b *Barcodes) List(store string) ([]Barcode, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []Barcode
	for _, of := range scopes(store) {
		list, err := b.of(of)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			if of == store || index(b.read[store], e.Code) < 0 {
				all = append(all, e)
			}
		}
	}
	slices.SortStableFunc(all, func(a, c Barcode) int { return strings.Compare(a.Code, c.Code) })
	return all, nil
}

// scopes returns the files of a store, in order of precedence.
func scopes(store string) []string {
	if store == "" {
		return []string{""}
	}
	return []string{store, ""}
}

func index(list []Barcode, code string) int {
	return slices.IndexFunc(list, func(e Barcode) bool { return e.Code == code })
}

// Save stores entries for a store, and replaces those with the same codes.
func (b *Barcodes) Save(store string, entries ...Barcode) error {
	return b.change(store, func(list []Barcode) []Barcode {
		known := map[string]int{}
		for i, e := range list {
			known[e.Code] = i
		}
		for _, e := range entries {
			i, there := known[e.Code]
			if there {
				list[i] = e
				continue
			}
			known[e.Code] = len(list)
			list = append(list, e)
		}
		return list
	})
}

// Forget removes the entry that Find would return. It returns false if there is none.
func (b *Barcodes) Forget(store, code string) (gone bool, err error) {
	for _, of := range scopes(store) {
		b.mu.Lock()
		list, err := b.of(of)
		b.mu.Unlock()
		if err != nil {
			return false, err
		}
		if index(list, code) >= 0 {
			return true, b.change(of, func(list []Barcode) []Barcode {
				return slices.DeleteFunc(list, func(e Barcode) bool { return e.Code == code })
			})
		}
	}
	return false, nil
}

// change applies a change to a store's file. It reads the file again first, because
// another process may have changed it.
func (b *Barcodes) change(store string, apply func([]Barcode) []Barcode) (err error) {
	if b.path == "" {
		return failure.New(failure.Config, "there is no folder for the barcodes").Hint("set HOME")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := durable.MakeFolder(filepath.Dir(b.path)); err != nil {
		return err
	}
	lock := flock.New(b.path + ".lock")
	if _, err := lock.TryLockContext(b.ctx, 20*time.Millisecond); err != nil {
		return fmt.Errorf("locking the barcode file: %w", cmp.Or(context.Cause(b.ctx), err))
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	delete(b.read, store)
	list, err := b.of(store)
	if err != nil {
		return err
	}
	list = apply(list)
	delete(b.read, store) // read it again after the change
	text, err := textOf(list)
	if err != nil {
		return err
	}
	if err := durable.Replace(b.File(store), text, 0o644); err != nil {
		return fmt.Errorf("writing the barcode file: %w", err)
	}
	return nil
}

// textOf returns entries as CSV, sorted by code.
func textOf(list []Barcode) ([]byte, error) {
	slices.SortStableFunc(list, func(a, c Barcode) int { return strings.Compare(a.Code, c.Code) })
	rows := [][]string{{"barcode", "item"}}
	for _, e := range list {
		rows = append(rows, []string{e.Code, e.Item})
	}
	var out bytes.Buffer
	err := csv.NewWriter(&out).WriteAll(rows)
	return out.Bytes(), err
}

// of returns the entries of a store's own file, and reads it on first use. The
// caller holds the lock.
func (b *Barcodes) of(store string) ([]Barcode, error) {
	if list, read := b.read[store]; read || b.path == "" {
		return list, nil
	}
	path := b.File(store)
	text, err := await.ReadFile(b.ctx, path, math.MaxInt64)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, failure.Usagef("the barcode file: %w", err)
	}
	list, err := ParseBarcodes(path, text)
	if err == nil {
		b.read[store] = list
	}
	return list, err
}

// ParseBarcodes reads the text of a barcode file: the columns barcode and item, or
// a header that names these and others. The error is a *failure.Problems with every
// mistake.
func ParseBarcodes(name string, text []byte) ([]Barcode, error) {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	in.FieldsPerRecord = -1
	problems := &failure.Problems{Source: name}
	seen := map[string]string{}
	var list []Barcode
	columns := 2
	for first := true; ; first = false {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return list, problems.Err()
		}
		if err != nil {
			return nil, failure.Usagef("the barcode file %s: %w", name, err)
		}
		if first && strings.EqualFold(strings.TrimSpace(row[0]), "barcode") {
			if len(row) > 2 && strings.EqualFold(strings.TrimSpace(row[1]), "item") {
				columns = len(row) // as `barcode list -o csv` writes it
			}
			continue
		}
		line, _ := in.FieldPos(0)
		e, fresh, wrong := takeBarcode(row, columns, seen)
		if wrong != "" {
			problems.Add(failure.Problem{Where: fmt.Sprintf("%s:%d:1", name, line), Value: row[0], What: wrong})
		} else if fresh {
			list = append(list, e)
		}
	}
}

// takeBarcode reads one row. It returns the entry and whether it is new, or what is
// wrong with the row.
func takeBarcode(row []string, columns int, seen map[string]string) (e Barcode, fresh bool, wrong string) {
	if len(row) != columns {
		return e, false, fmt.Sprintf("has %d columns, not barcode and item", len(row))
	}
	e = Barcode{strings.TrimSpace(row[0]), strings.TrimSpace(row[1])}
	other, twice := seen[e.Code]
	switch {
	case e.Code == "" || e.Item == "":
		return e, false, "needs a barcode and an item"
	case twice && other != e.Item:
		return e, false, "belongs to " + other + " on an earlier line"
	}
	seen[e.Code] = e.Item
	return e, !twice, ""
}
