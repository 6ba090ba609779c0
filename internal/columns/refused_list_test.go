package columns

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
)

// If the API refuses the list of warehouses, that is not a mistake in the file.
func TestRefusedListIsNotAMistakeInTheFile(t *testing.T) {
	for _, status := range []int{200, 400, 404, 422} {
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"status":false,"message":"not now"}`))
		}))
		client, err := api.New(api.Options{BaseURL: web.URL, MaxWait: -1})
		if err != nil {
			t.Fatal(err)
		}
		for _, mode := range []Mode{Create, Adjust} {
			_, what, err := NewNames(lookup.New(client), nil, mode).warehouse(t.Context(), fieldWarehouse, "LGS-01")
			var apiErr *api.Error
			if what != "" || !errors.As(err, &apiErr) || failure.KindOf(err) == failure.Usage {
				t.Errorf("%d, %s: a mistake %q, error %v", status, mode, what, err)
			}
		}
		web.Close()
	}
}
