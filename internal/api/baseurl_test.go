package api_test

import (
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/failure"
)

func TestCheckBaseURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://api.shopsynch.com":         "",
		"https://api.shopsynch.com/":        "",
		"https://gw.example:8443/shop/api/": "",
		"http://127.0.0.1:8080":             "",
		"http://127.9.9.9":                  "",
		"http://[::1]:80":                   "",
		"http://LOCALHOST:1":                "",
		"":                                  "the base URL is missing",
		"http://api.shopsynch.com":          "the base URL of api.shopsynch.com must begin with https://, because plain http would expose the keys to the network",
		"http://localhost.evil.example":     "the base URL of localhost.evil.example must begin with https://, because plain http would expose the keys to the network",
		"http://127.0.0.1.evil.example":     "the base URL of 127.0.0.1.evil.example must begin with https://, because plain http would expose the keys to the network",
		"api.shopsynch.com":                 `the base URL "api.shopsynch.com" must begin with https://`,
		"ftp://api.shopsynch.com":           `the base URL "ftp://api.shopsynch.com" must begin with https://`,
		"https://":                          `the base URL "https://" names no host`,
		"https:api.shopsynch.com":           `the base URL "https:api.shopsynch.com" names no host`,
		"https://me:secret@api.example":     "the base URL must not contain a user name or password: sign in instead",
		"https://me:se cret@api.example:x":  "the base URL cannot be read",
		"https://api.example?x=1":           "the base URL of api.example must end before ? and #",
		"https://api.example?":              "the base URL of api.example must end before ? and #",
		"https://api.example/#":             "the base URL of api.example/ must end before ? and #",
		"https://api.example:99999":         "the base URL of api.example:99999 has no valid port",
		"https://api.example:port":          `the base URL "https://api.example:port" cannot be read: invalid port ":port" after host`,
	} {
		err := way.CheckBaseURL(raw, false)
		got := ""
		if err != nil {
			got = err.Error()
			isKind(t, err, failure.Config)
		}
		same(t, raw, got, want)
		if strings.Contains(got, "secret") {
			t.Errorf("%s: the password is repeated", raw)
		}
	}
	for _, host := range []string{
		"evil-localhost", "localhost-evil", "localhost.evil", "sub.localhost", "localhost.", "127.0.0.1.evil", "evil-127.0.0.1", "127.1", "2130706433",
		"0.0.0.0", "[::]", "128.0.0.1", "126.255.255.255", "10.0.0.1", "[::ffff:10.0.0.1]", "[fe80::1]", "1270.0.1",
	} {
		err := way.CheckBaseURL("http://"+host+":8080", false)
		if want := "the base URL of " + host + ":8080 must begin with https://, because plain http would expose the keys to the network"; err == nil || err.Error() != want {
			t.Errorf("%s is accepted as this machine: %v", host, err)
		}
	}
	for _, host := range []string{"[::ffff:127.0.0.1]", "127.255.255.255", "LocalHost"} {
		if err := way.CheckBaseURL("http://"+host, false); err != nil {
			t.Errorf("%s is not accepted as this machine: %v", host, err)
		}
	}
	if err := way.CheckBaseURL("http://sandbox:8080", true); err != nil {
		t.Error(err)
	}
}

func TestBaseURLPrefixIsKept(t *testing.T) {
	s := openShop(t, says(200, recordJSON))
	for _, base := range []string{s.URL + "/shop/api", s.URL + "/shop/api/"} {
		if _, err := newClient(t, base).CreateRecord(t.Context(), aRecord()); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "requests", s.lines(), "POST /shop/api/v1/inventory\nPOST /shop/api/v1/inventory")
}

func TestALiveKeyIsNotSentOverPlainHTTP(t *testing.T) {
	s := openShop(t, says(200, recordJSON))
	live := func(o *api.Options) { o.AllowHTTP, o.Auth = true, &keys{key: "pk_live_1", token: "tok"} }
	for _, host := range []string{"sandbox.example:8080", "evil-localhost", "localhost.evil:80", "127.0.0.1.evil", "128.0.0.1"} {
		_, err := newClient(t, "http://"+host, live).Warehouses(t.Context())
		isKind(t, err, failure.Config)
		same(t, "error", err.Error(), "a live key is not sent to "+host+" over plain http")
	}
	if _, err := s.client(t, live).CreateRecord(t.Context(), aRecord()); err != nil {
		t.Errorf("a live key is refused on loopback: %v", err)
	}
}
