package sandbox_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

type page struct {
	Content                    []struct{ ID string }
	Page, Limit, TotalElements int
}

func (s *shop) page(path string) (out page) {
	s.t.Helper()
	s.call("GET", path, "").data(s.t, &out)
	return out
}

func (p page) ids() (out []string) {
	for _, one := range p.Content {
		out = append(out, one.ID)
	}
	return out
}

func TestPages(t *testing.T) {
	s := open(t, sandbox.Options{})
	var made []string
	for i := range 114 {
		made = append(made, s.create(fmt.Sprintf(`{"productId":"p%d","warehouseId":"wh_def456","initialQty":1}`, i)).ID)
	}
	for _, c := range []struct {
		path              string
		page, limit, rows int
		total             int
	}{
		{"/v1/inventory", 0, 50, 50, 120},
		{"/v1/inventory?page=2", 2, 50, 20, 120},
		{"/v1/inventory?page=&limit=", 0, 50, 50, 120},
		{"/v1/inventory?limit=1000", 0, 100, 100, 120},
		{"/v1/inventory?page=1&limit=1000", 1, 100, 20, 120},
		{"/v1/inventory?page=2147483647&limit=100", 2147483647, 100, 0, 120},
		{"/v1/inventory/logs?page=1&limit=70", 1, 70, 51, 121},
		{"/v2/products?page=1&limit=3", 1, 3, 2, 5},
		{"/v2/products?page=2147483647", 2147483647, 50, 0, 5},
	} {
		got := s.page(c.path)
		if got.Page != c.page || got.Limit != c.limit || len(got.Content) != c.rows || got.TotalElements != c.total {
			t.Errorf("%s: page %d, limit %d, %d rows of %d, want %+v", c.path, got.Page, got.Limit, len(got.Content), got.TotalElements, c)
		}
	}
	all := slices.Concat(s.page("/v1/inventory").ids(), s.page("/v1/inventory?page=1").ids(), s.page("/v1/inventory?page=2").ids())
	if !slices.Equal(all[6:], made) {
		t.Error("the pages must add up to all records, oldest first")
	}
	log := s.log()
	if log[0].InventoryID != made[113] || log[1].InventoryID != made[112] {
		t.Error("the log must be newest first")
	}
	s.call("GET", "/v1/inventory?page=9", "").wants(t, 200,
		`{"status":true,"data":{"content":[],"page":9,"limit":50,"totalElements":120}}`)
}

func TestPageValidation(t *testing.T) {
	s := open(t, sandbox.Options{})
	for _, path := range []string{"/v1/inventory", "/v1/inventory/logs", "/v2/products"} {
		for _, bad := range []string{"-1", "x", "1.5", "2147483648"} {
			s.call("GET", path+"?page="+bad, "").wants(t, 400, failedValidation("page must be a whole number from 0 to 2147483647"))
		}
		for _, bad := range []string{"0", "-5", "ten"} {
			s.call("GET", path+"?limit="+bad, "").wants(t, 400, failedValidation("limit must be a whole number from 1 to 2147483647"))
		}
	}
}

func TestProducts(t *testing.T) {
	s := open(t, sandbox.Options{})
	const phone, tote, mug, book, both, paper = "prod_phone_789", "prod_abc123", "prod_mug", "prod_ebook_101", "prod_bundle_202", "prod_retired_303"
	for query, want := range map[string][]string{
		"":                                           {phone, tote, mug, both, book},
		"sortDirectionParam=DESC":                    {book, both, mug, tote, phone},
		"sortFieldParam=PRICE":                       {mug, book, tote, phone, both},
		"sortFieldParam=CREATED_AT":                  {tote, phone, book, both, mug},
		"productType=DIGITAL":                        {book},
		"attribute=Storage:256GB":                    {phone},
		"attribute=Material:Canvas":                  {tote},
		"attribute=Color:Red&attribute=Color:":       nil,
		"attribute=Color:Red&attribute=Brand:Aurora": {phone},
		"attribute=":                                 {phone, tote, mug, both, book},
		"archived=true":                              {paper},
		"archived=true&productType=VARIABLE":         nil,
	} {
		if got := s.page("/v2/products?" + query).ids(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"productType=BOX":              "productType must be one of SIMPLE, VARIABLE, DIGITAL, BUNDLE",
		"attribute=Color":              "attribute must be Key:Value",
		"archived=maybe":               "archived must be true or false",
		"sortFieldParam=SIZE":          "sortFieldParam must be one of NAME, PRICE, CREATED_AT",
		"sortDirectionParam=DOWNWARDS": "sortDirectionParam must be ASC or DESC",
	} {
		s.call("GET", "/v2/products?"+query, "").wants(t, 400, failedValidation(want))
	}
	s.call("GET", "/v2/products/prod_none", "").wants(t, 404, plain("Product not found."))
	s.call("GET", "/v2/products/"+paper, "").data(t, new(any))
}
