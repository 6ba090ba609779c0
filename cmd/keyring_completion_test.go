package cmd_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/sandbox"
)

const (
	twoCodes   = "LGS-01\tLagos Main\nABJ-01\tAbuja\n:4\n"
	newRecords = "prod_abc123@ABJ-01\tAbuja\n"
)

// signedIn is somebody whose secrets are in the keyring, who has run nothing but
// the sign-in.
func signedIn(t *testing.T) (*user, *fakeKeyring) {
	t.Helper()
	k := &fakeKeyring{entries: map[string]string{}}
	u := tokenHolder(t, k)
	u.wants(t, 0, "kept in the keyring", "auth", "login", "--with-token")
	delete(u.env, "STOCKCTL_MERCHANT_API_KEY")
	return u, k
}

func kept(t *testing.T, u *user) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(u.home, "stockctl", "complete-*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Completion opens no keyring, and so cannot ask the API: it offers what commands
// have read, however long ago, and in the next days' sign-ins, too.
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
	offers(":4\n", "inventory", "get", "") // the codes of the warehouses are not known yet
	u.wants(t, 0, "", "inventory", "create", "--product", "prod_abc123", "--warehouse", "ABJ-01", "--initial-qty", "5", "--if-exists", "skip")
	offers(twoCodes, warehouse...)
	u.wants(t, 0, "", "product", "list")
	offers("prod_abc123\tCanvas Tote Bag\n:4\n", "product", "get", "prod_a")
	u.wants(t, 0, "", "inventory", "list", "--limit", "1")
	offers(":4\n", "inventory", "get", "prod_abc123@ABJ") // a part is not the whole
	u.wants(t, 0, "", "inventory", "list", "--all")
	offers(newRecords+":4\n", "inventory", "get", "prod_abc123@ABJ") // no quantity: it may be of last week

	u.now = func() time.Time { return time.Now().AddDate(0, 0, 7) }
	offers(twoCodes, warehouse...)
	u.now = nil
	u.env["STOCKCTL_MERCHANT_API_KEY"] = u.secrets[0]
	u.wants(t, 0, "kept in the keyring", "auth", "login", "--with-token")
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

// A place where nothing can be kept is nobody's concern.
func TestNowhereToKeepCompletions(t *testing.T) {
	u, _ := signedIn(t)
	u.env["XDG_CACHE_HOME"] = u.file(t, "occupied", "")
	code, out, errOut := u.run(t, t.Context(), "warehouse", "list")
	if code != 0 || errOut != "" || !strings.Contains(out, "ABJ-01") {
		t.Errorf("exit %d: %s%s", code, out, errOut)
	}
}

// Where completion can ask the API itself, commands keep nothing for it: not in
// the jobs of a CI, and not of the sandbox.
func TestCommandsKeepNothingWithoutNeed(t *testing.T) {
	server := newFaultServer(t, sandbox.Published)
	token, _ := server.shop.IssueToken()
	u := customer(t, server.URL, server.shop.Account().MerchantAPIKey, token)
	u.wants(t, 0, "", "warehouse", "list")
	u.wants(t, 0, "", "warehouse", "list", "--profile", "sandbox")
	if names := kept(t, u); len(names) > 0 {
		t.Errorf("kept %v", names)
	}
	signed, _ := signedIn(t)
	signed.wants(t, 0, "", "warehouse", "list", "--profile", "sandbox")
	if names := kept(t, signed); len(names) > 0 {
		t.Errorf("of the sandbox, %v is kept", names)
	}
}
