package cmd_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A response that is not from the API is not blamed on the account: the hint says to check
// the base URL or the network.
func TestResponseThatIsNotFromTheAPI(t *testing.T) {
	for _, test := range []struct {
		status     int
		body, hint string
		code       int
	}{
		{404, "", "check the base URL, URL: `export STOCKCTL_BASE_URL=URL` changes it", 6},
		{404, `{"message":"Not Found"}`, "check the base URL, URL: `export STOCKCTL_BASE_URL=URL` changes it", 6},
		{403, "<html><title>Blocked</title>", "see what responds: `curl -v URL`; ask whoever runs the network to let you through", 5},
		{403, `{"status":false,"message":"Missing can_read_inventory"}`, "ask an administrator of the store for the permission; see who you are with `stockctl auth status`", 5},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte(test.body))
		}))
		defer server.Close()
		u := customer(t, server.URL, "pk_test_1234567890", "s3cret-token")
		code, _, errOut := u.run(t, t.Context(), "inventory", "list")
		want := strings.Replace(test.hint, "check the base URL, URL", "check the base URL, "+server.URL, 1)
		want = strings.Replace(want, "curl -v URL", "curl -v "+server.URL, 1)
		if code != test.code || !strings.HasSuffix(errOut, "hint: "+want+"\n") {
			t.Errorf("%d %s: exit %d\n%s\nwant %s", test.status, test.body, code, errOut, want)
		}
	}
}
