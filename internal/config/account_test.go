package config_test

import "testing"

// For a profile with secrets in the keyring, the account stays the same after signing in
// again, as long as the email is the same.
func TestAccountOutlivesASignIn(t *testing.T) {
	account := func(profile string) string {
		return newSetup(t, "profiles:\n  default:\n"+profile).mustLoad().Account()
	}
	const monday, tuesday = "    token-expires: 2026-11-23T08:00:00Z\n", "    token-expires: 2026-11-24T08:00:00Z\n"
	const ada, eve = "    email: ada@example.com\n", "    email: eve@example.com\n"
	const keyring, file = "    store: keyring\n", "    token: t\n"
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{keyring + ada + monday, keyring + ada + tuesday, true},
		{keyring + ada + monday, keyring + eve + monday, false},
		{keyring + monday, keyring + tuesday, false}, // without an email, the account is unknown
		{file + ada + monday, file + ada + tuesday, false},
	} {
		if got := account(test.a) == account(test.b); got != test.same {
			t.Errorf("the same account: %t, want %t\n%s%s", got, test.same, test.a, test.b)
		}
	}
}
