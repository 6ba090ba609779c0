package settle

import (
	"fmt"
	"slices"

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
