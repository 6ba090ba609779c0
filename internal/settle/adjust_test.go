package settle_test

import (
	"fmt"
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

func TestAdjustSettlesALostResponse(t *testing.T) {
	for name, test := range map[string]struct {
		faults []fault
		kind   failure.Kind // "" for done
		onHand int64
	}{
		"answered":            {nil, "", 47},
		"cut after the work":  {[]fault{cutAfter}, "", 47},
		"502 after the work":  {[]fault{status(502, "<html>", true)}, "", 47},
		"cut before the work": {[]fault{cutBefore}, failure.Unavailable, 50},
		"500 before the work": {[]fault{status(500, "", false)}, failure.Unavailable, 50},
		"refused":             {[]fault{status(400, `{"status":false,"message":"Adjustment would result in negative stock. Current on-hand: 3, requested change: -5."}`, false)}, failure.Refused, 50},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			made := s.settler.Create(t.Context(), request(), settle.Fail)
			if made.Err != nil {
				t.Fatal(made.Err)
			}
			s.onWrites(test.faults...)
			got := s.settler.Adjust(t.Context(), made.Record.ID, api.Adjustment{Qty: -3, Action: "DAMAGED", Reference: "PO-1", Notes: "wet"})
			if test.kind == "" && got.Err != nil || test.kind != "" && failure.KindOf(got.Err) != test.kind {
				t.Errorf("kind %q, error %v; want %q", failure.KindOf(got.Err), got.Err, test.kind)
			}
			if s.sent.Load() != 1 {
				t.Errorf("a stock movement was sent %d times", s.sent.Load())
			}
			if now := s.records(); *now[0].OnHandQty != test.onHand {
				t.Errorf("on hand is %d, want %d", *now[0].OnHandQty, test.onHand)
			}
		})
	}
}

// Adjust must wait until the request can no longer arrive before it reports the
// movement as not applied.
func TestAdjustWaitsBeforeItReportsNotApplied(t *testing.T) {
	s := newShop(t)
	made := s.settler.Create(t.Context(), request(), settle.Fail)
	s.onWrites(cutBefore)
	s.settler.Adjust(t.Context(), made.Record.ID, api.Adjustment{Qty: -3, Action: "SOLD"})
	var longest time.Duration
	for _, d := range s.waited {
		longest = max(longest, d)
	}
	if longest.Round(time.Second) < s.client.Timeout() {
		t.Errorf("waited %v, want one request timeout (%v)", longest, s.client.Timeout())
	}
}

func TestAdjustWithAnUnreadableLogIsUnknown(t *testing.T) {
	s := newShop(t)
	made := s.settler.Create(t.Context(), request(), settle.Fail)
	s.onWrites(cutAfter)
	inner := s.handler
	s.answer(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/logs") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		inner(w, r)
	})
	got := s.settler.Adjust(t.Context(), made.Record.ID, api.Adjustment{Qty: -3, Action: "SOLD"})
	if failure.KindOf(got.Err) != failure.OutcomeUnknown {
		t.Fatalf("kind %s, want outcome_unknown: %v", failure.KindOf(got.Err), got.Err)
	}
	if want := "look for its token with `stockctl inventory logs --reference " + got.Token + "` before you send it again"; failure.HintOf(got.Err) != want {
		t.Errorf("hint %q, want %q", failure.HintOf(got.Err), want)
	}
}

// If the log omits the field with the token, a missing token proves nothing.
func TestAdjustWithALogWithoutTokens(t *testing.T) {
	for name, test := range map[string]struct {
		reference string
		fault     fault
		kind      failure.Kind
	}{
		"reference left out, applied":     {"", cutAfter, failure.OutcomeUnknown},
		"notes left out, applied":         {"PO-1", cutAfter, failure.OutcomeUnknown},
		"reference left out, not applied": {"", cutBefore, failure.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			made := s.settler.Create(t.Context(), request(), settle.Fail)
			s.onWrites(test.fault)
			inner := s.handler
			token := regexp.MustCompile(`"(reference|notes)":"\[?sc1-[^"]*"`)
			s.answer(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/logs") {
					inner(w, r)
					return
				}
				log := httptest.NewRecorder()
				inner(log, r)
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write(token.ReplaceAll(log.Body.Bytes(), []byte(`"$1":null`)))
			})
			got := s.settler.Adjust(t.Context(), made.Record.ID, api.Adjustment{Qty: -3, Action: "SOLD", Reference: test.reference})
			if failure.KindOf(got.Err) != test.kind {
				t.Errorf("kind %s, want %s: %v", failure.KindOf(got.Err), test.kind, got.Err)
			}
		})
	}
}

// If the log always returns its newest page, a missing token proves nothing.
func TestAdjustWithALogOfOnePage(t *testing.T) {
	s := newShop(t)
	made := s.settler.Create(t.Context(), request(), settle.Fail)
	s.onWrites(cutAfter)
	inner := s.handler
	s.answer(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/logs") {
			inner(w, r)
			return
		}
		var rows []string
		for i := range 50 {
			rows = append(rows, fmt.Sprintf(`{"id":"log_%d","inventoryId":"inv_other","action":"SOLD","qty":-1,"createdAt":%q}`, i, noon().Format(time.RFC3339)))
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("[" + strings.Join(rows, ",") + "]"))
	})
	got := s.settler.Adjust(t.Context(), made.Record.ID, api.Adjustment{Qty: -3, Action: "SOLD"})
	if failure.KindOf(got.Err) != failure.OutcomeUnknown {
		t.Errorf("kind %s, want outcome_unknown: %v", failure.KindOf(got.Err), got.Err)
	}
}
