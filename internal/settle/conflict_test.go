package settle_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// A 409 means that the record exists whatever its message says; with another status
// the message decides.
func TestABare409MeansThatTheRecordExists(t *testing.T) {
	for _, body := range []string{"", "{}", `{"status":false}`, `{"status":false,"message":"Conflict"}`} {
		for _, c := range []struct {
			status int
			exists bool
			want   settle.Outcome
		}{
			{409, true, settle.Already},
			{409, false, settle.Refused},
			{403, true, settle.Refused},
			{423, true, settle.Refused},
		} {
			d := openDesk(t)
			d.write = says(c.status, body)
			if c.exists {
				record := d.fullRecord()
				d.records = func() string { return "[" + record + "]" }
			}
			got := d.settler.Create(t.Context(), full(), settle.Same)
			if got.Outcome != c.want || (got.Err == nil) != (c.want == settle.Already) || d.count("POST") != 1 {
				t.Errorf("%d %q, exists %t: outcome %s, %v", c.status, body, c.exists, got.Outcome, got.Err)
			}
		}
	}
	d := openDesk(t)
	d.write = says(422, `{"status":false,"message":"Conflict"}`)
	d.records = func() string { return "[" + d.fullRecord() + "]" }
	if got := d.settler.Create(t.Context(), full(), settle.Same); got.Outcome != settle.Refused {
		t.Errorf("422 with another message: outcome %s, %v", got.Outcome, got.Err)
	}
}

// If the existing record cannot be read, a refusal remains a refusal and says so.
// After a lost response the outcome is then unknown.
func TestAnExistingRecordThatCannotBeRead(t *testing.T) {
	const exists = `{"status":false,"message":"An inventory record for this product already exists in the specified warehouse."}`
	const said = `the record already exists: the API says "An inventory record for this product already exists in the specified warehouse" (409)`
	const unread = said + "; reading the existing record: permission denied (403)"
	for policy, c := range map[settle.Policy]struct {
		says string // "" for none
		kind failure.Kind
	}{
		settle.Fail: {said, failure.AlreadyExists},
		settle.Skip: {"", ""},
		settle.Same: {unread, failure.AlreadyExists},
		settle.Set:  {unread, failure.AlreadyExists},
	} {
		d := openDesk(t)
		d.write, d.readsFail = says(409, exists), 403
		got := d.settler.Create(t.Context(), full(), policy)
		if got.Outcome != settle.Already || got.Record != nil || d.count("PATCH") != 0 {
			t.Errorf("%s: outcome %s, record %v", policy, got.Outcome, got.Record)
		}
		if c.says == "" && got.Err != nil || c.says != "" && (got.Err == nil || got.Err.Error() != c.says || failure.KindOf(got.Err) != c.kind) {
			t.Errorf("%s: %v\nwant %s", policy, got.Err, c.says)
		}

		d.write = inTurn(lost, says(409, exists))
		got = d.settler.Create(t.Context(), full(), policy)
		unknown(t, got.Err, "creating p/s@w: "+said+"; reading the record: permission denied (403)")
	}

	// Neither the reason nor the record can be read, so only the refusal is known.
	d := openDesk(t)
	d.write, d.readsFail = says(409, "<html>"), 403
	if got := d.settler.Create(t.Context(), full(), settle.Same); got.Outcome != settle.Refused && got.Outcome != settle.Already || got.Err == nil {
		t.Errorf("outcome %s, %v", got.Outcome, got.Err)
	}
	d.write = says(400, "<html>")
	if got := d.settler.Create(t.Context(), full(), settle.Same); got.Outcome != settle.Refused || failure.KindOf(got.Err) != failure.Refused {
		t.Errorf("outcome %s, %v", got.Outcome, got.Err)
	}
}

// After a lost response the API says that the record exists, but does not list it
// yet.
func TestExistsAfterALostResponseWithoutARecord(t *testing.T) {
	d := openDesk(t)
	d.write = inTurn(lost, says(409, `{"status":false,"message":"Conflict"}`))
	got := d.settler.Create(t.Context(), full(), settle.Same)
	unknown(t, got.Err, `creating p/s@w: the API refused the request: "Conflict" (409), so it is not known whether it was created`)
	d.write, d.readsFail = inTurn(lost, says(409, `{"status":false,"message":"Conflict"}`)), 404
	got = d.settler.Create(t.Context(), full(), settle.Same)
	unknown(t, got.Err, "so it is not known whether it was created")
}

// --if-exists set sends the difference to the quantity that was read, and returns
// the record as it is afterwards.
func TestSetSendsTheDifference(t *testing.T) {
	const exists = `{"status":false,"message":"Conflict"}`
	for name, c := range map[string]struct {
		have   string
		answer func(d *desk) string // the response to the movement
		sent   string               // the beginning of the movement's body; "" for none
		want   settle.Creation
		onHand int64
		says   string
	}{
		"more": {"30", nil, `{"qty":20,"action":"ADJUSTED",`, settle.Creation{Outcome: settle.Already, Adjusted: 20}, 50, ""},
		"less": {"70", nil, `{"qty":-20,"action":"ADJUSTED",`, settle.Creation{Outcome: settle.Already, Adjusted: -20}, 50, ""},
		"none": {"0", nil, `{"qty":50,"action":"ADJUSTED",`, settle.Creation{Outcome: settle.Already, Adjusted: 50}, 50, ""},
		"same": {"50", nil, "", settle.Creation{Outcome: settle.Already}, 50, ""},
		"moved meanwhile": {
			"30", func(*desk) string { return `{"id":"inv_1","onHandQty":49,"reservedQty":4,"availableQty":45}` },
			`{"qty":20,"action":"ADJUSTED",`,
			settle.Creation{Outcome: settle.Already, Adjusted: 20},
			49, "",
		},
		"a response without figures": {
			"30", func(*desk) string { return `{"id":"inv_1"}` },
			`{"qty":20,"action":"ADJUSTED",`,
			settle.Creation{Outcome: settle.Already, Adjusted: 20},
			50, "",
		},
		"not known": {"null", nil, "", settle.Creation{Outcome: settle.Already}, 0, "the inventory record p/s@w already exists, and the API does not report its quantity on hand, so it was not set"},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			record := d.fullRecord(`"onHandQty":50`, `"onHandQty":`+c.have)
			d.records = func() string { return "[" + record + "]" }
			answer := `{"id":"inv_1","onHandQty":50,"reservedQty":0,"availableQty":50}`
			if c.answer != nil {
				answer = c.answer(d)
			}
			d.write = inTurn(says(409, exists), says(200, `{"status":true,"data":`+answer+`}`))
			got := d.settler.Create(t.Context(), full(), settle.Set)
			if got.Outcome != c.want.Outcome || got.Adjusted != c.want.Adjusted {
				t.Errorf("outcome %s, adjusted %d", got.Outcome, got.Adjusted)
			}
			if c.says == "" && got.Err != nil || c.says != "" && (got.Err == nil || got.Err.Error() != c.says) {
				t.Errorf("got %v, want %s", got.Err, c.says)
			}
			if c.says == "" && *got.Record.OnHandQty != c.onHand {
				t.Errorf("reported as %d, want %d", *got.Record.OnHandQty, c.onHand)
			}
			if c.sent == "" && d.count("PATCH") != 0 || c.sent != "" && d.count("PATCH /v1/inventory/inv_1/adjust "+c.sent) != 1 {
				t.Errorf("sent %s", d.lastWrite())
			}
		})
	}
}

// If the movement of a set fails, the error has both quantities. The outcome is
// unknown if that of the movement is.
func TestSetWhenItsMovementFails(t *testing.T) {
	const prefix = "setting on hand of p/s@w from 30 to 50: "
	for name, c := range map[string]struct {
		write   func(w respond)
		log     bool
		outcome settle.Outcome
		kind    failure.Kind
	}{
		"refused":        {says(403, `{"status":false,"message":"no"}`), true, settle.Already, failure.Permission},
		"lost, and gone": {lost, true, settle.Already, failure.Unavailable},
		"lost, no log":   {lost, false, settle.Unknown, failure.OutcomeUnknown},
	} {
		d := openDesk(t)
		record := d.fullRecord(`"onHandQty":50`, `"onHandQty":30`)
		d.records = func() string { return "[" + record + "]" }
		d.write = inTurn(says(409, "{}"), c.write)
		if !c.log {
			d.logFails = 403
		}
		got := d.settler.Create(t.Context(), full(), settle.Set)
		if got.Outcome != c.outcome || got.Adjusted != 0 || failure.KindOf(got.Err) != c.kind || len(got.Err.Error()) < len(prefix) || got.Err.Error()[:len(prefix)] != prefix {
			t.Errorf("%s: outcome %s, adjusted %d, %s: %v", name, got.Outcome, got.Adjusted, failure.KindOf(got.Err), got.Err)
		}
	}
}

// Responses omit unchanged fields, which keep their values; the others are replaced.
func TestOverKeepsOmittedFields(t *testing.T) {
	n := func(v int64) *int64 { return &v }
	before := api.Record{
		ID: "inv_1", ProductID: "p", SKUID: "s", WarehouseID: "w", WarehouseName: "Lagos", Location: ptr("B"), OnHandQty: n(10),
		ReservedQty: n(3), AvailableQty: n(7), LastAdjustedBy: "ada",
	}
	at := &api.Time{}
	got := settle.Updated(before, api.Record{OnHandQty: n(0)})
	if *got.OnHandQty != 0 || *got.ReservedQty != 3 || *got.AvailableQty != -3 || got.LastAdjustedBy != "ada" || got.UpdatedAt != nil {
		t.Errorf("got %+v, want 0 on hand, 3 reserved and -3 available", got)
	}
	got = settle.Updated(before, api.Record{ReservedQty: n(5)})
	if *got.OnHandQty != 10 || *got.ReservedQty != 5 || *got.AvailableQty != 5 {
		t.Errorf("got %+v, want 10 on hand, 5 reserved and 5 available", got)
	}
	got = settle.Updated(before, api.Record{OnHandQty: n(9), ReservedQty: n(2), AvailableQty: n(1), UpdatedAt: at, LastStockAdjusted: at, LastAdjustedBy: "bob"})
	if *got.AvailableQty != 1 || got.UpdatedAt != at || got.LastStockAdjusted != at || got.LastAdjustedBy != "bob" {
		t.Errorf("what the response states counts: %+v", got)
	}
	if got.ProductID != "p" || got.SKUID != "s" || got.WarehouseID != "w" || got.WarehouseName != "Lagos" || *got.Location != "B" {
		t.Errorf("the record is another one: %+v", got)
	}
	got = settle.Updated(api.Record{ID: "inv_1", OnHandQty: n(4)}, before)
	if got.ProductID != "p" || got.SKUID != "s" || got.WarehouseID != "w" || got.WarehouseName != "Lagos" || *got.Location != "B" {
		t.Errorf("a value that only the response has is used: %+v", got)
	}
	if got = settle.Updated(api.Record{ID: "inv_1", ProductID: "p"}, api.Record{OnHandQty: n(4)}); *got.OnHandQty != 4 || got.AvailableQty != nil {
		t.Errorf("available was computed from nothing: %+v", got)
	}
	if got = settle.Updated(api.Record{ID: "inv_1", ProductID: "p"}, api.Record{ReservedQty: n(4)}); got.AvailableQty != nil {
		t.Errorf("available was computed from nothing: %+v", got)
	}
}
