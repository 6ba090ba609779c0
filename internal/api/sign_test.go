package api_test

import (
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
)

func TestActionAndSignAgree(t *testing.T) {
	takes := []string{"SOLD", "DAMAGED", "TRANSFERRED_OUT"}
	adds := []string{"RECEIVED", "RETURNED", "TRANSFERRED_IN"}
	for _, test := range []struct {
		actions []string
		qty     int64
		sign    api.Sign
		want    int64  // what is sent
		wrong   string // "" for nothing
	}{
		{takes, -5, api.SignAgrees, -5, ""},
		{takes, 5, api.SignAgrees, 0, "which removes stock: write -5, or use --unsigned"},
		{takes, 5, api.SignAny, 5, ""},
		{takes, 5, api.SignAbsent, -5, ""},
		{takes, -5, api.SignAbsent, 0, "must have no sign"},
		{adds, 5, api.SignAgrees, 5, ""},
		{adds, -5, api.SignAgrees, 0, "which adds stock: write 5, or use --unsigned"},
		{adds, -5, api.SignAny, -5, ""},
		{adds, 5, api.SignAbsent, 5, ""},
		{[]string{"ADJUSTED"}, 5, api.SignAgrees, 5, ""},
		{[]string{"ADJUSTED"}, -5, api.SignAgrees, -5, ""},
		{[]string{"ADJUSTED"}, 5, api.SignAbsent, 0, "needs a sign"},
		{takes, 0, api.SignAgrees, 0, ""}, // Validate reports it
	} {
		for _, action := range test.actions {
			a := api.Adjustment{Qty: test.qty, Action: action}
			p := a.Signed(test.sign)
			switch {
			case test.wrong == "" && (p != nil || a.Qty != test.want):
				t.Errorf("%s %d %s: sends %d, %v; want %d", action, test.qty, test.sign, a.Qty, p, test.want)
			case test.wrong != "" && (p == nil || p.Field != "qty" || !strings.Contains(p.What, test.wrong)):
				t.Errorf("%s %d %s: %v, want %s", action, test.qty, test.sign, p, test.wrong)
			}
		}
	}
}
