package count

import (
	"github.com/bayworks/stockctl/internal/catalog"
)

// Aliases are the barcodes that were taught for one store.
type Aliases struct {
	file  *catalog.Barcodes
	store string
}

// ReadAliases reads the barcodes of a file; one that is not there is empty. The
// store is blank for a file that serves any.
func ReadAliases(path, store string) (*Aliases, error) {
	a := &Aliases{catalog.OpenBarcodes(path), store}
	_, err := a.file.List(store)
	return a, err
}

func (a *Aliases) find(code string) (item string, named bool) {
	item, named, err := a.file.Find(a.store, code)
	return item, named && err == nil // it was read
}

// remember adds a code to the file as it is now, which another session may have
// added to.
func (a *Aliases) remember(code, item string) error {
	return a.file.Teach(catalog.Barcode{Code: code, Item: item, Store: a.store})
}
