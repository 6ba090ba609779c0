package count

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
)

// Aliases is the file that tells what barcodes stand for: a CSV of the columns
// barcode and item, in which codes keep their leading zeros.
type Aliases struct {
	path string
	by   map[string]string
}

// ReadAliases reads the file; one that is not there is empty.
func ReadAliases(path string) (*Aliases, error) {
	a := &Aliases{path: path}
	return a, a.read()
}

func (a *Aliases) read() error {
	a.by = map[string]string{}
	text, err := os.ReadFile(a.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return failure.Usagef("the alias file: %w", err)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	in.FieldsPerRecord = -1
	problems := &failure.Problems{Source: a.path}
	for first := true; ; first = false {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return problems.Err()
		}
		if err != nil {
			return failure.Usagef("the alias file %s: %w", a.path, err)
		}
		if first && strings.EqualFold(strings.TrimSpace(row[0]), "barcode") {
			continue
		}
		line, _ := in.FieldPos(0)
		a.take(row, func(what string) {
			problems.Add(failure.Problem{Where: fmt.Sprintf("%s:%d:1", a.path, line), Value: row[0], What: what})
		})
	}
}

func (a *Aliases) take(row []string, wrong func(string)) {
	if len(row) != 2 {
		wrong(fmt.Sprintf("has %d columns, not barcode and item", len(row)))
		return
	}
	code, item := strings.TrimSpace(row[0]), strings.TrimSpace(row[1])
	other, twice := a.by[code]
	switch {
	case code == "" || item == "":
		wrong("a barcode and PRODUCT[/SKU] are required")
	case twice && other != item:
		wrong("stands for " + other + " on an earlier line")
	default:
		a.by[code] = item
	}
}

// remember adds a code to the file as it is now, which another session may have
// added to.
func (a *Aliases) remember(code, item string) (err error) {
	if err := os.MkdirAll(filepath.Dir(a.path), 0o700); err != nil {
		return err
	}
	lock := flock.New(a.path + ".lock")
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("locking the alias file: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if err := a.read(); err != nil {
		return err
	}
	a.by[code] = item
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	rows := [][]string{{"barcode", "item"}}
	for _, code := range slices.Sorted(maps.Keys(a.by)) {
		rows = append(rows, []string{code, a.by[code]})
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	if err := durable.Replace(a.path, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the alias file: %w", err)
	}
	return nil
}
