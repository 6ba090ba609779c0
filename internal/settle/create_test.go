package settle_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// A create whose response is lost ends as created or unknown. It is never applied
// twice, and never reported as a success when it is not.
func TestCreateSettlesALostResponse(t *testing.T) {
	badGateway := "<html><title>502 Bad Gateway</title></html>"
	for name, test := range map[string]struct {
		faults    []fault
		outcome   settle.Outcome
		confirmed bool
		records   int
	}{
		"answered":                        {nil, settle.Created, false, 1},
		"cut before the work, once":       {[]fault{cutBefore}, settle.Created, false, 1},
		"cut after the work":              {[]fault{cutAfter}, settle.Created, true, 1},
		"502 after the work":              {[]fault{status(502, badGateway, true)}, settle.Created, true, 1},
		"500 before the work, once":       {[]fault{status(500, `{"status":false,"message":"x"}`, false)}, settle.Created, false, 1},
		"2xx that cannot be read":         {[]fault{status(201, badGateway, true)}, settle.Created, true, 1},
		"2xx without a record":            {[]fault{status(201, `{"status":true}`, true)}, settle.Created, true, 1},
		"cut body":                        {[]fault{cutBody}, settle.Created, true, 1},
		"cut after the work, three times": {[]fault{cutAfter, cutAfter, cutAfter}, settle.Created, true, 1},
		"cut before the work, always":     {[]fault{cutBefore, cutBefore, cutBefore}, settle.Unknown, false, 0},
		"500 for ever":                    {[]fault{status(500, "", false), status(500, "", false), status(500, "", false)}, settle.Unknown, false, 0},
		"lost, then refused otherwise":    {[]fault{cutBefore, status(422, `{"status":false,"message":"no"}`, false)}, settle.Unknown, false, 0},
		"lost after the work, then busy":  {[]fault{cutAfter, status(403, `{"status":false,"message":"no"}`, false)}, settle.Created, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.onWrites(test.faults...)
			got := s.settler.Create(t.Context(), request(), settle.Fail)
			if got.Outcome != test.outcome || got.Confirmed != test.confirmed {
				t.Errorf("outcome %s, confirmed %t (%v); want %s, %t", got.Outcome, got.Confirmed, got.Err, test.outcome, test.confirmed)
			}
			if wantErr := test.outcome != settle.Created; (got.Err != nil) != wantErr {
				t.Errorf("error %v with outcome %s", got.Err, got.Outcome)
			}
			if test.outcome == settle.Unknown && failure.KindOf(got.Err) != failure.OutcomeUnknown {
				t.Errorf("kind %s, want outcome_unknown", failure.KindOf(got.Err))
			}
			if n := len(s.records()); n != test.records {
				t.Errorf("%d records exist, want %d", n, test.records)
			}
		})
	}
}

// After a lost response, a record from before our first send is not ours even if it
// equals the request.
func TestCreateDistinguishesAnOlderRecordFromItsOwn(t *testing.T) {
	for name, policy := range map[string]settle.Policy{"fail": settle.Fail, "set": settle.Set} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			old := request()
			old.ProductID, old.WarehouseID = "prod_abc123", "wh_abc123" // seeded long before
			old.InitialQty = qty(1)
			s.onWrites(cutAfter)
			s.makeOld("wh_abc123")
			got := s.settler.Create(t.Context(), old, policy)
			if got.Outcome != settle.Already || failure.KindOf(got.Err) != failure.AlreadyExists {
				t.Fatalf("outcome %s, %v; want already and an error", got.Outcome, got.Err)
			}
			if s.sent.Load() != 2 {
				t.Errorf("%d writes were sent, want 2: no adjustment on a record in doubt", s.sent.Load())
			}
			if policy == settle.Set && !strings.Contains(got.Err.Error(), "on hand was not set") {
				t.Errorf("the error does not say that nothing was set: %v", got.Err)
			}
		})
	}
}

// makeOld makes the server return an earlier createdAt.
func (s *shop) makeOld(string) {
	inner := s.handler
	s.answer(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			inner(w, r)
			return
		}
		rec := httptest.NewRecorder()
		inner(rec, r)
		body := createdAt.ReplaceAllString(rec.Body.String(), `"createdAt":"2025-02-01T21:28:29.049Z"`)
		rec.Body.Reset()
		rec.Body.WriteString(body)
		rec.Header().Del("Content-Length")
		relay(w, rec)
	})
}

func TestPolicies(t *testing.T) {
	equal, differs := request(), request()
	differs.InitialQty = qty(60)
	elsewhere := differs
	elsewhere.Location = "Z-9"
	for name, test := range map[string]struct {
		policy  settle.Policy
		req     api.CreateRecord
		kind    failure.Kind // "" for no error
		onHand  int64
		message string
	}{
		"fail":              {settle.Fail, equal, failure.AlreadyExists, 50, "the inventory record prod_abc123@wh_def456 already exists with 50 on hand"},
		"same, equal":       {settle.Same, equal, "", 50, ""},
		"same, different":   {settle.Same, differs, failure.AlreadyExists, 50, "the inventory record prod_abc123@wh_def456 differs: onHandQty is 50, not 60"},
		"skip, different":   {settle.Skip, differs, "", 50, ""},
		"set, equal":        {settle.Set, equal, "", 50, ""},
		"set, different":    {settle.Set, differs, "", 60, ""},
		"set, and location": {settle.Set, elsewhere, "", 60, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			if first := s.settler.Create(t.Context(), request(), settle.Fail); first.Err != nil {
				t.Fatal(first.Err)
			}
			got := s.settler.Create(t.Context(), test.req, test.policy)
			if got.Outcome != settle.Already {
				t.Errorf("outcome %s, want already", got.Outcome)
			}
			switch {
			case test.kind == "" && got.Err != nil:
				t.Errorf("unexpected error: %v", got.Err)
			case test.kind != "" && (failure.KindOf(got.Err) != test.kind || got.Err.Error() != test.message):
				t.Errorf("got %s: %v\nwant %s: %s", failure.KindOf(got.Err), got.Err, test.kind, test.message)
			}
			if got.Record == nil || *got.Record.OnHandQty != test.onHand {
				t.Errorf("the record shown is %+v, want on hand %d", got.Record, test.onHand)
			}
			if now := s.records(); *now[0].OnHandQty != test.onHand {
				t.Errorf("on hand is %d, want %d", *now[0].OnHandQty, test.onHand)
			}
			if name == "set, and location" && settle.Describe(got.Differences) != `location is "B-02-1", not "Z-9"` {
				t.Errorf("the message does not name what was not set: %s", settle.Describe(got.Differences))
			}
		})
	}
}

func TestCreateIsRefusedOnce(t *testing.T) {
	s := newShop(t)
	s.onWrites()
	req := request()
	req.WarehouseID = "wh_nowhere"
	got := s.settler.Create(t.Context(), req, settle.Fail)
	if got.Outcome != settle.Refused || failure.KindOf(got.Err) != failure.NotFound {
		t.Errorf("outcome %s, %v", got.Outcome, got.Err)
	}
	if s.sent.Load() != 1 {
		t.Errorf("a clear refusal was sent %d times", s.sent.Load())
	}
}

// A duplicate is recognised whatever its status.
func TestDuplicateUnderAnyStatus(t *testing.T) {
	message := `{"status":false,"message":"An inventory record for this product already exists in the specified warehouse."}`
	for _, code := range []int{200, 400, 409, 422} {
		s := newShop(t)
		if first := s.settler.Create(t.Context(), request(), settle.Fail); first.Err != nil {
			t.Fatal(first.Err)
		}
		s.onWrites(status(code, message, false))
		got := s.settler.Create(t.Context(), request(), settle.Same)
		if got.Outcome != settle.Already || got.Err != nil {
			t.Errorf("%d: outcome %s, %v", code, got.Outcome, got.Err)
		}
	}
}

// A refusal without a readable reason is settled by the existing record, if any.
func TestRefusalThatCannotBeRead(t *testing.T) {
	for _, body := range []string{`{"status":false,"message":"An inv`, "<html>409</html>", ""} {
		for _, code := range []int{400, 409, 422} {
			s := newShop(t)
			s.onWrites(status(code, body, false))
			got := s.settler.Create(t.Context(), request(), settle.Same)
			if got.Outcome != settle.Refused || failure.KindOf(got.Err) != failure.Refused || s.sent.Load() != 1 {
				t.Errorf("%d %q: outcome %s, %v; %d writes", code, body, got.Outcome, got.Err, s.sent.Load())
			}
			if made := s.settler.Create(t.Context(), request(), settle.Fail); made.Err != nil {
				t.Fatal(made.Err)
			}
			s.sent.Store(0)
			s.onWrites(status(code, body, false))
			if got := s.settler.Create(t.Context(), request(), settle.Same); got.Outcome != settle.Already || got.Err != nil {
				t.Errorf("%d %q: outcome %s, %v", code, body, got.Outcome, got.Err)
			}
			other := request()
			other.InitialQty = qty(99)
			s.sent.Store(0)
			s.onWrites(status(code, body, false))
			if got := s.settler.Create(t.Context(), other, settle.Same); got.Outcome != settle.Already || failure.KindOf(got.Err) != failure.AlreadyExists {
				t.Errorf("%d %q: outcome %s, %v", code, body, got.Outcome, got.Err)
			}
		}
	}
}

var createdAt = regexp.MustCompile(`"createdAt":"[^"]*"`)

// A success is trusted only if it shows what was requested.
func TestCreateChecksTheResponse(t *testing.T) {
	record := func(code int, fields string) fault {
		return status(code, `{"status":true,"data":{"id":"inv_1","productId":"prod_abc123","warehouseId":"wh_def456"`+fields+`}}`, false)
	}
	old, fresh := `,"createdAt":"2025-02-01T21:28:29.049Z"`, `,"createdAt":"2999-02-01T21:28:29.049Z"`
	for name, test := range map[string]struct {
		answer  fault
		outcome settle.Outcome
	}{
		"201 as asked":                                    {record(201, `,"onHandQty":50`), settle.Created},
		"200 as asked, no date":                           {record(200, `,"onHandQty":50`), settle.Created},
		"200 as asked, but old":                           {record(200, `,"onHandQty":50`+old), settle.Already},
		"201 as asked, in a wrong zone":                   {record(201, `,"onHandQty":50`+old), settle.Created},
		"200 another quantity, no date":                   {record(200, `,"onHandQty":7`), settle.Unknown},
		"200 another quantity, made in the second before": {record(200, `,"onHandQty":7,"createdAt":"`+noon().Add(-time.Second).Format(time.RFC3339)+`"`), settle.Unknown},
		"200 another quantity, old":                       {record(200, `,"onHandQty":7`+old), settle.Already},
		"200 new, location written anew":                  {record(200, `,"onHandQty":50,"location":"b-02-1"`+fresh), settle.Created},
		"201 another product, then ours":                  {status(201, `{"status":true,"data":{"id":"inv_1","productId":"prod_x","warehouseId":"wh_def456"}}`, false), settle.Created},
		"200 local time, too near to tell":                {record(200, `,"onHandQty":50,"createdAt":"`+noon().Add(-time.Hour).Format("2006-01-02T15:04:05")+`"`), settle.Created},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.onWrites(test.answer)
			got := s.settler.Create(t.Context(), request(), settle.Fail)
			if got.Outcome != test.outcome {
				t.Errorf("outcome %s (%v), want %s", got.Outcome, got.Err, test.outcome)
			}
			if (got.Err == nil) != (test.outcome == settle.Created) {
				t.Errorf("error %v with outcome %s", got.Err, got.Outcome)
			}
		})
	}
}
