package api

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// call runs one `api` command against a server and returns the results.
func call(t *testing.T, server http.HandlerFunc, args ...string) (stdout string, asked []string, err error) {
	t.Helper()
	var mu sync.Mutex
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Method+" "+r.RequestURI+" "+r.Header.Get("Authorization"))
		mu.Unlock()
		server(w, r)
	}))
	defer web.Close()
	streams, _, out, _ := iostreams.Test()
	a := app.New(streams, app.Build{})
	env := map[string]string{
		"HOME": t.TempDir(), "STOCKCTL_BASE_URL": web.URL, "STOCKCTL_TOKEN": "tok",
		"STOCKCTL_MERCHANT_API_KEY": "pk_test_1", "STOCKCTL_MAX_WAIT": "1ms",
	}
	a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	cmd := New(a)
	cmd.SetArgs(args)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err = cmd.ExecuteContext(t.Context())
	mu.Lock()
	defer mu.Unlock()
	return out.String(), slices.Clone(asked), err
}

// A write whose response is lost is sent only once, and its outcome is unknown.
func TestLostResponse(t *testing.T) {
	for method, times := range map[string]int{"POST": 1, "PATCH": 1, "PUT": 1, "DELETE": 1} {
		_, asked, err := call(t, hangUp, method, "/v1/inventory")
		if failure.KindOf(err) != failure.OutcomeUnknown || len(asked) != times {
			t.Errorf("%s: sent %d times, %v", method, len(asked), err)
		}
		if hint := failure.HintOf(err); hint != "check the result with `stockctl api GET` before you send it again" {
			t.Errorf("%s: got the hint %q, want one that names a command to check with", method, hint)
		}
	}
	if _, _, err := call(t, hangUp, "GET", "/v1/inventory"); failure.KindOf(err) != failure.Unavailable {
		t.Errorf("GET: got %v", err)
	}
}

func hangUp(w http.ResponseWriter, _ *http.Request) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// A redirect is printed like any other response, not followed.
func TestRedirectIsNotFollowed(t *testing.T) {
	_, asked, err := call(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}, "GET", "/v1/inventory")
	if failure.KindOf(err) != failure.Config || len(asked) != 1 {
		t.Errorf("asked %q, %v", asked, err)
	}
}

// An error response is printed, and the fields of a DELETE go into its query.
func TestErrorResponseIsPrinted(t *testing.T) {
	out, asked, err := call(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "upstream is gone", http.StatusBadGateway)
	}, "delete", "/v1/x", "-F", "a=null", "-F", "b=1 2", "--raw-field", "c=@d")
	if out != "upstream is gone\n" || failure.KindOf(err) != failure.OutcomeUnknown {
		t.Errorf("printed %q, %v", out, err)
	}
	if want := "DELETE /v1/x?a=&b=1+2&c=%40d Bearer tok"; strings.Join(asked, "\n") != want {
		t.Errorf("asked %q, want %q", asked, want)
	}
}

func TestObject(t *testing.T) {
	fields := []field{
		{"z", "true", true},
		{"n", "-12", true},
		{"code", "007", true},
		{"nothing", "null", true},
		{"text", "12", false},
		{"file", "@-", true},
		{"at", "@-", false},
		{"f", "1.5", true},
	}
	got, err := object(t.Context(), fields, strings.NewReader("a\nb"))
	want := `{"z":true,"n":-12,"code":"007","nothing":null,"text":"12","file":"a\nb","at":"@-","f":"1.5"}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}
