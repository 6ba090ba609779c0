package sandbox

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/bayworks/stockctl/internal/failure"
)

// The permissions that an account can have.
const (
	canRead   = "can_read_inventory"
	canUpdate = "can_update_inventory"
	canManage = "can_manage_inventory"
)

// maxAccountFile limits the size of an account file, in bytes.
const maxAccountFile = 64 << 10

// Account is the merchant account of a sandbox. Each sandbox has exactly one.
type Account struct {
	Email    string `yaml:"email"`
	Password string `yaml:"password"`
	// FullName is recorded as the author of movements; blank means the email.
	FullName string `yaml:"fullName"`
	// MerchantAPIKey begins with pk_test_; live keys are rejected.
	MerchantAPIKey string `yaml:"key"`
	// Permissions lists any of can_read_inventory, can_update_inventory and
	// can_manage_inventory; nil means all of them.
	Permissions []string `yaml:"permissions"`
}

// DefaultAccount returns the account of a sandbox that is opened without one.
// Its password and key are public: they work with sandboxes only.
func DefaultAccount() Account {
	return Account{
		Email:          "merchant@example.com",
		Password:       "sandbox-password",
		FullName:       "Sandbox Merchant",
		MerchantAPIKey: "pk_test_sandbox",
		Permissions:    allPermissions(),
	}
}

// ReadAccount reads an account from YAML: email, password and key, and
// optionally fullName and permissions. Unknown fields are an error. Without
// permissions, the account has all three. Every error is of the kind Usage.
func ReadAccount(r io.Reader) (Account, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxAccountFile+1))
	if err != nil {
		return Account{}, failure.Usagef("reading the account: %w", err)
	}
	if len(data) > maxAccountFile {
		return Account{}, failure.Usagef("the account is longer than %d bytes", maxAccountFile)
	}
	var a Account
	if err := decodeYAML("account", "email, password and key", data, &a); err != nil {
		return Account{}, err
	}
	if len(a.Permissions) == 0 {
		a.Permissions = allPermissions()
	}
	if err := a.check(); err != nil {
		return Account{}, err
	}
	return a, nil
}

// check returns an error for the first invalid field.
func (a Account) check() error {
	for _, field := range []struct{ name, value string }{
		{"email", a.Email}, {"password", a.Password}, {"key", a.MerchantAPIKey},
	} {
		if strings.TrimSpace(field.value) == "" {
			return failure.Usagef("the account's %s is missing", field.name)
		}
	}
	for _, field := range []struct{ name, value string }{
		{"email", a.Email}, {"password", a.Password}, {"fullName", a.FullName}, {"key", a.MerchantAPIKey},
	} {
		if strings.ContainsFunc(field.value, unicode.IsControl) {
			return failure.Usagef("the account's %s contains a control character", field.name)
		}
	}
	name, domain, _ := strings.Cut(a.Email, "@")
	if name == "" || domain == "" || strings.ContainsAny(a.Email, " \t") {
		return failure.Usagef("the account's email %q is not an email address", a.Email)
	}
	if !strings.HasPrefix(a.MerchantAPIKey, "pk_test_") || strings.ContainsFunc(a.MerchantAPIKey, notPrintable) {
		// The message omits the key: it may be a live one.
		return failure.Usagef("the account's key must begin with pk_test_ and contain no spaces: the sandbox does not accept live keys")
	}
	for _, p := range a.Permissions {
		if !slices.Contains(allPermissions(), p) {
			return failure.Usagef("unknown permission %q in the account; choose from %s", p, strings.Join(allPermissions(), ", "))
		}
	}
	return nil
}

// notPrintable reports whether a character cannot be part of an HTTP header value.
func notPrintable(r rune) bool { return r <= ' ' || r > '~' }

// orDefault returns the account to use: the default one for the zero value, and
// all permissions for nil.
func (a Account) orDefault() (Account, error) {
	if a.Email == "" && a.Password == "" && a.FullName == "" && a.MerchantAPIKey == "" && a.Permissions == nil {
		return DefaultAccount(), nil
	}
	if a.Permissions == nil {
		a.Permissions = allPermissions()
	}
	if err := a.check(); err != nil {
		return Account{}, fmt.Errorf("opening the sandbox: %w", err)
	}
	return a.clone(), nil
}

// clone returns a copy that does not share its permissions.
func (a Account) clone() Account {
	a.Permissions = slices.Clone(a.Permissions)
	return a
}

// signature is the name recorded as the author of movements.
func (a Account) signature() string {
	if a.FullName != "" {
		return a.FullName
	}
	return a.Email
}

func allPermissions() []string { return []string{canRead, canUpdate, canManage} }
