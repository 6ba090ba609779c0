package sandbox_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// red is the seeded record with 3 on hand.
const red = "/v1/inventory/inv_red256/"

func TestStockRules(t *testing.T) {
	s := open(t, sandbox.Options{})
	s.call("PATCH", red+"adjust", `{"qty":-5,"action":"SOLD"}`).
		wants(t, 422, plain("Adjustment would result in negative stock. Current on-hand: 3, requested change: -5."))
	s.call("PATCH", red+"adjust", `{"qty":2147483647,"action":"RECEIVED"}`).
		wants(t, 422, plain("Adjustment would exceed the largest quantity. Current on-hand: 3, requested change: 2147483647."))
	s.call("PATCH", red+"reserve", `{"qty":5}`).
		wants(t, 422, plain("Cannot reserve 5 units. Only 3 units are currently available."))
	s.call("PATCH", red+"release", `{"qty":1}`).
		wants(t, 422, plain("Cannot release 1 units. Only 0 units are currently reserved."))

	quantities := func(verb, body string, onHand, reserved, available int64) {
		t.Helper()
		var got stock
		s.call("PATCH", red+verb, body).data(t, &got)
		if got.OnHandQty != onHand || got.ReservedQty != reserved || got.AvailableQty != available {
			t.Errorf("%s %s: %+v, want %d %d %d", verb, body, got, onHand, reserved, available)
		}
	}
	quantities("reserve", `{"qty":2,"reference":"SO-1","notes":"hold"}`, 3, 2, 1)
	s.call("PATCH", red+"reserve", `{"qty":2}`).
		wants(t, 422, plain("Cannot reserve 2 units. Only 1 units are currently available."))
	quantities("release", `{"qty":1}`, 3, 1, 2)
	quantities("adjust", `{"qty":-3,"action":"DAMAGED"}`, 0, 1, -1)
	s.call("PATCH", red+"reserve", `{"qty":1}`).
		wants(t, 422, plain("Cannot reserve 1 units. Only -1 units are currently available."))
	quantities("adjust", `{"qty":1,"action":"TRANSFERRED_IN"}`, 1, 1, 0)

	want := []struct {
		action string
		change int64
	}{{"TRANSFERRED_IN", 1}, {"DAMAGED", -3}, {"RELEASED", 1}, {"RESERVED", -2}, {"SOLD", -12}}
	log := s.log()
	for i, w := range want {
		if log[i].Action != w.action || log[i].QtyChange != w.change || log[i].InventoryID != "inv_red256" {
			t.Errorf("movement %d is %+v, want %+v", i, log[i], w)
		}
	}
	if hold := log[3]; *hold.Reference != "SO-1" || *hold.Notes != "hold" || hold.AdjustedBy != "Sandbox Merchant" {
		t.Errorf("the reservation is logged as %+v", hold)
	}
	if len(log) != 7+4 {
		t.Errorf("%d movements, want 11: refused calls must not be logged", len(log))
	}
}

func TestStockValidation(t *testing.T) {
	lenient, strict := open(t, sandbox.Options{}), open(t, sandbox.Options{Strict: true})
	const (
		anyWhole  = "qty must be a whole number from -2147483648 to 2147483647"
		positive  = "qty must be a whole number from 1 to 2147483647"
		published = "action must be one of RECEIVED, SOLD, ADJUSTED, DAMAGED, RETURNED"
	)
	for _, c := range []struct {
		shop             *shop
		verb, body, want string
	}{
		{lenient, "adjust", `{}`, "qty is required; action is required"},
		{lenient, "adjust", `{"qty":0,"action":"SOLD"}`, "qty must not be 0"},
		{lenient, "adjust", `{"qty":1.5,"action":"SOLD"}`, anyWhole},
		{lenient, "adjust", `{"qty":"1","action":"SOLD"}`, anyWhole},
		{lenient, "adjust", `{"qty":1,"action":"sold"}`, published + ", TRANSFERRED_IN, TRANSFERRED_OUT"},
		{lenient, "adjust", `{"qty":1,"action":"RESERVED"}`, published + ", TRANSFERRED_IN, TRANSFERRED_OUT"},
		{strict, "adjust", `{"qty":1,"action":"TRANSFERRED_OUT"}`, published},
		{lenient, "adjust", `{"qty":1,"action":"SOLD","notes":1,"reference":[]}`, "reference must be a string; notes must be a string"},
		{lenient, "reserve", `{}`, "qty is required"},
		{lenient, "reserve", `{"qty":0}`, positive},
		{lenient, "release", `{"qty":-1}`, positive},
	} {
		c.shop.call("PATCH", red+c.verb, c.body).wants(t, 400, failedValidation(c.want))
	}
	for _, verb := range []string{"adjust", "reserve", "release"} {
		lenient.call("PATCH", "/v1/inventory/inv_none/"+verb, `{"qty":1,"action":"SOLD"}`).wants(t, 404, plain("Inventory record not found."))
	}
}

func TestLowStock(t *testing.T) {
	s := open(t, sandbox.Options{})
	low := func() (ids []string) {
		var all []stock
		s.call("GET", "/v1/inventory/low-stock", "").data(t, &all)
		for _, r := range all {
			ids = append(ids, r.ID)
		}
		return ids
	}
	none := s.create(`{"productId":"p","skuId":"no level","warehouseId":"wh_abc123","initialQty":0}`)
	level := s.create(`{"productId":"p","skuId":"level 0","warehouseId":"wh_abc123","initialQty":0,"reorderLevel":0}`)
	if got := low(); len(got) != 2 || got[0] != "inv_red256" || got[1] != level.ID {
		t.Errorf("low are %v, want the seeded one and %s, not %s", got, level.ID, none.ID)
	}
	s.call("PATCH", red+"adjust", `{"qty":3,"action":"RECEIVED"}`).data(t, new(any))
	if got := low(); len(got) != 1 {
		t.Errorf("6 of level 5 is not low: %v", got)
	}
	s.call("PATCH", red+"reserve", `{"qty":1}`).data(t, new(any))
	if got := low(); len(got) != 2 {
		t.Errorf("5 available of level 5 is low: %v", got)
	}
}
