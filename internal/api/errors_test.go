package api_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

const (
	duplicateText = "An inventory record for this product already exists in the specified warehouse."
	shape2        = `{"error":"unauthenticated","message":"Sign in first.","status":false,"statusCode":401}`
	shape3        = `{"type":"about:blank","title":"Bad Request","status":400,"detail":"Bad credentials","instance":"/v1/auth/login","description":"Wrong"}`
	shape4        = `{"status":false,"code":"LIMIT_REACHED","message":"No more warehouses."}`
)

func refusal(message string) string { return `{"status":false,"message":"` + message + `"}` }

// TestRefusals responds to a write and a read with every shape of refusal, under every status
// that it may have.
func TestRefusals(t *testing.T) {
	anyOf := []int{200, 400, 404, 409, 422}
	for _, tc := range []struct {
		statuses []int
		body     string
		reason   api.Reason
		kind     failure.Kind
		text     string // with STATUS for the status
	}{
		{
			statuses: anyOf, body: refusal(duplicateText), reason: api.ReasonDuplicate, kind: failure.AlreadyExists,
			text: `the record already exists: the API says "An inventory record for this product already exists in the specified warehouse" (STATUS)`,
		},
		{
			statuses: anyOf, body: refusal("Adjustment would result in negative stock. Current on-hand: 3, requested change: -5."),
			reason: api.ReasonNegativeStock, kind: failure.Refused,
			text: `not enough stock on hand: the API says "Adjustment would result in negative stock. Current on-hand: 3, requested change: -5" (STATUS)`,
		},
		{
			statuses: anyOf, body: refusal("Insufficient stock in LGS-01."), reason: api.ReasonNegativeStock, kind: failure.Refused,
			text: `not enough stock on hand: the API says "Insufficient stock in LGS-01" (STATUS)`,
		},
		{
			statuses: anyOf, body: refusal("action must be one of RECEIVED, SOLD."), reason: api.ReasonInvalidAction, kind: failure.Refused,
			text: `the API does not accept the action: "action must be one of RECEIVED, SOLD" (STATUS)`,
		},
		{
			statuses: anyOf, body: refusal("No enum constant TRANSFERRED_OUT"), reason: api.ReasonInvalidAction, kind: failure.Refused,
			text: `the API does not accept the action: "No enum constant TRANSFERRED_OUT" (STATUS)`,
		},
		{
			statuses: anyOf, body: refusal("Cannot reserve 5 units. Only 3 units are currently available."),
			reason: api.ReasonNotEnoughAvailable, kind: failure.Refused,
			text: `not enough stock available: the API says "Cannot reserve 5 units. Only 3 units are currently available" (STATUS)`,
		},
		{
			statuses: anyOf, body: refusal("A warehouse with code 'LGS-01' already exists for this store."),
			reason: api.ReasonWarehouseCodeTaken, kind: failure.AlreadyExists,
			text: `the warehouse code is taken: the API says "A warehouse with code 'LGS-01' already exists for this store" (STATUS)`,
		},
		{
			statuses: anyOf, body: refusal("Warehouse not found."), reason: api.ReasonWarehouseNotFound, kind: failure.NotFound,
			text: `no such warehouse: the API says "Warehouse not found" (STATUS)`,
		},
		{statuses: anyOf, body: refusal("No static resource v1/inventori."), reason: api.ReasonNoRoute, kind: failure.Config, text: ``},
		{
			statuses: anyOf, body: shape2, reason: api.ReasonUnauthenticated, kind: failure.Auth,
			text: `not signed in: the API says "Sign in first" (STATUS unauthenticated)`,
		},
		{
			statuses: anyOf, body: shape3, reason: api.ReasonBadCredentials, kind: failure.Auth,
			text: `wrong email or password: the API says "Bad credentials" (STATUS)`,
		},
		{
			statuses: []int{200, 400, 409, 422}, body: shape4, reason: api.ReasonNone, kind: failure.Refused,
			text: `the API refused the request: "No more warehouses" (STATUS LIMIT_REACHED)`,
		},
		{
			statuses: []int{404}, body: shape4, reason: api.ReasonNone, kind: failure.NotFound,
			text: `not found: the API says "No more warehouses" (STATUS LIMIT_REACHED)`,
		},
		{
			statuses: []int{400, 401, 403, 404, 405, 409, 418, 422}, body: refusal("Full authentication is required to access this resource"),
			reason: api.ReasonUnauthenticated, kind: failure.Auth,
			text: `not signed in: the API says "Full authentication is required to access this resource" (STATUS)`,
		},
		{statuses: []int{401}, body: refusal(duplicateText), reason: api.ReasonDuplicate, kind: failure.Auth, text: ``},
		{statuses: []int{401}, body: ``, reason: api.ReasonNone, kind: failure.Auth, text: `the API did not accept the token or the key (STATUS)`},
		{statuses: []int{403}, body: refusal(duplicateText), reason: api.ReasonDuplicate, kind: failure.Permission, text: ``},
		{
			statuses: []int{403}, body: refusal("Missing can_manage_inventory"), reason: api.ReasonNone, kind: failure.Permission,
			text: `permission denied: the API says "Missing can_manage_inventory" (STATUS)`,
		},
		{statuses: []int{405, 410, 415}, body: ``, reason: api.ReasonNone, kind: failure.Refused, text: `the API refused the request (STATUS)`},
		{statuses: []int{429}, body: refusal(duplicateText), reason: api.ReasonDuplicate, kind: failure.Unavailable, text: ``},
		{
			statuses: []int{200, 400}, body: `{"status":404,"title":"Not Found"}`, reason: api.ReasonNone, kind: failure.NotFound,
			text: `the API says "Not Found" (STATUS)`,
		},
		{
			statuses: []int{200, 422}, body: `{"status":false,"statusCode":403,"error":"Forbidden access","path":"/x"}`,
			reason: api.ReasonNone, kind: failure.Permission, text: `permission denied: the API says "Forbidden access" (STATUS)`,
		},
		{
			statuses: []int{400}, body: `{"status":false,"message":{"qty":["too low"]}}`, reason: api.ReasonNone, kind: failure.Refused,
			text: `the API refused the request: "{\"qty\":[\"too low\"]}" (STATUS)`,
		},
	} {
		for _, status := range tc.statuses {
			s := openShop(t, says(status, tc.body))
			c := s.client(t)
			_, write := c.CreateRecord(t.Context(), aRecord())
			_, read := c.LowStock(t.Context())
			for _, err := range []error{write, read} {
				e := fault(t, err)
				same(t, "status", e.Status, status)
				same(t, "reason", e.Reason, tc.reason)
				same(t, "in doubt", e.InDoubt, false)
				isKind(t, err, tc.kind)
				want := strings.ReplaceAll(tc.text, "STATUS", itoa(status))
				if tc.text != "" && err.Error() != want {
					t.Errorf("got  %s\nwant %s", err, want)
				}
			}
		}
	}
	_, err := openShop(t, says(404, refusal("No static resource v1/inventory."))).client(t).CreateRecord(t.Context(), aRecord())
	same(t, "no route", err.Error(), `the API has no POST /v1/inventory, so the base URL may be wrong: the API says "No static resource v1/inventory" (404)`)
}

func itoa(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

func TestServerErrors(t *testing.T) {
	for _, status := range []int{408, 500, 502, 503, 504} {
		for body, tail := range map[string]string{
			"":                     "",
			refusal("Oops."):       `: "Oops"`,
			refusal(duplicateText): `: "` + strings.TrimRight(duplicateText, ".") + `"`,
			"<html><head><title>502 Bad\nGateway</title>": `: "an HTML page titled \"502 Bad Gateway\""`,
			"upstream\x1b[2J gone\u202e":                  `: "upstream [2J gone"`,
		} {
			s := openShop(t, says(status, body))
			_, err := s.client(t).CreateRecord(t.Context(), aRecord())
			isKind(t, err, failure.OutcomeUnknown)
			same(t, "in doubt", fault(t, err).InDoubt, true)
			same(t, "sent", len(s.requests()), 1)

			_, err = s.client(t).LowStock(t.Context())
			isKind(t, err, failure.Unavailable)
			same(t, "retryable", fault(t, err).Retryable(), true)
			same(t, "sent", len(s.requests()), 1+3)
			if fault(t, err).Reason != api.ReasonDuplicate {
				same(t, "error", err.Error(), "the API failed"+tail+" ("+itoa(status)+")")
			}
		}
	}
	_, err := openShop(t, says(503, "")).client(t).CreateRecord(t.Context(), aRecord())
	same(t, "error", err.Error(), "the API failed, so it is not known whether the change was made (503)")

	for _, body := range []string{`{"status":500,"title":"Oops"}`, `{"statusCode":503,"status":false}`} {
		s := openShop(t, says(200, body))
		_, err := s.client(t).CreateRecord(t.Context(), aRecord())
		isKind(t, err, failure.OutcomeUnknown)
		_, err = s.client(t).LowStock(t.Context())
		isKind(t, err, failure.Unavailable)
		same(t, "sent", len(s.requests()), 1+3)
	}
}

func TestResponsesThatAreNotTheAPIs(t *testing.T) {
	html := "<!DOCTYPE html><title>Wi-Fi &amp; more</title>"
	for _, tc := range []struct {
		status      int
		body, text  string
		read, write failure.Kind
		sent        int
	}{
		{
			status: 200, body: html, text: `the API's response is an HTML page titled "Wi-Fi & more" (200)`, read: failure.Unavailable,
			write: failure.OutcomeUnknown, sent: 3,
		},
		{status: 200, body: "<html>", text: "the API's response is an HTML page (200)", read: failure.Unavailable, write: failure.OutcomeUnknown, sent: 3},
		{status: 200, text: "the API's response is empty (200)", read: failure.Unavailable, write: failure.OutcomeUnknown, sent: 3},
		{status: 204, text: "the API's response is empty (204)", read: failure.Unavailable, write: failure.OutcomeUnknown, sent: 3},
		{
			status: 200, body: `{"status":true,"data":[{"id"`, text: "the API's response is not JSON, or was cut off (200)",
			read: failure.Unavailable, write: failure.OutcomeUnknown, sent: 3,
		},
		{
			status: 200, body: `{"status":true,"data":[]} x`, text: "the API's response is not JSON, or was cut off (200)",
			read: failure.Unavailable, write: failure.OutcomeUnknown, sent: 3,
		},
		{
			status: 200, body: `"fine"`, text: "the API's response is neither an object nor a list (200)", read: failure.Unexpected,
			write: failure.OutcomeUnknown, sent: 1,
		},
		{
			status: 404, body: html,
			text: `received a web page instead of the API's response: the API says "an HTML page titled \"Wi-Fi & more\"" (404)`,
			read: failure.Unavailable, write: failure.NotFound, sent: 3,
		},
		{
			status: 403, body: html, text: `a proxy or a firewall refused, not the API: it sent an HTML page titled "Wi-Fi & more" (403)`,
			read: failure.Permission, write: failure.Permission, sent: 1,
		},
		{
			status: 404, text: `not found, and the response does not say what, so the base URL may be wrong (404)`, read: failure.NotFound,
			write: failure.NotFound, sent: 1,
		},
		{
			status: 404, body: `{"message":"Not Found"}`,
			text: `not found, and the response does not say what, so the base URL may be wrong: the API says "Not Found" (404)`,
			read: failure.NotFound, write: failure.NotFound, sent: 1,
		},
		{
			status: 404, body: "404 page not found\n",
			text: `not found, and the response does not say what, so the base URL may be wrong: the API says "404 page not found" (404)`,
			read: failure.NotFound, write: failure.NotFound, sent: 1,
		},
		{
			status: 404, body: `{"timestamp":"2026-11-23T08:00:00Z","status":404,"error":"Not Found","path":"/v2/inventory"}`,
			text: `not found, and the response does not say what, so the base URL may be wrong: the API says "Not Found" (404)`,
			read: failure.NotFound, write: failure.NotFound, sent: 1,
		},
		{
			status: 404, body: `{"status":false,"message":"Inventory record not found."}`,
			text: `the API says "Inventory record not found" (404)`, read: failure.NotFound, write: failure.NotFound, sent: 1,
		},
	} {
		s := openShop(t, says(tc.status, tc.body))
		_, err := s.client(t).LowStock(t.Context())
		same(t, "error", err.Error(), tc.text)
		isKind(t, err, tc.read)
		same(t, "sent: "+tc.body, len(s.requests()), tc.sent)
		_, err = s.client(t).CreateRecord(t.Context(), aRecord())
		isKind(t, err, tc.write)
		same(t, "sent", len(s.requests()), tc.sent+1)
	}
	_, err := openShop(t, says(401, html)).client(t).LowStock(t.Context())
	same(t, "error", err.Error(), `a proxy or a firewall refused, not the API: it sent an HTML page titled "Wi-Fi & more" (401)`)
	isKind(t, err, failure.Auth)
	records, err := openShop(t, says(200, "\xef\xbb\xbf [ ] \n")).client(t).LowStock(t.Context())
	if err != nil || len(records) != 0 {
		t.Errorf("a byte order mark is rejected: %v", err)
	}
}

func TestMessagesAreCleanAndBounded(t *testing.T) {
	long := strings.Repeat("é", 5000)
	_, err := openShop(t, says(400, refusal(`a\u0000b\u001b[31m\r\nc\u202ed\u2066 \u2028e\u200b `+long))).client(t).LowStock(t.Context())
	got := fault(t, err).Message
	if !strings.HasPrefix(got, "a b [31m cd e é") || len([]rune(got)) != 300 || !strings.HasSuffix(got, "é…") {
		t.Errorf("%d runes: %q", len([]rune(got)), got)
	}
}

func TestErrorsMadeByOthers(t *testing.T) {
	for _, tc := range []struct {
		err  api.Error
		kind failure.Kind
	}{
		{api.Error{Status: 409, Reason: api.ReasonDuplicate}, failure.AlreadyExists},
		{api.Error{Status: 500, InDoubt: true}, failure.OutcomeUnknown},
		{api.Error{Status: 500}, failure.Unavailable},
		{api.Error{Err: errors.New("refused")}, failure.Unavailable},
		{api.Error{Err: context.Canceled}, failure.Interrupted},
		{api.Error{Err: context.Canceled, InDoubt: true}, failure.OutcomeUnknown},
		{api.Error{Status: 302}, failure.Config},
		{api.Error{Status: 404}, failure.NotFound},
		{api.Error{Status: 404, Reason: api.ReasonNegativeStock}, failure.Refused},
		{api.Error{Status: 200}, failure.Refused},
	} {
		same(t, tc.err.Error(), tc.err.FailureKind(), tc.kind)
	}
}
