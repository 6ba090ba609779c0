package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
)

// pupil records what it receives.
type pupil struct{ learned []string }

func (p *pupil) hear(what string, ids ...string) {
	p.learned = append(p.learned, strings.Join(append([]string{what}, ids...), " "))
}

func (p *pupil) LearnWarehouses(l []api.Warehouse) {
	p.hear("warehouses", idsOf(l, func(w api.Warehouse) string { return w.ID })...)
}
func (p *pupil) LearnWarehouse(w api.Warehouse) { p.hear("warehouse", w.ID) }
func (p *pupil) LearnProducts(l []api.Product) {
	p.hear("products", idsOf(l, func(p api.Product) string { return p.ID })...)
}

func (p *pupil) LearnRecords(l []api.Record) {
	p.hear("records", idsOf(l, func(r api.Record) string { return r.ID })...)
}

// A learner receives every good response and no others. It does not receive a list of
// warehouses that is shorter than its total.
func TestLearner(t *testing.T) {
	list := func(rows string) string { return fmt.Sprintf(`{"status":true,"data":[%s]}`, rows) }
	const two = `{"id":"1"},{"id":"2"}`
	const one = `{"status":true,"data":{"id":"1","onHandQty":1}}`
	refused := says(403, `{"status":false,"message":"no"}`)
	for name, test := range map[string]struct {
		call func(*api.Client)
		book *shop
		want string
	}{
		"warehouses":           {func(c *api.Client) { _, _ = c.Warehouses(t.Context()) }, openShop(t, says(200, list(two))), "warehouses 1 2"},
		"warehouses refused":   {func(c *api.Client) { _, _ = c.Warehouses(t.Context()) }, openShop(t, refused), ""},
		"warehouses cut short": {func(c *api.Client) { _, _ = c.Warehouses(t.Context()) }, openShop(t, says(200, `{"data":{"content":[`+two+`],"totalElements":3}}`)), ""},
		"warehouse changed":    {func(c *api.Client) { _, _ = c.UpdateWarehouse(t.Context(), "1", api.UpdateWarehouse{}) }, openShop(t, says(200, one)), "warehouse 1"},
		"products":             {func(c *api.Client) { readRows(t, c.Products(api.ProductFilter{}), 9) }, openShop(t, answers(says(200, list(two)), says(200, list("")))), "products 1 2; products"},
		"product":              {func(c *api.Client) { _, _ = c.Product(t.Context(), "1") }, openShop(t, says(200, one)), "products 1"},
		"records, left early":  {func(c *api.Client) { readRows(t, c.Records(), 1) }, openShop(t, says(200, list(two))), "records 1 2"},
		"records of a product": {func(c *api.Client) { _, _ = c.RecordsOf(t.Context(), "p", "") }, openShop(t, says(200, list(two))), "records 1 2"},
		"adjusted":             {func(c *api.Client) { _, _ = c.Adjust(t.Context(), "1", api.Adjustment{Qty: 1}) }, openShop(t, says(200, one)), "records 1"},
		"not adjusted":         {func(c *api.Client) { _, _ = c.Adjust(t.Context(), "1", api.Adjustment{Qty: 1}) }, openShop(t, refused), ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := &pupil{}
			client, err := api.New(api.Options{BaseURL: test.book.URL, MaxWait: -1, Learner: p})
			if err != nil {
				t.Fatal(err)
			}
			test.call(client)
			if got := strings.Join(p.learned, "; "); got != test.want {
				t.Errorf("received %q, want %q", got, test.want)
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

// readRows reads at most that many rows.
func readRows[T any](t *testing.T, l *api.List[T], most int) {
	t.Helper()
	n := 0
	for _, err := range l.All(t.Context()) {
		if n++; err != nil || n == most {
			return
		}
	}
}
