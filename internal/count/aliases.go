package count

import (
	"context"

	"github.com/bayworks/stockctl/internal/catalog"
)

// Aliases are the barcodes that users added for one store.
type Aliases struct {
	file  *catalog.Barcodes
	store string
}

// ReadAliases reads the barcodes in a file. A missing file is empty. store is blank for
// a file that applies to any store.
func ReadAliases(ctx context.Context, path, store string) (*Aliases, error) {
	a := &Aliases{catalog.OpenBarcodes(ctx, path), store}
	_, err := a.file.List(store)
	return a, err
}

func (a *Aliases) find(code string) (item string, named bool) {
	item, named, err := a.file.Find(a.store, code)
	return item, named && err == nil // the file was already read
}

// remember adds a code to the current file, which another session may have changed.
func (a *Aliases) remember(code, item string) error {
	return a.file.Save(a.store, catalog.Barcode{Code: code, Item: item})
}
