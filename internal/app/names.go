package app

import (
	"path/filepath"

	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/config"
)

// Copy returns the local copy of the store's names. It opens the file on first use.
func (a *App) Copy() (*catalog.Copy, error) {
	if a.names != nil {
		return a.names, nil
	}
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	a.names = catalog.New(copyPlace(c, c.Profile()), a.Now)
	a.closers = append(a.closers, a.names)
	return a.names, nil
}

// copyPlace returns where the names of a profile's store are stored. Without a cache
// folder they are kept in memory.
func copyPlace(c *config.Config, profile string) catalog.Place {
	dir, err := c.CacheDir()
	if err != nil {
		return catalog.Place{}
	}
	p := catalog.Place{Dir: filepath.Join(dir, "names"), Account: c.StoreAccount(profile)}
	if profile != config.Sandbox {
		p.BaseURL = c.BaseURLOf(profile)
		return p
	}
	if state, err := c.StateDir(); err == nil { // each state folder has its own sandbox
		p.BaseURL = sandboxURL + " " + state
	}
	return p
}

// barcodes returns the file of barcodes that users added.
func (a *App) barcodes(c *config.Config) *catalog.Barcodes {
	if c.Path() == "" {
		return catalog.OpenBarcodes(a.Context, "")
	}
	return catalog.OpenBarcodes(a.Context, filepath.Join(filepath.Dir(c.Path()), "barcodes.csv"))
}

// Barcodes returns the file of barcodes that users added.
func (a *App) Barcodes() (*catalog.Barcodes, error) {
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	return a.barcodes(c), nil
}

// Advise suggests how to see names after ids were shown.
func (a *App) Advise() {
	if a.service == nil || !a.IO.OutTTY {
		return
	}
	if advice := a.service.names.Advice(); advice != "" {
		a.Note("%s", advice)
	}
}

// ForgetNames removes the copy of the names of a deleted profile's store, unless
// another profile uses it. gone is where the copy is.
func (a *App) ForgetNames(profile string, gone catalog.Place) error {
	c, err := a.Config()
	if err != nil {
		return err
	}
	var others []catalog.Place
	for _, p := range c.Profiles() {
		if p.Name == profile {
			continue
		}
		others = append(others, copyPlace(c, p.Name))
	}
	return gone.Forget(others)
}

// PlaceOfNames returns where the names of a profile's store are stored.
func (a *App) PlaceOfNames(profile string) (catalog.Place, error) {
	c, err := a.Config()
	if err != nil {
		return catalog.Place{}, err
	}
	return copyPlace(c, profile), nil
}
