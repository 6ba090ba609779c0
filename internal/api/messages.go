package api

import "strings"

// Reason is what a refusal means, as far as the API's message or code tells.
// Nothing outside this file looks at those texts.
type Reason string

// The reasons that callers act upon.
const (
	ReasonNone               Reason = ""
	ReasonDuplicate          Reason = "duplicate"            // the record is already in the warehouse
	ReasonWarehouseNotFound  Reason = "warehouse_not_found"  // no warehouse of that id
	ReasonWarehouseCodeTaken Reason = "warehouse_code_taken" // another warehouse has the code
	ReasonNegativeStock      Reason = "negative_stock"       // the adjustment takes more than is on hand
	ReasonNotEnoughAvailable Reason = "not_enough_available" // the reservation takes more than is available
	ReasonUnauthenticated    Reason = "unauthenticated"      // no token, or one that is not accepted
	ReasonBadCredentials     Reason = "bad_credentials"      // wrong email or password
	ReasonNoRoute            Reason = "no_route"             // the API knows no such path
	ReasonInvalidAction      Reason = "invalid_action"       // the API knows no such action of a movement
)

// messageTable holds the known messages, lower case. Every part must be in the
// message.
func messageTable() []struct {
	parts  []string
	reason Reason
} {
	return []struct {
		parts  []string
		reason Reason
	}{
		{[]string{"inventory record", "already exists"}, ReasonDuplicate},
		{[]string{"warehouse with code", "already exists"}, ReasonWarehouseCodeTaken},
		{[]string{"warehouse not found"}, ReasonWarehouseNotFound},
		{[]string{"would result in negative stock"}, ReasonNegativeStock},
		{[]string{"insufficient", "stock"}, ReasonNegativeStock},
		{[]string{"not enough", "stock"}, ReasonNegativeStock},
		{[]string{"cannot reserve", "available"}, ReasonNotEnoughAvailable},
		{[]string{"full authentication is required"}, ReasonUnauthenticated},
		{[]string{"bad credentials"}, ReasonBadCredentials},
		{[]string{"no static resource"}, ReasonNoRoute},
		{[]string{"action must be one of"}, ReasonInvalidAction},
		{[]string{"transferred_out"}, ReasonInvalidAction},
		{[]string{"transferred_in"}, ReasonInvalidAction},
	}
}

// saysOnlyNotFound tells of what servers say that know nothing of the API: that
// there is nothing, but not what.
func saysOnlyNotFound(message string) bool {
	switch strings.Trim(strings.ToLower(message), ". ") {
	case "", "not found", "404 not found", "404 page not found", "page not found":
		return true
	}
	return false
}

// reasonOf tells what the API's own message, or else its code, means.
func reasonOf(code, message string) Reason {
	low := strings.ToLower(message)
next:
	for _, known := range messageTable() {
		for _, part := range known.parts {
			if !strings.Contains(low, part) {
				continue next
			}
		}
		return known.reason
	}
	if strings.EqualFold(code, "unauthenticated") {
		return ReasonUnauthenticated
	}
	return ReasonNone
}
