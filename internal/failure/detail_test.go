package failure_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/failure"
)

// A program finds the place of a mistake without reading the message.
func TestDetailsOf(t *testing.T) {
	list := &failure.Problems{Source: "it", List: []failure.Problem{
		{Where: "C:/stock.csv:3:7", Field: "qty", Value: "x", What: "must be a number"},
		{Where: "stock.csv:4", What: "is torn", Code: "torn_row"},
		{Where: "--qty", Value: "0", What: "must not be 0"},
		{Where: "stock.csv", What: "has no header"},
		{What: "is wrong"},
	}}
	want := []failure.Detail{
		{File: "C:/stock.csv", Line: 3, Column: 7, Field: "qty", Value: "x", Code: "invalid", Message: "must be a number"},
		{File: "stock.csv", Line: 4, Code: "torn_row", Message: "is torn"},
		{Flag: "--qty", Value: "0", Code: "invalid", Message: "must not be 0"},
		{File: "stock.csv", Code: "invalid", Message: "has no header"},
		{Code: "invalid", Message: "is wrong"},
	}
	if diff := cmp.Diff(want, failure.DetailsOf(fmt.Errorf("checking: %w", list.Err()))); diff != "" {
		t.Error(diff)
	}
	if got := failure.DetailsOf(failure.Usagef("wrong")); got != nil {
		t.Errorf("an error that lists nothing has %v", got)
	}
}
