package settle

import (
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/internal/failure"
)

// Policy is the value of --if-exists: what to do when the record to be created
// stands already.
type Policy string

// The four policies.
const (
	Fail Policy = "fail" // refuse
	Same Policy = "same" // accept a record that equals what was asked
	Skip Policy = "skip" // accept any record
	Set  Policy = "set"  // bring on hand to the asked quantity
)

// Policies are the policies in the order of the help texts.
func Policies() []string {
	return []string{string(Fail), string(Same), string(Skip), string(Set)}
}

// ParsePolicy reads a value of --if-exists.
func ParsePolicy(text string) (Policy, error) {
	if !slices.Contains(Policies(), text) {
		return "", failure.Usagef("--if-exists must be %s, not %q", failure.OneOf(Policies()), text)
	}
	return Policy(text), nil
}

// Difference is one field in which the record that stands is not what was
// asked for.
type Difference struct {
	Field string
	Asked string
	Found string
}

// String reads `location is "A-1", not "B-2"`.
func (d Difference) String() string {
	return fmt.Sprintf("%s is %s, not %s", d.Field, d.Found, d.Asked)
}
