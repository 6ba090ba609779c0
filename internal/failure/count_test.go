package failure_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 records are", 1: "1 record is", 2: "2 records are"} {
		if got := failure.Count(n, "record is", "records are"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
