package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
)

func TestReadAccount(t *testing.T) {
	got, err := sandbox.ReadAccount(strings.NewReader("email: ada@shop.example\npassword: \"  s3cret: #1 \"\nfullName: Ada Obi\nkey: pk_test_1\npermissions: [can_read_inventory]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got.Email != "ada@shop.example" || got.Password != "  s3cret: #1 " || got.FullName != "Ada Obi" ||
		got.MerchantAPIKey != "pk_test_1" || !slices.Equal(got.Permissions, []string{"can_read_inventory"}) {
		t.Errorf("got %+v, want the account of the file", got)
	}
	got, err = sandbox.ReadAccount(strings.NewReader("email: ada@shop.example\npassword: p\nkey: pk_test_1\npermissions: []\n"))
	if err != nil {
		t.Fatal(err)
	}
	if want := sandbox.DefaultAccount().Permissions; !slices.Equal(got.Permissions, want) {
		t.Errorf("with an empty list, permissions are %v, want %v", got.Permissions, want)
	}
}

func TestReadAccountRefuses(t *testing.T) {
	const good = "email: ada@shop.example\npassword: hush\nkey: pk_test_1\n"
	for _, c := range []struct{ yaml, want string }{
		{"", "the account is empty; give email, password and key"},
		{"{}", "the account's email is missing"},
		{strings.Replace(good, "hush", `"  "`, 1), "the account's password is missing"},
		{strings.Replace(good, "pk_test_1", "", 1), "the account's key is missing"},
		{strings.Replace(good, "pk_test_1", "pk_live_1", 1), "the account's key must begin with pk_test_ and contain no spaces: the sandbox does not accept live keys"},
		{strings.Replace(good, "pk_test_1", "pk_test_a b", 1), "the account's key must begin with pk_test_ and contain no spaces: the sandbox does not accept live keys"},
		{strings.Replace(good, "ada@shop", "ada.shop", 1), `the account's email "ada.shop.example" is not an email address`},
		{strings.Replace(good, "ada@", "ada b@", 1), `the account's email "ada b@shop.example" is not an email address`},
		{good + `fullName: "a\x1b[2J"`, "the account's fullName contains a control character"},
		{good + "permissions: [can_fly]", `unknown permission "can_fly" in the account; choose from can_read_inventory, can_update_inventory, can_manage_inventory`},
		{good + "phone: 1", `the account is not valid at line 4: unknown field "phone"`},
		{good + "email: b@c.d", `the account is not valid at line 4: mapping key "email" already defined at line 1`},
		{good + "permissions: {a: b}", "the account is not valid at line 4: a mapping was used where a list is expected"},
		{good + "permissions: hush", "the account is not valid at line 4: a text was used where a list is expected"},
		{strings.Replace(good, "hush", "[hush", 1), "the account is not valid after line 1: did not find expected ',' or ']'"},
		{strings.Replace(good, "hush", "*hush", 1), "the account is not valid: no anchor with this name is set before it; put a text that begins with * in quotes"},
		{strings.Replace(good, "hush", "!!int hush", 1), "the account is not valid: a value does not fit its tag"},
		{good + "---\n" + good, "the account contains more than one YAML document; only one is allowed"},
		{good + "# " + strings.Repeat("x", 64<<10), "the account is longer than 65536 bytes"},
	} {
		_, err := sandbox.ReadAccount(strings.NewReader(c.yaml))
		if err == nil || err.Error() != c.want || failure.KindOf(err) != failure.Usage {
			t.Errorf("%.80q: %v (%s)\nwant %s", c.yaml, err, failure.KindOf(err), c.want)
		}
	}
}

func TestAccountIsACopy(t *testing.T) {
	given := sandbox.Account{Email: "ada@shop.example", Password: "p", MerchantAPIKey: "pk_test_ada"}
	s := open(t, sandbox.Options{Account: given})
	if got := s.server.Account(); got.Email != given.Email || len(got.Permissions) != 3 {
		t.Errorf("got %+v, want %+v with all permissions", got, given)
	}
	s.server.Account().Permissions[0] = "none"
	s.call("GET", "/v1/inventory", "").data(t, new(any))
	s.create(`{"productId":"p","warehouseId":"wh_def456","initialQty":1}`)
	if got := s.log()[0].AdjustedBy; got != given.Email {
		t.Errorf("without a name, the author of movements is %q, want the email", got)
	}
}

// Base64 ignores the last bits of the last character, but a token that differs
// there must still be rejected.
func TestTokenWithChangedLastCharacter(t *testing.T) {
	s, err := sandbox.Open(t.Context(), sandbox.Options{Path: ":memory:"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	token, _ := s.IssueToken()
	ask := func(token string) int {
		r := httptest.NewRequest(http.MethodGet, "/v1/users/profile", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("X-MerchantApiKey", s.Account().MerchantAPIKey)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	if got := ask(token); got != http.StatusOK {
		t.Fatalf("the token itself: %d", got)
	}
	last := token[len(token)-1]
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
		if c != last && ask(token[:len(token)-1]+string(c)) != http.StatusUnauthorized {
			t.Errorf("with %c in place of %c it is accepted", c, last)
		}
	}
}
