package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"

	"github.com/bayworks/stockctl/internal/failure"
)

// The permissions an account may have.
const (
	canRead   = "can_read_inventory"
	canUpdate = "can_update_inventory"
	canManage = "can_manage_inventory"
)

// maxAccountFile bounds an account file, in bytes.
const maxAccountFile = 64 << 10

// Account is the one merchant account the sandbox knows.
type Account struct {
	Email    string `yaml:"email"`
	Password string `yaml:"password"`
	// FullName is who movements are signed with; blank means the email.
	FullName string `yaml:"fullName"`
	// MerchantAPIKey begins with pk_test_: a live key has no place here.
	MerchantAPIKey string `yaml:"key"`
	// Permissions are any of can_read_inventory, can_update_inventory and
	// can_manage_inventory; nil is all of them.
	Permissions []string `yaml:"permissions"`
}

// DefaultAccount returns the fixed account of a sandbox that was given none.
// It is public: it opens nothing but sandboxes.
func DefaultAccount() Account {
	return Account{
		Email:          "merchant@example.com",
		Password:       "sandbox-password",
		FullName:       "Sandbox Merchant",
		MerchantAPIKey: "pk_test_sandbox",
		Permissions:    allPermissions(),
	}
}

// ReadAccount reads an account from YAML: email, password and key, and where
// wanted fullName and permissions. Unknown fields are refused, no permissions
// mean all three. Every error is of the kind Usage.
func ReadAccount(r io.Reader) (Account, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxAccountFile+1))
	if err != nil {
		return Account{}, failure.Usagef("reading the account: %w", err)
	}
	if len(data) > maxAccountFile {
		return Account{}, failure.Usagef("the account is longer than %d bytes", maxAccountFile)
	}
	var a Account
	decoder := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	switch err := decoder.Decode(&a); {
	case errors.Is(err, io.EOF):
		return Account{}, failure.Usagef("the account is empty; give email, password and key")
	case err != nil:
		return Account{}, yamlMistake("account", err)
	}
	var second any
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return Account{}, failure.Usagef("the account holds more than one YAML document; give one")
	}
	if len(a.Permissions) == 0 {
		a.Permissions = allPermissions()
	}
	if err := a.check(); err != nil {
		return Account{}, err
	}
	return a, nil
}

// yamlMistake turns a decoder's error, which draws the source over several
// lines and so could show the password, into one sentence.
func yamlMistake(what string, err error) error {
	var mistake yaml.Error
	if !errors.As(err, &mistake) || mistake.GetToken() == nil || mistake.GetToken().Position == nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return failure.Usagef("the %s is not valid YAML: %s", what, first)
	}
	at := mistake.GetToken().Position
	return failure.Usagef("the %s is not valid at line %d, column %d: %s", what, at.Line, at.Column, mistake.GetMessage())
}

// check returns a sentence about the first field that cannot stand.
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
			return failure.Usagef("the account's %s holds a control character", field.name)
		}
	}
	name, domain, _ := strings.Cut(a.Email, "@")
	if name == "" || domain == "" || strings.ContainsAny(a.Email, " \t") {
		return failure.Usagef("the account's email %q is no email address", a.Email)
	}
	if !strings.HasPrefix(a.MerchantAPIKey, "pk_test_") || strings.ContainsFunc(a.MerchantAPIKey, notPrintable) {
		// The key itself stays out of the message: it may be a live one.
		return failure.Usagef("the account's key must begin with pk_test_ and hold no blanks: a sandbox takes no live key")
	}
	for _, p := range a.Permissions {
		if !slices.Contains(allPermissions(), p) {
			return failure.Usagef("the account's permissions name %q; choose from %s", p, strings.Join(allPermissions(), ", "))
		}
	}
	return nil
}

// notPrintable tells which characters cannot stand in an HTTP header's value.
func notPrintable(r rune) bool { return r <= ' ' || r > '~' }

// orDefault returns the account to use: the default one in place of the zero
// value, and all permissions in place of nil.
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

// clone returns a copy whose permissions are its own.
func (a Account) clone() Account {
	a.Permissions = slices.Clone(a.Permissions)
	return a
}

// signature is the name that movements are signed with.
func (a Account) signature() string {
	if a.FullName != "" {
		return a.FullName
	}
	return a.Email
}

func allPermissions() []string { return []string{canRead, canUpdate, canManage} }
