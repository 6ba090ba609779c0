package api_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

func TestDebugShowsNoSecret(t *testing.T) {
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_-"
	now := time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	set := func(o *api.Options) {
		o.Debug, o.Now = &out, func() time.Time { return now }
		o.Auth = &keys{key: "pk_test_topsecret", token: jwt}
		o.UserAgent = "stockctl/1.0"
	}
	s := openShop(t, answers(
		says(
			200, `{"user":{"id":"u1"},"token":"`+jwt+`","expiresIn":1,"note":"use `+jwt+`","deep":[{"apiKey":{"a":"topsecret"}}]}`,
			"Set-Cookie", "sid=topsecret", "X-Gateway", "topsecret", "Date", now.Format(http.TimeFormat),
		),
		says(200, `[]`, "Date", now.Format(http.TimeFormat)),
		says(200, `{"token":"topsecret`),
		says(400, `{"a":1} topsecret`),
		says(500, `<html><title>Bad`+"\x1b"+`[31m</title>topsecret`),
	))
	c := s.client(t, set)
	ctx := t.Context()
	_, _ = c.Login(ctx, "ada@example.com", "topsecret")
	want := `> POST URL/v1/auth/login
> Accept: application/json
> Content-Type: application/json
> User-Agent: stockctl/1.0
> {"email":"ada@example.com","password":"[redacted]"}

< 200 OK after 0s
< Content-Length: 181
< Content-Type: application/json
< Date: Wed, 01 Apr 2026 08:00:00 GMT
< Set-Cookie: [redacted]
< X-Gateway: [redacted]
< {"deep":[{"apiKey":"[redacted]"}],"expiresIn":1,"note":"use [redacted]","token":"[redacted]","user":{"id":"u1"}}

`
	same(t, "a login", strings.ReplaceAll(out.String(), s.URL, "URL"), want)
	out.Reset()
	_, _ = c.Raw(ctx, "GET", "/v1/x?page=1&token=topsecret&q=pk_live_topsecret", nil)
	want = `> GET URL/v1/x?page=1&token=[redacted]&q=[redacted]
> Accept: application/json
> Authorization: [redacted]
> User-Agent: stockctl/1.0
> X-Merchantapikey: [redacted]

< 200 OK after 0s
< Content-Length: 2
< Content-Type: application/json
< Date: Wed, 01 Apr 2026 08:00:00 GMT
< []

`
	same(t, "a read", strings.ReplaceAll(out.String(), s.URL, "URL"), want)
	for range 3 {
		_, _ = c.CreateRecord(ctx, aRecord())
	}
	_, _ = s.client(t, set, func(o *api.Options) {
		o.Transport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("cut\x1b") })
	}).CreateRecord(ctx, aRecord())
	text := out.String()
	for _, part := range []string{"< (19 bytes that are not JSON)", "< (17 bytes that are not JSON)", `< an HTML page titled "Bad [31m"`, "< no response: cut\n"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	for _, secret := range []string{"topsecret", jwt, "\x1b"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is shown in\n%s", secret, text)
		}
	}
}
