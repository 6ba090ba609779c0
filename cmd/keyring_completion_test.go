package cmd_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const twoCodes = "LGS-01\tLagos Main\nABJ-01\tAbuja\n:4\n"

// signedIn returns a user with secrets in the keyring who has only signed in so far.
func signedIn(t *testing.T) (*user, *fakeKeyring) {
	t.Helper()
	k := &fakeKeyring{entries: map[string]string{}}
	u := tokenHolder(t, k)
	u.wants(t, 0, "stored in the keyring", "auth", "login", "--with-token")
	delete(u.env, "STOCKCTL_MERCHANT_API_KEY")
	return u, k
}

func kept(t *testing.T, u *user) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(u.home, "stockctl", "names", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Completion does not open the keyring, so it cannot call the API. It suggests what
// commands have read, however long ago, even after signing in again.
func TestCompletionWithAKeyring(t *testing.T) {
	u, k := signedIn(t)
	offers := func(want string, words ...string) {
		t.Helper()
		before := k.opened
		if got := u.wants(t, 0, "", append([]string{"__complete"}, words...)...); got != want {
			t.Errorf("%v: offers %q, want %q", words, got, want)
		}
		if k.opened != before {
			t.Errorf("%v: the keyring was opened", words)
		}
	}
	warehouse := []string{"inventory", "create", "--warehouse", ""}
	offers(":4\n", warehouse...)
	u.wants(t, 0, "", "inventory", "list", "--all")
	offers("prod_abc123@wh_abc123\n:4\n", "inventory", "get", "prod_a") // nothing with a code was read yet
	u.wants(t, 0, "", "inventory", "create", "--product", "prod_abc123", "--warehouse", "ABJ-01", "--initial-qty", "5", "--if-exists", "skip")
	offers(twoCodes, warehouse...)
	u.wants(t, 0, "", "product", "list")
	offers("prod_abc123\tCanvas Tote Bag\n:4\n", "product", "get", "prod_a")
	offers("prod_abc123@ABJ-01\tCanvas Tote Bag, Abuja\n:4\n", "inventory", "get", "prod_abc123@ABJ")
	offers("TOTE-CANVAS@ABJ-01\tCanvas Tote Bag, Abuja\n:4\n", "inventory", "get", "TOTE-CANVAS@A")
	offers("TOTE-CANVAS\tCanvas Tote Bag\n:4\n", "inventory", "list", "--product", "TOT")

	u.now = func() time.Time { return time.Now().AddDate(0, 0, 7) }
	offers(twoCodes, warehouse...)
	u.now = nil
	u.env["STOCKCTL_MERCHANT_API_KEY"] = u.secrets[0]
	u.wants(t, 0, "stored in the keyring", "auth", "login", "--with-token")
	delete(u.env, "STOCKCTL_MERCHANT_API_KEY")
	offers(twoCodes, warehouse...)
	u.wants(t, 0, "", "auth", "logout")
	offers(":4\n", warehouse...)

	for _, path := range kept(t, u) {
		info, err := os.Stat(path)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

// A folder that is not writable for the copy of names is not an error.
func TestCompletionWithoutAWritableFolder(t *testing.T) {
	u, _ := signedIn(t)
	u.env["XDG_CACHE_HOME"] = u.file(t, "occupied", "")
	code, out, errOut := u.run(t, t.Context(), "warehouse", "list")
	if code != 0 || errOut != "" || !strings.Contains(out, "ABJ-01") {
		t.Errorf("exit %d, want 0: %s%s", code, out, errOut)
	}
}

// The copy of names is private and contains no secrets, and that of the sandbox is
// removed with its shop.
func TestNamesArePrivate(t *testing.T) {
	u, _ := signedIn(t)
	u.wants(t, 0, "", "inventory", "list")
	u.wants(t, 0, "", "inventory", "list", "--profile", "sandbox")
	names := kept(t, u)
	if len(names) != 6 {
		t.Fatalf("kept %v, want an account, its store and the mark of the store, twice", names)
	}
	for _, path := range names {
		info, err := os.Stat(path)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		text, err := os.ReadFile(path)
		for _, secret := range u.secrets {
			if err != nil || strings.Contains(string(text), secret) {
				t.Errorf("%s contains a secret, or %v", path, err)
			}
		}
	}
	u.wants(t, 0, "", "sandbox", "reset")
	if names := kept(t, u); len(names) != 3 {
		t.Errorf("after the reset of the sandbox there is %v", names)
	}
	u.wants(t, 0, "", "profile", "delete", "default", "--yes")
	if names := kept(t, u); len(names) != 0 {
		t.Errorf("after the profile is gone there is %v", names)
	}
}
