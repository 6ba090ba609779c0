package settle

import (
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Policy is the value of --if-exists: what to do if the record to be created already
// exists.
type Policy string

// The four policies.
const (
	Fail Policy = "fail" // refuse
	Same Policy = "same" // accept a record that equals the request
	Skip Policy = "skip" // accept any record
	Set  Policy = "set"  // set the quantity on hand to the requested one
)

// Policies returns the policies in the order of the help texts.
func Policies() []string {
	return []string{string(Fail), string(Same), string(Skip), string(Set)}
}

// ParsePolicy parses a value of --if-exists.
func ParsePolicy(text string) (Policy, error) {
	if !slices.Contains(Policies(), text) {
		return "", failure.Usagef("--if-exists must be %s, not %q", failure.OneOf(Policies()), text)
	}
	return Policy(text), nil
}

// Existing is what a policy makes of a record that exists.
type Existing int

// What can become of an existing record.
const (
	Accepted   Existing = iota // there is nothing to do
	Exists                     // the policy accepts none
	Differs                    // it is not as requested
	ToSet                      // its quantity on hand is to be set
	Unknowable                 // its quantity on hand is to be set, but unknown
)

// Decide returns what to do about a record that already exists.
func (p Policy) Decide(asked api.CreateRecord, found api.Record) Existing {
	switch p {
	case Skip:
		return Accepted
	case Same:
		if len(Compare(asked, found)) > 0 {
			return Differs
		}
		return Accepted
	case Set:
		return toSet(asked, found)
	default:
		return Exists
	}
}

// toSet decides whether the quantity on hand is to be set.
func toSet(asked api.CreateRecord, found api.Record) Existing {
	if found.OnHandQty == nil {
		return Unknowable
	}
	if *found.OnHandQty != *asked.InitialQty {
		return ToSet
	}
	return Accepted
}

// Difference is a field of an existing record that differs from the request.
type Difference struct {
	Field string
	Asked string
	Found string
}

// String returns text such as `location is "A-1", not "B-2"`.
func (d Difference) String() string {
	return fmt.Sprintf("%s is %s, not %s", d.Field, d.Found, d.Asked)
}
