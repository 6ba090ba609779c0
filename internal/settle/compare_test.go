package settle_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

func ptr[T any](v T) *T { return &v }

// full is a create request for a SKU with every field.
func full() api.CreateRecord {
	return api.CreateRecord{
		ProductID: "p", SKUID: "s", WarehouseID: "w", InitialQty: ptr(int64(50)), Location: "B-02-1",
		ReorderLevel: ptr(int64(10)), ReorderQty: ptr(int64(20)), VariantAttributes: map[string]string{"Color": "Red", "Size": "M"},
	}
}

// fullRecord is the record that full creates, as the API returns it.
func (d *desk) fullRecord(change ...string) string {
	text := fmt.Sprintf(`{"id":"inv_1","productId":"p","skuId":"s","warehouseId":"w","location":"B-02-1","onHandQty":50,"reservedQty":0,`+
		`"reorderLevel":10,"reorderQty":20,"variantAttributes":{"Color":"Red","Size":"M"},"createdAt":%q}`, d.at(0))
	return strings.NewReplacer(change...).Replace(text)
}

// A field that a create request gets is compared as well: without it another record
// would pass for ours.
func TestEveryFieldOfACreateIsCompared(t *testing.T) {
	for i := range reflect.TypeFor[api.CreateRecord]().NumField() {
		if reflect.TypeFor[api.CreateRecord]().Field(i).Tag.Get("json") == "-" {
			continue // it is not sent
		}
		asked := full()
		field, name := reflect.ValueOf(&asked).Elem().Field(i), reflect.TypeFor[api.CreateRecord]().Field(i).Name
		if field.IsZero() {
			change(t, name, field)
		}
		text, err := json.Marshal(asked)
		must(t, err)
		var found api.Record
		must(t, json.Unmarshal([]byte(strings.Replace(string(text), "initialQty", "onHandQty", 1)), &found))
		if diffs := settle.Compare(asked, found); len(diffs) > 0 {
			t.Fatalf("the same differs: %v", diffs)
		}
		change(t, name, field)
		if diffs := settle.Compare(asked, found); len(diffs) != 1 {
			t.Errorf("%s is not compared: %v", name, diffs)
		}
	}
}

// change gives a field of a request another value.
func change(t *testing.T, name string, field reflect.Value) {
	t.Helper()
	switch v := field.Interface().(type) {
	case string:
		field.SetString(v + "another")
	case *int64:
		field.Set(reflect.ValueOf(ptr(int64(99))))
	case map[string]string:
		field.Set(reflect.ValueOf(map[string]string{"Color": "Blue"}))
	default:
		t.Fatalf("add how %s is changed", name)
	}
}

// After a lost response to a create, an existing record is ours only if at most its
// stock differs from the request.
func TestEveryFieldOfTheRecordIsComparedAfterALostCreate(t *testing.T) {
	for name, c := range map[string]struct {
		change []string
		ours   bool
		says   string
	}{
		"as asked":            {nil, true, ""},
		"the SKU left out":    {[]string{`"skuId":"s",`, ""}, true, ""},
		"a location":          {[]string{"B-02-1", "Z-9"}, false, `location is "Z-9", not "B-02-1"`},
		"no location":         {[]string{"B-02-1", ""}, false, `location is "", not "B-02-1"`},
		"location left out":   {[]string{`"location":"B-02-1",`, ""}, true, ""},
		"a reorder level":     {[]string{`"reorderLevel":10`, `"reorderLevel":11`}, false, "reorderLevel is 11, not 10"},
		"a reorder level 0":   {[]string{`"reorderLevel":10`, `"reorderLevel":0`}, false, "reorderLevel is 0, not 10"},
		"level left out":      {[]string{`"reorderLevel":10`, `"reorderLevel":null`}, true, ""},
		"a reorder quantity":  {[]string{`"reorderQty":20`, `"reorderQty":21`}, false, "reorderQty is 21, not 20"},
		"reorder quantity 0":  {[]string{`"reorderQty":20`, `"reorderQty":0`}, false, "reorderQty is 0, not 20"},
		"quantity left out":   {[]string{`"reorderQty":20`, `"reorderQty":null`}, true, ""},
		"an attribute":        {[]string{`"Red"`, `"Blue"`}, false, `variantAttributes is {"Color":"Blue","Size":"M"}, not {"Color":"Red","Size":"M"}`},
		"an attribute fewer":  {[]string{`,"Size":"M"`, ""}, false, `variantAttributes is {"Color":"Red"}, not {"Color":"Red","Size":"M"}`},
		"attributes left out": {[]string{`{"Color":"Red","Size":"M"}`, "null"}, true, ""},
		"sold since":          {[]string{`"onHandQty":50`, `"onHandQty":47`}, true, "onHandQty is 47, not 50"},
		"sold out since":      {[]string{`"onHandQty":50`, `"onHandQty":0`}, true, "onHandQty is 0, not 50"},
		"sold since, and a reorder level": {
			[]string{`"onHandQty":50`, `"onHandQty":47`, `"reorderLevel":10`, `"reorderLevel":0`},
			false,
			"onHandQty is 47, not 50, reorderLevel is 0, not 10",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.write = inTurn(lost, says(409, `{"status":false,"message":"Conflict"}`))
			d.records = func() string { return "[" + d.fullRecord(c.change...) + "]" }
			got := d.settler.Create(t.Context(), full(), settle.Same)
			if said := settle.Describe(got.Differences); said != c.says {
				t.Errorf("differences: %s\nwant: %s", said, c.says)
			}
			if d.count("POST") != 2 {
				t.Errorf("sent %d times", d.count("POST"))
			}
			if c.ours {
				if got.Outcome != settle.Created || !got.Confirmed || got.Err != nil || got.Record.ID != "inv_1" {
					t.Errorf("outcome %s, confirmed %t: %v", got.Outcome, got.Confirmed, got.Err)
				}
				return
			}
			unknown(t, got.Err, "a record exists, but "+c.says)
			if got.Outcome != settle.Unknown || failure.HintOf(got.Err) != "check with `stockctl inventory get p/s@w` before you send it again" {
				t.Errorf("outcome %s, hint %s", got.Outcome, failure.HintOf(got.Err))
			}
		})
	}
}

// Only the record of the requested SKU settles a create, not that of another SKU of
// the product, even if all other fields match.
func TestALostCreateIsSettledByItsSKU(t *testing.T) {
	d := openDesk(t)
	d.write = lost
	other := d.fullRecord(`"inv_1"`, `"inv_2"`, `"skuId":"s"`, `"skuId":"t"`)
	elsewhere := d.fullRecord(`"inv_1"`, `"inv_3"`, `"warehouseId":"w"`, `"warehouseId":"v"`)
	d.records = func() string { return "[" + other + "," + elsewhere + "]" }
	got := d.settler.Create(t.Context(), full(), settle.Same)
	unknown(t, got.Err, "so it is not known whether the change was made")
	if got.Record != nil || d.count("POST") != 3 {
		t.Errorf("record %+v after %d sends", got.Record, d.count("POST"))
	}
	d.records = func() string { return "[" + other + "," + elsewhere + "," + d.fullRecord() + "]" }
	got = d.settler.Create(t.Context(), full(), settle.Same)
	if got.Err != nil || !got.Confirmed || got.Record.ID != "inv_1" {
		t.Errorf("%+v: %v", got.Record, got.Err)
	}
	if d.count("GET /v1/inventory/product/p/sku/s") != 2 {
		t.Errorf("asked %v", d.asked)
	}

	// For a product without SKUs, the record of a SKU is another record.
	simple := full()
	simple.SKUID = ""
	got = d.settler.Create(t.Context(), simple, settle.Same)
	if got.Outcome != settle.Unknown || got.Record != nil {
		t.Errorf("outcome %s, record %+v", got.Outcome, got.Record)
	}
}

// 0 is a value and is compared; fields that were not sent or not returned are not.
func TestComparisonDistinguishesZeroFromMissing(t *testing.T) {
	figures := []*int64{nil, ptr(int64(0)), ptr(int64(5))}
	differ := func(asked, found *int64) bool { return asked != nil && found != nil && *asked != *found }
	for _, asked := range figures {
		for _, found := range figures {
			got := settle.Compare(
				api.CreateRecord{InitialQty: asked, ReorderLevel: asked, ReorderQty: asked},
				api.Record{OnHandQty: found, ReorderLevel: found, ReorderQty: found},
			)
			var want []string
			if differ(asked, found) {
				want = []string{"onHandQty", "reorderLevel", "reorderQty"}
			}
			var fields []string
			for _, d := range got {
				fields = append(fields, d.Field)
				if d.Asked != fmt.Sprint(*asked) || d.Found != fmt.Sprint(*found) {
					t.Errorf("got %+v, want %d asked and %d found", d, *asked, *found)
				}
			}
			if !slices.Equal(fields, want) {
				t.Errorf("asked %v, found %v: %v differ, want %v", asked, found, fields, want)
			}
		}
	}
}

// Texts must match exactly; blank ones were not requested and are not compared.
func TestComparisonOfTexts(t *testing.T) {
	for name, c := range map[string]struct {
		asked api.CreateRecord
		found api.Record
		says  string
	}{
		"another product":        {api.CreateRecord{ProductID: "p"}, api.Record{ProductID: "q"}, `productId is "q", not "p"`},
		"another SKU":            {api.CreateRecord{SKUID: "s"}, api.Record{SKUID: "t"}, `skuId is "t", not "s"`},
		"another warehouse":      {api.CreateRecord{WarehouseID: "w"}, api.Record{WarehouseID: "v"}, `warehouseId is "v", not "w"`},
		"ids left out":           {api.CreateRecord{ProductID: "p", SKUID: "s", WarehouseID: "w"}, api.Record{}, ""},
		"nothing asked":          {api.CreateRecord{}, api.Record{ProductID: "q", SKUID: "t", WarehouseID: "v", Location: ptr("A"), VariantAttributes: map[string]string{"a": "b"}}, ""},
		"location, another case": {api.CreateRecord{Location: "b-1"}, api.Record{Location: ptr("B-1")}, `location is "B-1", not "b-1"`},
		"no attributes asked":    {api.CreateRecord{VariantAttributes: map[string]string{}}, api.Record{VariantAttributes: map[string]string{"a": "b"}}, ""},
	} {
		if got := settle.Describe(settle.Compare(c.asked, c.found)); got != c.says {
			t.Errorf("%s: %s, want %s", name, got, c.says)
		}
	}
}

// A success with another key is not trusted, however new the record is. A new record
// with another text is.
func TestASuccessThatShowsAnotherRecordIsNotTrusted(t *testing.T) {
	for name, c := range map[string]struct {
		change []string
		status int
		ours   bool
	}{
		"as asked":              {nil, 201, true},
		"another product":       {[]string{`"productId":"p"`, `"productId":"q"`}, 201, false},
		"another SKU":           {[]string{`"skuId":"s"`, `"skuId":"t"`}, 201, false},
		"another warehouse":     {[]string{`"warehouseId":"w"`, `"warehouseId":"v"`}, 201, false},
		"another SKU, found":    {[]string{`"skuId":"s"`, `"skuId":"t"`}, 200, false},
		"the location is clean": {[]string{`B-02-1`, `b-02-1`}, 201, true},
	} {
		d := openDesk(t)
		d.write = says(c.status, `{"status":true,"data":`+d.fullRecord(c.change...)+`}`)
		got := d.settler.Create(t.Context(), full(), settle.Fail)
		if c.ours && (got.Outcome != settle.Created || got.Err != nil) {
			t.Errorf("%s: outcome %s, %v", name, got.Outcome, got.Err)
		}
		if !c.ours {
			unknown(t, got.Err, "the API's response shows ")
		}
	}
}

// The creation time of a record is compared with the first send by the server's
// clock, which counts whole seconds, so within two seconds the order is unknown. If
// the stock differs, an older record is not ours, a newer one is ours and has had
// sales, and otherwise the outcome is unknown.
func TestClockTolerance(t *testing.T) {
	const zones = 14 * time.Hour
	for name, c := range map[string]struct {
		born  time.Duration // after our first send
		naive bool
		want  settle.Outcome
	}{
		"long before":                         {-time.Hour, false, settle.Already},
		"just more than two seconds before":   {-2*time.Second - time.Millisecond, false, settle.Already},
		"two seconds before":                  {-2 * time.Second, false, settle.Unknown},
		"just before":                         {-time.Millisecond, false, settle.Unknown},
		"at the same time":                    {0, false, settle.Created},
		"after":                               {time.Second, false, settle.Created},
		"no zone, older in every zone":        {-zones - 2*time.Second - time.Millisecond, true, settle.Already},
		"no zone, older but in the last zone": {-zones - 2*time.Second, true, settle.Unknown},
		"no zone, the same time":              {0, true, settle.Unknown},
		"no zone, after":                      {zones + time.Hour, true, settle.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.naive = c.naive
			d.write = inTurn(lost, says(422, `{"status":false,"message":"no"}`))
			record := d.fullRecord(d.at(0), d.at(c.born), `"onHandQty":50`, `"onHandQty":47`)
			d.records = func() string { return "[" + record + "]" }
			got := d.settler.Create(t.Context(), full(), settle.Skip)
			if got.Outcome != c.want || got.Confirmed != (c.want == settle.Created) || (got.Err != nil) != (c.want == settle.Unknown) {
				t.Errorf("outcome %s, confirmed %t, %v; want %s", got.Outcome, got.Confirmed, got.Err, c.want)
			}
		})
	}
}

// The age of a record without a creation time is unknown, so it is ours only if it
// equals the request.
func TestARecordWithoutADate(t *testing.T) {
	for _, date := range []string{"null", `""`} {
		for stock, want := range map[string]settle.Outcome{"50": settle.Created, "47": settle.Unknown} {
			d := openDesk(t)
			d.write = inTurn(lost, says(422, `{"status":false,"message":"no"}`))
			record := d.fullRecord(`"`+d.at(0)+`"`, date, `"onHandQty":50`, `"onHandQty":`+stock)
			d.records = func() string { return "[" + record + "]" }
			if got := d.settler.Create(t.Context(), full(), settle.Skip); got.Outcome != want {
				t.Errorf("date %s, on hand %s: outcome %s, want %s", date, stock, got.Outcome, want)
			}
		}
	}
}
