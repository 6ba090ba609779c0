package importer_test

import (
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

// A row of a wide file has one line in the rejects for each refused cell, with blanks for
// its other warehouses. After the line is fixed, only that cell is sent.
func TestRejectsOfAWideFile(t *testing.T) {
	s := openShop(t, sandbox.Options{}, nil).stocked() // prod_0003@ABJ-01 has 3, prod_0004@ABJ-01 has 4
	wide := []columns.Rule{{Header: "Lagos", Field: "initialQty@LGS-01"}, {Header: "Abuja", Field: "initialQty@ABJ-01"}}
	o := options(s.File("wide.csv", "productId,Lagos,Abuja,location\nprod_0003,30,31,A-1\nprod_0004,40,x,A-2\nprod_0099,-1,1.5,A-3\n"), stock.Create)
	o.Map, o.SkipInvalid = wide, true
	sum, err := s.Run(o)
	if failure.KindOf(err) != failure.Partial || sum.Counts.Applied != 2 || sum.Counts.Conflict != 1 || sum.Counts.Invalid != 3 {
		t.Fatalf("%v, %+v", err, sum)
	}
	rejects := read(t, sum.Rejects)
	for _, line := range []string{
		"_line,_n,_state,_code,_error,_raw,productId,Lagos,Abuja,location",
		",prod_0003,,31,A-1", ",prod_0004,,x,A-2", ",prod_0099,-1,,A-3", ",prod_0099,,1.5,A-3",
	} {
		if n := countLines(rejects, line); n != 1 {
			t.Errorf("%d lines end with %s in\n%s", n, line, rejects)
		}
	}
	if n := countLines(rejects, ""); n != 5 {
		t.Errorf("%d lines in\n%s", n, rejects)
	}
	fixed := s.File("fixed.csv", "_line,productId,Lagos,Abuja,location\n4,prod_0099,9,,A-3\n4,prod_0099,,8,A-3\n")
	o = options(fixed, stock.Create)
	o.Map, o.Blank = wide, columns.BlankSkip
	sum, err = s.Run(o)
	must(t, err)
	if now := s.Stock(); sum.Counts.Applied != 2 || now["prod_0099@wh_abc123"] != 9 || now["prod_0099@wh_def456"] != 8 || now["prod_0003@wh_abc123"] != 30 {
		t.Errorf("got %+v and the stock %v, want 2 rows applied", sum, now)
	}
}

// countLines counts the lines of text that end with end.
func countLines(text, end string) (n int) {
	for line := range strings.Lines(text) {
		if strings.HasSuffix(strings.TrimSpace(line), end) {
			n++
		}
	}
	return n
}
