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
	"slices"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/durable"
)

// Place says where the copy of an account's store is kept.
type Place struct {
	Dir     string // a private folder; blank: in memory
	BaseURL string
	Account string // identifies the account; only its hash is stored
}

// digest returns a file name for texts that does not reveal them.
func digest(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(sum, "%d:%s,", len(p), p)
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

// storeKey returns the key of the store of a base URL and a tenant.
func storeKey(baseURL, tenant string) string { return digest(baseURL, tenant) }

func (p Place) file(tenant string) string {
	return filepath.Join(p.Dir, "names-"+storeKey(p.BaseURL, tenant)+".db")
}

func (p Place) pointer() string {
	return filepath.Join(p.Dir, "account-"+digest(p.BaseURL, p.Account)+".json")
}

// pointer is the file that maps an account to its tenant.
type pointer struct {
	Tenant string `json:"tenant"`
}

// Tenant returns the last known tenant of the account, or false if none is known.
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

// keepTenant saves the tenant of the account.
func (p Place) keepTenant(tenant string) error {
	if p.Dir == "" {
		return nil
	}
	if err := durable.MakeFolder(p.Dir); err != nil {
		return err
	}
	text, err := json.Marshal(pointer{tenant})
	if err != nil {
		return err
	}
	return durable.Replace(p.pointer(), text, 0o600)
}

// signature returns the words of the signature of a tenant's file: when the file was last
// changed, and digests of what it has. It is empty if the file has changed since.
func (p Place) signature(tenant string) []string {
	if p.Dir == "" {
		return nil
	}
	text, err := os.ReadFile(signatureOf(p.file(tenant)))
	words := strings.Fields(string(text))
	if err != nil || len(words) == 0 || words[0] != p.changed(tenant) {
		return nil
	}
	return words
}

// changed returns when the tenant's file was last changed, as text, or blank.
func (p Place) changed(tenant string) string {
	info, err := os.Stat(p.file(tenant))
	if err != nil {
		return ""
	}
	return strconv.FormatInt(info.ModTime().UnixNano(), 10)
}

// has reports whether the tenant's file has not changed since this was written to it.
func (p Place) has(tenant, learned string) bool {
	words := p.signature(tenant)
	return learned != "" && len(words) > 0 && slices.Contains(words[1:], learned)
}

// maxKept limits the signature of a file.
const maxKept = 100

// note adds to the signature of a file that has this. Without it, the same data is merely
// written again.
func (p Place) note(tenant string, learned []string) {
	changed, words := p.changed(tenant), p.signature(tenant)
	if words == nil {
		words = []string{changed}
	}
	before := len(words)
	for _, one := range learned {
		if one != "" && !slices.Contains(words, one) && len(words) < maxKept {
			words = append(words, one)
		}
	}
	if changed != "" && len(words) > before {
		_ = os.WriteFile(signatureOf(p.file(tenant)), []byte(strings.Join(words, " ")), 0o600)
	}
}

func signatureOf(database string) string { return strings.TrimSuffix(database, ".db") + ".last" }

// Forget removes the account's pointer, and the copy of its store unless another
// account uses it.
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
	return errors.Join(remove(path), remove(path+"-journal"), remove(signatureOf(path)))
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
