package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
)

// A part of a list never stands for the whole: who leaves early, or meets an
// error, or lets the API filter, has nothing told. Of a long list the first rows
// are.
func TestReadingsAreWhole(t *testing.T) {
	page := func(rows string) string { return fmt.Sprintf(`{"status":true,"data":[%s]}`, rows) }
	const three = `{"id":"1"},{"id":"2"},{"id":"3"}`
	refused := says(403, `{"status":false,"message":"no"}`)
	for name, test := range map[string]struct {
		read func(*api.Client)
		book *shop
		want string
	}{
		"warehouses":         {func(c *api.Client) { _, _ = c.Warehouses(t.Context()) }, openShop(t, says(200, page(three))), "warehouses 1 2 3"},
		"warehouses refused": {func(c *api.Client) { _, _ = c.Warehouses(t.Context()) }, openShop(t, refused), ""},
		"products":           {func(c *api.Client) { readRows(t, c.Products(api.ProductFilter{}), 9) }, openShop(t, answers(says(200, page(three)), says(200, page("")))), "products 1 2 3"},
		"filtered":           {func(c *api.Client) { readRows(t, c.Products(api.ProductFilter{Type: "SIMPLE"}), 9) }, openShop(t, answers(says(200, page(three)), says(200, page("")))), ""},
		"records":            {func(c *api.Client) { readRows(t, c.Records(), 9) }, openShop(t, answers(says(200, page(three)), says(200, page("")))), "records 1 2 3"},
		"none":               {func(c *api.Client) { readRows(t, c.Records(), 9) }, openShop(t, says(200, page(""))), "records"},
		"many":               {func(c *api.Client) { readRows(t, c.Records(), 9) }, openShop(t, answers(says(200, page(three+`,{"id":"4"}`)), says(200, page("")))), "records 1 2 3"},
		"left":               {func(c *api.Client) { readRows(t, c.Records(), 2) }, openShop(t, says(200, page(three))), ""},
		"second page fails":  {func(c *api.Client) { readRows(t, c.Records(), 9) }, openShop(t, answers(says(200, page(three)), refused)), ""},
		"short of the total": {func(c *api.Client) { readRows(t, c.Records(), 9) }, openShop(t, says(200, `{"content":[`+three+`],"totalElements":5}`)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			var told []string
			hear := func(what string, ids ...string) {
				told = append(told, strings.Join(append([]string{what}, ids...), " "))
			}
			client, err := api.New(api.Options{BaseURL: test.book.URL, MaxWait: -1, Readings: api.Readings{
				Rows:       3,
				Warehouses: func(l []api.Warehouse) { hear("warehouses", idsOf(l, func(w api.Warehouse) string { return w.ID })...) },
				Products:   func(l []api.Product) { hear("products", idsOf(l, func(p api.Product) string { return p.ID })...) },
				Records:    func(l []api.Record) { hear("records", idsOf(l, func(r api.Record) string { return r.ID })...) },
			}})
			if err != nil {
				t.Fatal(err)
			}
			test.read(client)
			if got := strings.Join(told, "; "); got != test.want {
				t.Errorf("told of %q, want %q", got, test.want)
			}
		})
	}
}

func idsOf[T any](list []T, id func(T) string) []string {
	var out []string
	for _, v := range list {
		out = append(out, id(v))
	}
	return out
}

// readRows reads at most so many rows.
func readRows[T any](t *testing.T, l *api.List[T], most int) {
	t.Helper()
	n := 0
	for _, err := range l.All(t.Context()) {
		if n++; err != nil || n == most {
			return
		}
	}
}
