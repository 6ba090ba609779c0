package api_test

import (
	"context"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// A response about something else, or about nothing, is never trusted: the outcome of a
// write is unknown then, and a read fails.
func TestAResponseIsComparedWithItsRequest(t *testing.T) {
	of := api.Subject{ProductID: "p1", SKUID: "s1", WarehouseID: "w1"}
	adjust := func(ctx context.Context, c *api.Client) error {
		_, err := c.Adjust(ctx, "inv_1", api.Adjustment{Qty: 1, Action: "RECEIVED", Of: of})
		return err
	}
	reserve := func(ctx context.Context, c *api.Client) error {
		_, err := c.Reserve(ctx, "inv_1", api.Reservation{Qty: 1, Of: of})
		return err
	}
	release := func(ctx context.Context, c *api.Client) error {
		_, err := c.Release(ctx, "inv_1", api.Reservation{Qty: 1, Of: of})
		return err
	}
	create := func(ctx context.Context, c *api.Client) error {
		_, err := c.CreateRecord(ctx, api.CreateRecord{ProductID: "p1", SKUID: "s1", WarehouseID: "w1", InitialQty: ptr(int64(1))})
		return err
	}
	createPlain := func(ctx context.Context, c *api.Client) error {
		_, err := c.CreateRecord(ctx, api.CreateRecord{ProductID: "p1", WarehouseID: "w1", InitialQty: ptr(int64(1))})
		return err
	}
	open := func(ctx context.Context, c *api.Client) error {
		_, err := c.CreateWarehouse(ctx, api.CreateWarehouse{Name: "Kano", Code: "KAN-01"})
		return err
	}
	change := func(ctx context.Context, c *api.Client) error {
		_, err := c.UpdateWarehouse(ctx, "w1", api.UpdateWarehouse{Name: ptr("Kano"), Code: ptr("KAN-01")})
		return err
	}
	flip := func(ctx context.Context, c *api.Client) error {
		_, err := c.UpdateWarehouse(ctx, "w1", api.UpdateWarehouse{Active: ptr(false), IsDefault: ptr(true)})
		return err
	}
	records := func(ctx context.Context, c *api.Client) error {
		_, err := c.RecordsOf(ctx, "p1", "s1")
		return err
	}
	product := func(ctx context.Context, c *api.Client) error { _, err := c.Product(ctx, "p1"); return err }
	user := func(ctx context.Context, c *api.Client) error { _, err := c.Profile(ctx); return err }
	warehouses := func(ctx context.Context, c *api.Client) error { _, err := c.Warehouses(ctx); return err }
	for name, test := range map[string]struct {
		do   func(context.Context, *api.Client) error
		data string // "" for a response without data
		want string // "" for a good response
	}{
		"adjust":                    {adjust, `{"id":"inv_1","productId":"p1","skuId":"s1","warehouseId":"w1"}`, ""},
		"adjust, other record":      {adjust, `{"id":"inv_OTHER","productId":"prod_9"}`, "shows record inv_OTHER, not inv_1"},
		"adjust, other product":     {adjust, `{"id":"inv_1","productId":"prod_9"}`, "shows product prod_9, not p1"},
		"adjust, other SKU":         {adjust, `{"id":"inv_1","skuId":"s9"}`, "shows SKU s9, not s1"},
		"adjust, other warehouse":   {adjust, `{"id":"inv_1","warehouseId":"w9"}`, "shows warehouse w9, not w1"},
		"adjust, no data":           {adjust, "", "contains no id"},
		"adjust, null":              {adjust, "null", "contains no id"},
		"adjust, figures only":      {adjust, `{"onHandQty":7}`, "contains no id"},
		"reserve, figures":          {reserve, `{"id":"inv_1","onHandQty":7}`, ""},
		"reserve, other record":     {reserve, `{"id":"inv_2","onHandQty":7}`, "shows record inv_2, not inv_1"},
		"reserve, no data":          {reserve, "", "contains no id"},
		"release, other record":     {release, `{"id":"inv_2","onHandQty":7}`, "shows record inv_2, not inv_1"},
		"release, no data":          {release, "", "contains no id"},
		"create, other product":     {create, `{"id":"i","productId":"p9"}`, "shows product p9, not p1"},
		"create, other SKU":         {create, `{"id":"i","skuId":"s9"}`, "shows SKU s9, not s1"},
		"create, an unwanted SKU":   {createPlain, `{"id":"i","productId":"p1","skuId":"s9"}`, "shows SKU s9, but none was requested"},
		"create, other warehouse":   {create, `{"id":"i","warehouseId":"w9"}`, "shows warehouse w9, not w1"},
		"create, no data":           {create, "", "contains no id"},
		"warehouse":                 {open, `{"id":"w1","name":"kano","code":"kan-01"}`, ""},
		"warehouse, other name":     {open, `{"id":"w1","name":"Abuja"}`, "shows the warehouse name Abuja, not Kano"},
		"warehouse, other code":     {open, `{"id":"w1","name":"Kano","code":"ABJ-01"}`, "shows the warehouse code ABJ-01, not KAN-01"},
		"warehouse, no data":        {open, "", "contains no id"},
		"change, other id":          {change, `{"id":"w9","name":"Kano","code":"KAN-01"}`, "shows warehouse w9, not w1"},
		"change, other name":        {change, `{"id":"w1","name":"Abuja"}`, "shows the warehouse name Abuja, not Kano"},
		"change, no data":           {change, "", "contains no id"},
		"switch, done":              {flip, `{"id":"w1","active":false,"isDefault":true}`, ""},
		"switch, not shown":         {flip, `{"id":"w1"}`, ""},
		"switch, still active":      {flip, `{"id":"w1","active":true,"isDefault":true}`, "shows active true, not false"},
		"switch, not the default":   {flip, `{"id":"w1","active":false,"default":false}`, "shows isDefault false, not true"},
		"records, other product":    {records, `[{"id":"i","productId":"p1"},{"id":"j","productId":"p9"}]`, "shows product p9, not p1"},
		"records, other SKU":        {records, `[{"id":"i","productId":"p1","skuId":"s9"}]`, "shows SKU s9, not s1"},
		"records, all SKUs":         {records, `[{"id":"i","productId":"p1","skuId":"s9"},{"id":"j","productId":"p1","skuId":"s1"}]`, ""},
		"records, without id":       {records, `[{"productId":"p1"}]`, "contains no id in entry 1"},
		"records, no data":          {records, "", "contains no list"},
		"product, other":            {product, `{"id":"p9","name":"x"}`, "shows product p9, not p1"},
		"product, no data":          {product, "", "contains no product"},
		"user, no data":             {user, "", "names no user"},
		"warehouses, one has no id": {warehouses, `[{"id":"w1"},{"code":"ABJ-01"}]`, "contains no id in entry 2"},
		"an id that plays tricks":   {adjust, `{"id":"inv_\u001b[2Jx"}`, "shows record inv_ [2Jx, not inv_1"},
	} {
		t.Run(name, func(t *testing.T) {
			body := `{"status":true}`
			if test.data != "" {
				body = `{"status":true,"data":` + test.data + `}`
			}
			s := openShop(t, says(200, body))
			err := test.do(t.Context(), s.client(t))
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), "the API's response "+test.want) {
				t.Fatalf("got %v, want that the response %s", err, test.want)
			}
			isWrite := !strings.HasPrefix(s.lines(), "GET")
			same(t, "in doubt", fault(t, err).InDoubt, isWrite)
			if !isWrite {
				isKind(t, err, failure.Unexpected)
			}
			same(t, "requests", len(s.requests()), 1)
		})
	}
}
