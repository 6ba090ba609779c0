package api

import "strings"

// Reason is the meaning of a refusal, as known from the API's message or code. Only
// this file examines those texts.
type Reason string

// The reasons that callers act upon.
const (
	ReasonNone               Reason = ""
	ReasonDuplicate          Reason = "duplicate"            // the record is already in the warehouse
	ReasonWarehouseNotFound  Reason = "warehouse_not_found"  // there is no warehouse with that id
	ReasonWarehouseCodeTaken Reason = "warehouse_code_taken" // another warehouse has the code
	ReasonNegativeStock      Reason = "negative_stock"       // the adjustment takes more than is on hand
	ReasonNotEnoughAvailable Reason = "not_enough_available" // the reservation takes more than is available
	ReasonUnauthenticated    Reason = "unauthenticated"      // no token, or a rejected one
	ReasonBadCredentials     Reason = "bad_credentials"      // wrong email or password
	ReasonNoRoute            Reason = "no_route"             // the API has no such path
	ReasonInvalidAction      Reason = "invalid_action"       // movements have no such action
)

// messageTable returns the known messages, in lower case. A message must contain every
// part.
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

// saysOnlyNotFound reports whether a message does not say what was not found. Servers
// without the API send such messages.
func saysOnlyNotFound(message string) bool {
	switch strings.Trim(strings.ToLower(message), ". ") {
	case "", "not found", "404 not found", "404 page not found", "page not found":
		return true
	}
	return false
}

// reasonOf returns the meaning of the API's message or, if it is unknown, of its code.
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
