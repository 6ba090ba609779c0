package output_test

import (
	number "encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/output"
)

type bin struct {
	code  string
	qty   *int64
	price number.Number
}

func TestOrder(t *testing.T) {
	two, ten := int64(2), int64(10)
	bins := []bin{{"b-1", &ten, "10.5"}, {"", nil, ""}, {"A-1", &two, "9"}, {"c-1", nil, "11"}}
	v := output.View[bin]{Columns: []output.Column[bin]{
		{Name: "code", Value: func(b bin) any { return b.code }},
		{Name: "price", Value: func(b bin) any { return b.price }},
		{Name: "onHandQty", Value: func(b bin) any { return b.qty }},
	}}
	for field, want := range map[string]string{
		"code": "A-1 b-1 c-1 ", "-code": "c-1 b-1 A-1 ", "onhandqty": "A-1 b-1  c-1", "-onHandQty": "b-1 A-1  c-1",
		"price": "A-1 b-1 c-1 ", "-price": "c-1 b-1 A-1 ",
	} {
		order, err := output.Order(v, field)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range slices.SortedStableFunc(slices.Values(bins), order) {
			got = append(got, b.code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", field, got, want)
		}
	}
	if _, err := output.Order(v, "colour"); err == nil || err.Error() != `unknown field "colour"` {
		t.Errorf("got %v", err)
	}
}
