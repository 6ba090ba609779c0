package sandbox

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Only the key stops a server: it may be reachable from other machines.
func TestOnlyTheKeyStopsAServer(t *testing.T) {
	stopped := 0
	shop := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	web := httptest.NewServer(stoppable(shop, "key", func() { stopped++ }))
	defer web.Close()
	for _, c := range []struct {
		method, path, key string
		status, stopped   int
	}{
		{http.MethodPost, stopPath, "Bearer other", http.StatusForbidden, 0},
		{http.MethodPost, stopPath, "", http.StatusForbidden, 0},
		{http.MethodGet, stopPath, "Bearer key", http.StatusTeapot, 0},
		{http.MethodPost, "/v1/inventory", "Bearer key", http.StatusTeapot, 0},
		{http.MethodPost, stopPath, "Bearer key", http.StatusAccepted, 1},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, web.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", c.key)
		response, err := web.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
		if response.StatusCode != c.status || stopped != c.stopped {
			t.Errorf("%s %s with %q: %d, and %d stops", c.method, c.path, c.key, response.StatusCode, stopped)
		}
	}
}
