package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/durable"
)

// Place says where the copy of an account's store is.
type Place struct {
	Dir     string // a private folder; blank: in memory
	BaseURL string
	Account string // whatever tells the account from others; it is hashed
}

// digest names a file after texts without telling them.
func digest(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(sum, "%d:%s,", len(p), p)
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

// StoreKey names the store of a base URL and a tenant.
func StoreKey(baseURL, tenant string) string { return digest(baseURL, tenant) }

func (p Place) file(tenant string) string {
	return filepath.Join(p.Dir, "names-"+StoreKey(p.BaseURL, tenant)+".db")
}

func (p Place) pointer() string {
	return filepath.Join(p.Dir, "account-"+digest(p.BaseURL, p.Account)+".json")
}

// pointer is what is kept of an account.
type pointer struct {
	Tenant string `json:"tenant"`
}

// Tenant returns the tenant that the account was seen to have; false when none
// was.
func (p Place) Tenant() (string, bool) {
	if p.Dir == "" {
		return "", false
	}
	text, err := os.ReadFile(p.pointer())
	var kept pointer
	if err != nil || json.Unmarshal(text, &kept) != nil || kept.Tenant == "" {
		return "", false
	}
	return kept.Tenant, true
}

// keepTenant writes down which tenant the account has.
func (p Place) keepTenant(tenant string) error {
	if p.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return err
	}
	text, err := json.Marshal(pointer{tenant})
	if err != nil {
		return err
	}
	return durable.Replace(p.pointer(), text, 0o600)
}

// Forget removes the account's pointer, and the copy of its store when none of
// the others uses it.
func (p Place) Forget(others []Place) error {
	tenant, known := p.Tenant()
	if !known {
		return nil
	}
	used, sharesPointer := false, false
	for _, o := range others {
		sharesPointer = sharesPointer || o.pointer() == p.pointer()
		if other, has := o.Tenant(); has && o.file(other) == p.file(tenant) {
			used = true
		}
	}
	var errs []error
	if !sharesPointer {
		errs = append(errs, remove(p.pointer()))
	}
	if !used {
		errs = append(errs, removeDatabase(p.file(tenant)))
	}
	return errors.Join(errs...)
}

func removeDatabase(path string) error {
	return errors.Join(remove(path), remove(path+"-journal"))
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
